"""Writing a folder of evidence: through sensors, with manifest and ground truth beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from noroshi.drill.event import Event
from noroshi.drill.observe.look import Seen, look
from noroshi.drill.observe.sensor import PERFECT, Limits, Sensor
from noroshi.drill.observe.town import TOWN
from noroshi.drill.observe.truth import TrueEvent, as_json, numbered, truth
from noroshi.drill.world import World


@dataclass(frozen=True)
class Observation:
    """What came of looking.

    Attributes:
        seen: by sensor.
        story: the story's events with causes and records.
    """

    seen: tuple[Seen, ...]
    story: tuple[TrueEvent, ...]


def observe(events: Sequence[Event], world: World, sensors: Iterable[Sensor] = TOWN) -> Observation:
    """Let sensors look at the events, which are in order of time; nothing is written to disk."""
    numbers = numbered(events)
    seen = tuple(look(sensor, events, numbers, world) for sensor in sensors)
    return Observation(seen, tuple(truth(events, seen)))


def write_observed(
    events: Sequence[Event], world: World, folder: Path, sensors: Iterable[Sensor] = TOWN
) -> Observation:
    """Write the evidence; ``<folder>-truth.json`` and ``<folder>-observation.json`` lie beside it.

    The same events, world and sensors always give the same bytes.
    """
    found = observe(events, world, sensors)
    for each in found.seen:
        for sheet in each.sheets:
            sheet.save(folder)
    _write(folder, "truth", as_json(found.story, events))
    _write(folder, "observation", manifest(found))
    return found


def manifest(found: Observation) -> dict[str, Any]:
    """Return what every sensor saw and did not see, as plain objects."""
    return {
        "schema": "noroshi-drill-observation/1",
        "sensors": [_sensor(each, found.story) for each in found.seen],
        "unseen": [f"e{event.number}" for event in found.story if not event.shown],
    }


def _sensor(seen: Seen, story: Sequence[TrueEvent]) -> dict[str, Any]:
    return {
        "name": seen.sensor.name,
        "place": seen.sensor.place,
        "limits": _limits(seen.sensor.limits),
        "files": [{"file": sheet.name, "records": sheet.records} for sheet in seen.sheets],
        "events_kept_from_it": dict(seen.lost),
        "records_rotated_away": seen.dropped,
        "lines_cut": seen.cut,
        "lines_damaged": seen.damaged,
        "story_events": [f"e{event.number}" for event in story if event.number in seen.shown],
    }


def _limits(limits: Limits) -> dict[str, Any]:
    """Return what differs from a perfect sensor."""
    plain, perfect = asdict(limits), asdict(PERFECT)
    if limits.hosts is not None:
        plain["hosts"] = sorted(limits.hosts)
    return {name: value for name, value in plain.items() if value != perfect[name]}


def _write(folder: Path, word: str, data: object) -> None:
    path = folder.with_name(f"{folder.name}-{word}.json")
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
