"""The watchlist against events: a tap beside the known indicators, with the same matching.

One notification for each watched entry and value, however many events show it; the matches table
stays as it is, since being watched is no sign of an attack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.intel.watch import Finder, Hit
from noroshi.intel.watch.find import path
from noroshi.lang import N_, Message
from noroshi.model import MATCH_SCHEMA, EventBatch

WORDS = (
    "email_subject", "email_attachments", "process_cmd_line", "http_request_url_url_string",
    "file_path", "file_name", "query_hostname",
)  # fmt: skip
"""Event columns in which watched words are looked for."""

_SEEN = N_("seen by our own sensors in {column} of a {class} event, on {host}")


class Watched:
    """Raises what events meet; a tap of the intake.

    Args:
        finder: the watchlist.
        notify: keeps notifications, each once.
    """

    def __init__(self, finder: Finder, notify: Callable[[Iterable[Hit]], int]) -> None:
        self._finder, self._notify = finder, notify
        self._told: set[str] = set()

    def __call__(self, batch: EventBatch) -> pa.Table:
        """Notify, and return no matches."""
        name = batch.event_class.name
        fresh = [hit for hit in self._hits(name, batch.events) if hit.id not in self._told]
        self._notify(fresh)
        self._told.update(hit.id for hit in fresh)
        return MATCH_SCHEMA.empty_table()

    def _hits(self, class_name: str, events: pa.RecordBatch) -> Iterator[Hit]:
        for sighting in self._finder.probe.sightings(events):
            entry = self._finder.entry_of(sighting.indicator)
            first = events.slice(int(sighting.rows[0]), 1)
            how = path(entry, sighting.value)
            origin = _origin(class_name, sighting.column, first)
            yield Hit(entry.number, entry.value, sighting.value, how, origin, "", "events")
        for column in WORDS if self._finder.keywords else ():
            if column in events.schema.names:
                yield from self._words(class_name, column, events)

    def _words(self, class_name: str, column: str, events: pa.RecordBatch) -> Iterator[Hit]:
        values = events.column(column)
        parents = range(len(values))
        if pa.types.is_list(values.type):
            parents = pc.list_parent_indices(values).to_pylist()
            values = values.flatten()
        seen: set[str] = set()
        for row, text in zip(parents, values.to_pylist(), strict=True):
            if not text or text in seen:
                continue
            seen.add(text)
            for entry, quote in self._finder.keywords.find(text):
                origin = _origin(class_name, column, events.slice(row, 1))
                yield Hit(entry.number, entry.value, text[:300], path(entry, text), origin,
                          quote, "events")  # fmt: skip


def _origin(class_name: str, column: str, event: pa.RecordBatch) -> Message:
    def cell(name: str) -> str:
        return str(event.column(name)[0].as_py() or "") if name in event.schema.names else ""

    host = cell("device_hostname") or cell("src_endpoint_ip") or "?"
    return Message(_SEEN, {"column": column, "class": class_name, "host": host})
