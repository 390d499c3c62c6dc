"""What an indicator is worth today, from everything that a workspace knows."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.app.workspace import Workspace
from noroshi.intel.indicators import Indicator, IndicatorType
from noroshi.intel.life import Score, Seen, score


def score_of(
    workspace: Workspace, kind: IndicatorType, value: str, said: Sequence[Indicator], now: int
) -> Score:
    """Return the worth of a value at a time, µs since 1970 UTC."""
    return score(
        said,
        now,
        sources=workspace.life.sources(),
        seen=_seen(workspace, [item.id for item in said]),
        verdicts=workspace.life.verdicts(kind, value),
        benign=workspace.warning_lists.reason(kind, value),
    )


def _seen(workspace: Workspace, ids: Sequence[str]) -> Seen | None:
    """Return when our own sensors saw any of some indicators."""
    matches = workspace.lake.table("matches", ["rule_id", "time"])
    times = matches.filter(pc.is_in(matches["rule_id"], pa.array(ids, pa.string())))["time"]
    dated = times.filter(pc.greater(times, 0))
    if not len(dated):
        return None
    ends = pc.min_max(dated).as_py()
    return Seen(ends["min"], ends["max"], len(dated))
