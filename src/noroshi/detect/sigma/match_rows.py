"""Hits -> rows of the ``matches`` table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from noroshi.detect.sigma.columns import Value
from noroshi.detect.sigma.condition import fields_of
from noroshi.detect.sigma.predicate import KEYWORDS, Decide, Program, Slot, Slots
from noroshi.detect.sigma.rule import Rule
from noroshi.detect.sigma.slot_values import SlotValues
from noroshi.model import ENTITY_COLUMNS, MATCH_SCHEMA, EventBatch, entities

ANALYTIC = "sigma"
LONGEST_VALUE = 4_000
"""Characters of a field's value that a match keeps."""

_USER_COLUMNS = ("actor_user_name", "user_name", "process_user_name")
_EVENT_COLUMNS = ("event_id", "source_id", "time", "day", *ENTITY_COLUMNS)


def match_id(rule_id: str, event_id: str) -> str:
    """Return the id of a match: the same rule and event give the same one."""
    text = "\x1f".join((ANALYTIC, rule_id, event_id))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class MatchRows:
    """Collects the matches of one batch.

    Args:
        batch: the events.
        values: slot values of (at least) every matching row.
        slots: the slots.
    """

    def __init__(self, batch: EventBatch, values: SlotValues, slots: Slots) -> None:
        self._class_name = batch.event_class.name
        self._values = values
        self._slots = slots
        names = [name for name in _EVENT_COLUMNS if name in batch.events.schema.names]
        chosen = batch.events.select(names).take(pa.array(values.rows))
        self._events: list[dict[str, Any]] = chosen.to_pylist()
        self._shared: dict[int, dict[str, Any]] = {}
        self._rows: list[dict[str, Any]] = []

    def add(self, rule: Rule, program: Program, keys: Iterable[str], rows: Sequence[int]) -> None:
        """Add the rows that a rule matches."""
        looked_at = dict.fromkeys((*fields_of(rule.condition), *rule.header.fields, *keys))
        slots = [(name, self._slots.number(Slot(name, False))) for name in looked_at]
        values = self._values.fill((*program.slots, *(number for _name, number in slots)))
        for place in self._values.positions(np.array(rows, np.int64)):
            fields = self._telling(program, values, place)
            for name, number in slots:
                text = _shown(values[number][place])
                if text is not None:
                    fields.setdefault(name, text)
            self._rows.append(self._row(rule, place, fields))

    def table(self) -> pa.Table:
        """Return what was added."""
        return pa.Table.from_pylist(self._rows, MATCH_SCHEMA)

    def _telling(
        self, program: Program, values: Sequence[Sequence[Value]], place: int
    ) -> dict[str, str]:
        """Return the fields that made the rule match; they come first in a match's fields."""
        found: dict[str, str] = {}
        for name, contributed in program.telling:
            if name == KEYWORDS:
                found |= self._keyword_fields(contributed, place)
            elif contributed(values, place):
                number = self._slots.number(Slot(name, False))
                text = _shown(self._values.fill((number,))[number][place])
                if text is not None:
                    found[name] = text
        return found

    def _keyword_fields(self, contributed: Decide, place: int) -> dict[str, str]:
        """Return the fields in which a keyword stands: each text is put to the test alone."""
        raw, folded = (self._slots.number(Slot(KEYWORDS, low)) for low in (False, True))
        alone: list[Sequence[Value]] = [[None]] * (max(raw, folded) + 1)
        found: dict[str, str] = {}
        for name, text, low in self._values.texts(place):
            alone[raw], alone[folded] = [text], [low]
            if contributed(alone, 0):
                found.setdefault(name, text[:LONGEST_VALUE])
        return found

    def _row(self, rule: Rule, place: int, fields: dict[str, str]) -> dict[str, Any]:
        event = self._events[place]
        if place not in self._shared:
            self._shared[place] = {
                "source_id": event["source_id"],
                "analytic": ANALYTIC,
                "event_id": event["event_id"],
                "class_name": self._class_name,
                "time": event["time"],
                "day": event["day"],
                "host": event.get("device_hostname") or "",
                "user": next((event[name] for name in _USER_COLUMNS if event.get(name)), ""),
                "entities": [
                    {"type": str(item.type), "value": item.value} for item in entities(event)
                ],
            }
        return self._shared[place] | {
            "match_id": match_id(rule.header.id, event["event_id"] or ""),
            "rule_id": rule.header.id,
            "rule_digest": rule.header.digest,
            "fields": list(fields.items()),
        }


def _shown(value: Value) -> str | None:
    if value is None:
        return None
    return (value if isinstance(value, str) else ", ".join(value))[:LONGEST_VALUE]
