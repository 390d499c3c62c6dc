"""The exercise log as xAPI statements, for a learning record store.

Source: Experience API 1.0.3, Part Two (statements; version, actor by account, verb, object, result,
context, timestamp). Verbs are those of the ADL vocabulary.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from noroshi.drill.clock import utc
from noroshi.drill.exercise.entry import Entry, EntryKind
from noroshi.drill.exercise.state import Settings
from noroshi.drill.grading.mark import AXIS_NAMES, Grade
from noroshi.lang import gettext

VERSION = "1.0.3"
_HOME = "https://noroshi.example/exercises"
_VERBS = {
    EntryKind.STARTED: "initialized",
    EntryKind.ACTION: "interacted",
    EntryKind.LETTER: "commented",
    EntryKind.HINT: "shared",
    EntryKind.SUBMITTED: "completed",
    EntryKind.APPEAL: "commented",
}


def statements(
    settings: Settings, entries: Sequence[Entry], grade: Grade | None = None
) -> Iterator[dict[str, Any]]:
    """Yield a statement for every line of a participant, and one for each mark."""
    for entry in entries:
        if entry.kind in _VERBS and entry.actor != "world":
            yield _statement(
                settings, f"line/{entry.number}", entry.actor, _VERBS[entry.kind],
                f"{entry.kind}/{_detail(entry)}", entry.wall,
            )  # fmt: skip
    for mark in grade.marks if grade and entries else ():
        statement = _statement(
            settings, f"mark/{mark.axis}/{entries[-1].number}", "team", "scored",
            f"mark/{mark.axis}", entries[-1].wall,
        )  # fmt: skip
        name = AXIS_NAMES[mark.axis]
        statement["object"]["definition"]["name"] = {"en": name, "ja": gettext(name, "ja")}
        statement["result"] = {
            "score": {
                "scaled": round(mark.share, 4),
                "raw": round(mark.points, 2),
                "min": 0,
                "max": mark.out_of,
            }
        }
        yield statement


def _statement(
    settings: Settings, key: str, actor: str, verb: str, what: str, wall: int
) -> dict[str, Any]:
    registration = uuid.uuid5(uuid.NAMESPACE_URL, f"{_HOME}/{settings.to_json()}")
    return {
        "id": str(uuid.uuid5(registration, key)),
        "version": VERSION,
        "timestamp": utc(wall).isoformat().replace("+00:00", "Z"),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": _HOME, "name": f"{settings.team}/{actor}"},
        },
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}", "display": {"en": verb}},
        "object": {
            "objectType": "Activity",
            "id": f"{_HOME}/{settings.scenario}/{what}",
            "definition": {"type": "http://adlnet.gov/expapi/activities/simulation"},
        },
        "context": {"registration": str(registration), "platform": f"Noroshi {settings.version}"},
    }


def _detail(entry: Entry) -> str:
    """A name for the activity that can stand in an IRI."""
    match entry.kind:
        case EntryKind.ACTION:
            return str(entry.data["kind"])
        case EntryKind.LETTER:
            return str(entry.data["channel"])
        case EntryKind.APPEAL:
            return str(entry.data["mark"])
    return "exercise"
