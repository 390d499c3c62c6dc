"""What is said of vulnerabilities is found by their ids, however many others are known."""

from __future__ import annotations

import sqlite3
from itertools import count
from pathlib import Path

from sqlalchemy import event

from noroshi.intel.flaws import EXTENSION, facts_of, vulnerability
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, ObjectStore, Provenance

SAID = Provenance("example", 1, "test")
ASKED = [f"CVE-2026-{at}" for at in range(20_000, 20_050)]
THEIRS = "vulnerability--2f0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e1"


def note(about: str, cve: str, number: int) -> dict[str, object]:
    when = "2026-03-01T00:00:00.000Z"
    return {
        "type": "note", "id": f"note--2f0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e{number}",
        "spec_version": "2.1", "created": when, "modified": when, "content": "x",
        "object_refs": [about],
        "extensions": {EXTENSION: {"extension_type": "property-extension", "cve": cve,
                                   "known_exploited": True}},
    }  # fmt: skip


def test_notes_beside_our_object_and_beside_others_are_found(tmp_path: Path) -> None:
    with Knowledge(tmp_path / "knowledge.sqlite") as knowledge:
        objects = ObjectStore(knowledge)
        ours = vulnerability(ASKED[0])
        theirs = {**vulnerability(ASKED[1]), "id": THEIRS}
        malware = {**theirs, "type": "malware", "id": THEIRS.replace("vulnerability", "malware"),
                   "is_family": True}  # fmt: skip
        notes = [
            note(str(ours["id"]), ASKED[0], 1), note(THEIRS, ASKED[1], 2),
            note(str(malware["id"]), ASKED[1], 3),
        ]  # fmt: skip
        objects.add([ours, theirs, malware, *notes], SAID)
        found = facts_of(objects, ASKED, Clearance())
    assert {cve: len(facts) for cve, facts in found.items()} == {ASKED[0]: 1, ASKED[1]: 1}


def work(folder: Path, others: int) -> int:
    """Return how many steps SQLite takes to look for some among others."""
    with Knowledge(folder / f"{others}.sqlite") as knowledge:
        objects = ObjectStore(knowledge)
        objects.add((vulnerability(f"CVE-2025-{at + 10_000}") for at in range(others)), SAID)
        knowledge.engine.dispose()
        steps = count()

        def watch(connection: sqlite3.Connection, _: object) -> None:
            connection.set_progress_handler(lambda: 0 * next(steps), 10)

        event.listen(knowledge.engine, "connect", watch)
        assert facts_of(objects, ASKED, Clearance()) == {}
        return next(steps)


def test_the_work_does_not_grow_with_what_is_not_asked_for(tmp_path: Path) -> None:
    few, many = work(tmp_path, 200), work(tmp_path, 2_000)
    assert 0 < many < 1.5 * few
