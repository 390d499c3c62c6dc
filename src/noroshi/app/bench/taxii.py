"""TAXII paging: objects that all came at one moment, by the real server, none lost or repeated.

The server is the command itself in a process of its own; its CPU time is read from the system, so
that the client's does not count. Equal ``date_added`` is what peers lose objects over; here every
entry gets a microsecond of its own, and paging by dates is measured beside paging by cursors.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from noroshi.app.made_up.stix import made_up_indicators
from noroshi.app.workspace import KNOWLEDGE_VARIABLE, Workspace
from noroshi.collect.quiet import collector_held_back
from noroshi.intel.objects import Provenance, Tlp

OBJECTS = 1_000_000
PEER_OBJECTS = 3_000
"""The peer's memory grows with the square of its objects: more would not end."""

_LIMIT = 1000
_NAME = "all"
_SECRET = "bench-bench-bench"  # noqa: S105 - of a server that lives for this measurement
_ACCEPT = "application/taxii+json;version=2.1"


@dataclass(frozen=True, slots=True)
class _Server:
    port: int
    process: int
    path: str

    def pages(self, *, by_date: bool) -> Iterator[tuple[list[str], float]]:
        """Yield the ids of each page, and the CPU-seconds that the server spent up to it."""
        secret = base64.b64encode(f"bench:{_SECRET}".encode()).decode()
        headers = {"Accept": _ACCEPT, "Authorization": f"Basic {secret}"}
        further = ""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)) as asked:
            while True:
                asked.request("GET", f"{self.path}?limit={_LIMIT}{further}", headers=headers)
                answer = asked.getresponse()
                page = orjson.loads(answer.read())
                if answer.status != 200:
                    raise AssertionError(page)
                yield [item["id"] for item in page.get("objects", ())], _cpu(self.process)
                if not page.get("more"):
                    return
                last = answer.headers["X-TAXII-Date-Added-Last"]
                further = f"&added_after={last}" if by_date else f"&next={page['next']}"


def run(objects: int = OBJECTS, peer: str = "") -> dict[str, Any]:
    """Measure.

    Args:
        objects: how many in the collection.
        peer: Python of an environment with medallion.
    """
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder), objects) as server:
        result = {
            "by_cursor": _paged(server, objects, by_date=False),
            "by_date": _paged(server, objects, by_date=True),
        }
    if peer:
        result["peer"] = _peer(peer)
        if rate := result["peer"].get("objects_per_cpu_second"):
            result["ratio_to_peer"] = result["by_cursor"]["objects_per_cpu_second"] / rate
    return result


def _paged(server: _Server, objects: int, *, by_date: bool) -> dict[str, Any]:
    seen: set[str] = set()
    count, begin, clock = 0, _cpu(server.process), time.perf_counter()
    marks = [(0, begin)]
    for ids, spent in server.pages(by_date=by_date):
        count += len(ids)
        seen.update(ids)
        marks.append((count, spent))
    tenth = max(1, len(marks) // 10)
    return {
        "objects": objects,
        "lost": objects - len(seen),
        "repeated": count - len(seen),
        "objects_per_cpu_second": _rate(marks),
        "first_tenth_per_cpu_second": _rate(marks[: tenth + 1]),
        "last_tenth_per_cpu_second": _rate(marks[-tenth - 1 :]),
        "clock_seconds": time.perf_counter() - clock,
    }


def _rate(marks: list[tuple[int, float]]) -> float:
    (few, early), (many, late) = marks[0], marks[-1]
    return (many - few) / max(late - early, 0.01)


@contextmanager
def _serving(home: Path, objects: int) -> Iterator[_Server]:
    from noroshi.share.taxii import CollectionStore, Grant, Member, MemberStore

    workspace = Workspace(home)
    made = CollectionStore(workspace.knowledge).add(_NAME, "", "", "api")
    member = Member("bench", Tlp.RED, grants={_NAME: Grant(reads=True)})
    MemberStore(workspace.knowledge).add(member, _SECRET)
    with collector_held_back():
        said = Provenance("bench", 0, "bench")
        workspace.objects.add(made_up_indicators(objects), said, _NAME)
    workspace.knowledge.close()
    command = [sys.executable, "-m", "noroshi", "share", "serve", "--port", "0", "--lang", "en",
               "--home", str(home)]  # fmt: skip
    path = os.pathsep.join(part for part in sys.path if part)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONPATH": path}
    environment.pop(KNOWLEDGE_VARIABLE, None)
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            found = re.search(r":(\d+)/taxii2/", told)
            if found is None:
                raise AssertionError(told)
            path = f"/api/collections/{made.id}/objects/"
            yield _Server(int(found[1]), process.pid, path)
        finally:
            process.send_signal(signal.SIGINT)


def _cpu(process: int) -> float:
    """Return the CPU-seconds that a process has spent (proc(5), ``/proc/pid/stat``)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peer(python: str) -> dict[str, Any]:
    from noroshi.app.quality import taxii_peer

    lines = "".join(json.dumps(item) + "\n" for item in made_up_indicators(PEER_OBJECTS))
    done = subprocess.run(  # noqa: S603 - the interpreter that the caller named
        [python, str(taxii_peer.__file__)], input=lines, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"medallion": f"failed: {done.stderr[-300:]}"}
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
