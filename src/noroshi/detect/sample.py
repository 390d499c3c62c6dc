"""The sample of events that a set-shaped analytic carries along as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from noroshi.model import EVIDENCE_KEPT, Evidence

_NUMBER = "sample_number"


def numbered(events: ir.Table, by: Sequence[str], first: Sequence[str] = ()) -> ir.Table:
    """Number the events of each group by time, so that :func:`sample` can take the first ones.

    Args:
        events: a table with ``event_id``, ``time`` and ``host``.
        by: the columns that the analytic will group by.
        first: columns that order events before time does, for those that matter most.
    """
    order = ibis.window(group_by=list(by), order_by=[*first, "time", "event_id"])
    return events.mutate(**{_NUMBER: ibis.row_number().over(order)})


def sample(events: ir.Table, fields: Sequence[str] = ()) -> ir.Value:
    """Return the aggregation that keeps a group's first events, with these fields of theirs."""
    names = ("event_id", "time", "host", *fields)
    return ibis.struct({name: events[name] for name in names}).collect(
        where=events[_NUMBER] < EVIDENCE_KEPT
    )


def evidence(rows: Iterable[Mapping[str, Any]], class_name: str) -> tuple[Evidence, ...]:
    """Return a collected sample as evidence, earliest first."""
    ordered = sorted(rows, key=lambda row: (row["time"], row["event_id"]))
    return tuple(
        Evidence(
            row["event_id"],
            class_name,
            row["time"],
            row["host"] or "",
            tuple(
                (name, str(value))
                for name, value in row.items()
                if name not in ("event_id", "time", "host") and value is not None
            ),
        )
        for row in ordered
    )
