"""A batch of events: OCSF columns beside the native fields they came from."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from noroshi.model.event_class import EventClass
from noroshi.model.log_source import LogSource


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Events of one class and one log source.

    Attributes:
        event_class: their class.
        log_source: their log source.
        events: one row per event, the columns of the class without ``native``, all present.
        native: the same rows; one column per native field, each ``string`` or, for a field with
            several values, ``list<string>``. A null says that the record lacks the field.
    """

    event_class: EventClass
    log_source: LogSource
    events: pa.RecordBatch
    native: pa.RecordBatch

    def __post_init__(self) -> None:
        if self.events.num_rows != self.native.num_rows:
            raise ValueError(
                f"{self.events.num_rows} events but {self.native.num_rows} native rows"
            )

    @property
    def num_rows(self) -> int:
        """Number of events."""
        return int(self.events.num_rows)
