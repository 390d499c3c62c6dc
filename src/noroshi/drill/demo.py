"""The built-in demonstration: one day of a town hall, with one incident in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noroshi.drill.act.endpoint import watched
from noroshi.drill.action import Defences
from noroshi.drill.clock import local
from noroshi.drill.day import Day
from noroshi.drill.event import Event
from noroshi.drill.intruder.bind import bind
from noroshi.drill.intruder.play import tell
from noroshi.drill.observe.folder import write_observed
from noroshi.drill.observe.town import TOWN
from noroshi.drill.observe.truth import as_json
from noroshi.drill.scenario.shelf import scenario
from noroshi.drill.steps import library
from noroshi.drill.world import DOMAIN
from noroshi.drill.world import TOWN as TOWN_NAME
from noroshi.drill.write.sheet import Sheet
from noroshi.lang import render

SCENARIO = "mail-macro"
"""The story that the demonstration tells."""
SENSORS = tuple(each for each in TOWN if each.name not in ("netflow", "calls", "reports"))
"""What the demonstration shows: everything that a collector reads."""


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was written.

    Attributes:
        records: records in all files.
        bytes: size of all files.
        files: their paths, sorted.
        truth: the ground truth, beside the evidence folder and not in it.
    """

    records: int
    bytes: int
    files: tuple[Path, ...]
    truth: Path


def write_demo(folder: Path, seed: int = 1) -> DemoSummary:
    """Write the demonstration's evidence.

    Args:
        folder: evidence folder; made if missing. The ground truth goes to ``<folder>-truth.json``.
        seed: another seed gives other people and another day of noise around the same incident.

    Returns:
        What was written; the same seed always gives the same bytes.
    """
    day = simulate(seed)
    events = in_order(day)
    found = write_observed(events, day.world, folder, SENSORS)
    sheets = [sheet for seen in found.seen for sheet in seen.sheets]
    truth = folder.with_name(folder.name + "-truth.json")
    told = _truth(events, sheets, seed) | as_json(found.story, events)
    truth.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    files = tuple(sorted(folder / sheet.name for sheet in sheets))
    size = sum(path.stat().st_size for path in files)
    return DemoSummary(sum(sheet.records for sheet in sheets), size, files, truth)


def simulate(seed: int = 1) -> Day:
    """Live through the day, with the incident of :data:`SCENARIO` in it."""
    bound = bind(scenario(SCENARIO), seed, 1)
    day = copy(bound.lived.day)
    day.events = [*day.events, *(e for each in tell(bound, Defences()).played for e in each.events)]
    watched(day)
    return day


def in_order(day: Day) -> list[Event]:
    """Return the events by time; what happens at the same moment keeps its causal order."""
    return sorted(day.events, key=lambda event: event.time)


def _truth(events: Iterable[Event], sheets: Iterable[Sheet], seed: int) -> dict[str, Any]:
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for event in events:
        if event.step:
            first.setdefault(event.step, event.time)
            last[event.step] = event.time
    found = list(sheets)
    return {
        "organisation": TOWN_NAME,
        "domain": DOMAIN,
        "seed": seed,
        "steps": [
            {
                "step": name,
                "technique": library()[node.use].technique,
                "title": {
                    "en": render(library()[node.use].title, "en"),
                    "ja": render(library()[node.use].title, "ja"),
                },
                "first": local(first[name]).isoformat(),
                "last": local(last[name]).isoformat(),
                "evidence": [
                    {"file": sheet.name, "lines": sheet.story[name]}
                    for sheet in found
                    if name in sheet.story
                ],
            }
            for name, node in scenario(SCENARIO).steps.items()
        ],
    }
