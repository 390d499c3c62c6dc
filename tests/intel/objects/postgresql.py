"""A PostgreSQL server of the tests' own: a folder of its own, a private socket, no network."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

_DEBIAN = Path("/usr/lib/postgresql")
_SECONDS = 60


@contextmanager
def server() -> Iterator[Path]:
    """Run a server and yield the folder of its socket; skip the test where there is none."""
    pytest.importorskip("psycopg", reason="the extra 'postgresql' is not installed")
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="noroshi-postgresql-"))
    try:
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        user = None if owner is None else owner.pw_name
        data = folder / "data"
        _run(user, programs / "initdb", "-D", data, "-A", "trust", "-U", "noroshi", "-E", "UTF8",
             "--no-locale", "--no-sync")  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        control = (programs / "pg_ctl", "-D", data, "-w", "-t", _SECONDS)
        _run(user, *control, "-l", folder / "log", "-o", options, "start")
        try:
            yield folder
        finally:
            _run(user, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(folder: Path) -> str:
    """Make an empty database and return its URL."""
    name = f"test_{uuid.uuid4().hex}"
    engine = sa.create_engine(
        f"postgresql+psycopg://noroshi@/postgres?host={folder}", isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return f"postgresql://noroshi@/{name}?host={folder}"


def _programs() -> Path | None:
    """Return the folder of the server's programs, the newest version's."""
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _owner() -> pwd.struct_passwd | None:
    """Return whom the server runs as: it refuses to run as root."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root and there is no other user")


def _run(user: str | None, *command: object) -> None:
    done = subprocess.run(
        [str(part) for part in command], user=user, cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, check=False, timeout=2 * _SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, command
