"""Objects out of files, told by their content: STIX 2.0 and 2.1, and MISP events."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noroshi.app.workspace import Workspace
from noroshi.intel.objects import Refused
from noroshi.intel.objects.bundle import objects_in, read_json
from noroshi.share.misp import MispError, events_in, to_objects


@dataclass(frozen=True, slots=True)
class Given:
    """What a file gives.

    Attributes:
        objects: STIX objects, not yet checked.
        events: how many MISP events they were made of; 0 for STIX.
        refused: events that cannot be converted, with the reason.
        notes: parts of events that have no place in STIX, in the converter's words.
    """

    objects: list[dict[str, Any]]
    events: int = 0
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()


def read_file(workspace: Workspace, path: Path) -> Given:
    """Read a file of objects or events.

    Raises:
        ObjectError: it holds neither, or is no JSON.
        MispError: it holds MISP events and none can be converted.
        OSError: it cannot be read.
    """
    value = read_json(path)
    events = events_in(value)
    if not events:
        return Given(objects_in(value, path))
    try:
        return _converted(workspace, events)
    except MispError as error:
        raise MispError(f"{path}: {error}") from error


def _converted(workspace: Workspace, events: list[dict[str, Any]]) -> Given:
    objects: dict[tuple[str, str], dict[str, Any]] = {}
    refused: list[Refused] = []
    notes: list[str] = []
    failure = MispError()
    for event in events:
        try:
            made = to_objects(event)
        except MispError as error:
            failure = error
            refused.append(Refused(str(event.get("uuid", "?"))[:200], str(error)))
            continue
        better = workspace.objects.known(made.shared) | {
            name for name, _ in objects if name in made.shared
        }
        for item in made.objects:
            if item["id"] not in better:
                objects.setdefault((item["id"], item.get("modified", "")), item)
        notes += made.notes
    if len(refused) == len(events):
        raise failure
    return Given(list(objects.values()), len(events) - len(refused), tuple(refused), tuple(notes))
