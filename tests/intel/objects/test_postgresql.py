"""The same store on a real PostgreSQL server, started for these tests alone."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.intel.objects.conftest import SOURCE, made, related

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, Match, ObjectStore, Tlp

ALL = Clearance.everything()
SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
pytestmark = pytest.mark.skipif(not SERVERS, reason="PostgreSQL is not installed (make postgresql)")


def as_server(*command: str) -> None:
    """Run a command as somebody else than root, whom the server refuses."""
    who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*who, *command], check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """URL of a server on a socket of its own; it listens on no port."""
    control = str(SERVERS[-1])
    folder = Path(tempfile.mkdtemp(prefix="noroshi-pg"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = str(folder / "data")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    try:
        as_server(control, "initdb", "-D", data, "-o", "-A trust -U noroshi --locale=C.UTF-8")
        as_server(control, "-w", "-D", data, "-l", f"{data}/log", "-o", options, "start")
        yield f"postgresql://noroshi@/postgres?host={folder}"
        as_server(control, "-m", "immediate", "-D", data, "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_objects_on_postgresql(server: str) -> None:
    rake, red = made("malware", "Rake"), made("tool", "hidden", object_marking_refs=[
        "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"])  # fmt: skip
    newer = rake | {"modified": "2026-06-01T00:00:00.000Z"}
    with Knowledge(server) as knowledge:
        store = ObjectStore(knowledge)
        added = store.add([rake, red, related(rake, "uses", red)], SOURCE, "shared")
        assert (added.new, added.refused) == (3, ())
        assert store.add([rake], SOURCE).unchanged == 1
        assert store.add([newer], SOURCE, "shared").versions == 1
        assert store.get(rake["id"], Clearance()) == newer
        assert store.get(red["id"], Clearance(Tlp.AMBER)) is None
        page = store.page(ALL, collection="shared", match=Match(), limit=2)
        assert (len(page.entries), page.more) == (2, True)
        assert [item.id for item in store.neighbours(rake["id"], ALL)] == [red["id"]]
        assert store.search("RAKE", ALL) == [newer]
        store.undo(added.add)
        assert store.count() == 1
    with Knowledge(server) as knowledge:
        assert ObjectStore(knowledge).count() == 1
