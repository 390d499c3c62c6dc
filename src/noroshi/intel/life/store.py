"""What the years teach about indicators: which source was right, and which was wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.knowledge import Knowledge

PRIOR_RIGHT = 4.0
PRIOR_WRONG = 1.0
"""A source that nobody has judged counts as right four times in five.

With these the weight is the mean of a Beta distribution after the verdicts: one false alarm of a
source with a long good record hardly moves it, one of a newcomer does.
"""

_metadata = sa.MetaData()
VERDICTS = sa.Table(
    "indicator_verdicts", _metadata,
    sa.Column("kind", sa.Text), sa.Column("value", sa.Text), sa.Column("source", sa.Text),
    sa.Column("told_by", sa.Text), sa.Column("right", sa.Boolean), sa.Column("note", sa.Text),
    sa.Column("time", sa.BigInteger),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person found out about an indicator of a source.

    Attributes:
        kind: kind of indicator.
        value: normalised value.
        source: who named it.
        by: who judged it.
        right: False for a false alarm.
        note: why.
        time: µs since 1970 UTC.
    """

    kind: IndicatorType
    value: str
    source: str
    by: str
    right: bool
    note: str
    time: int


@dataclass(frozen=True, slots=True)
class Source:
    """How a source has done.

    Attributes:
        name: the source.
        right: verdicts that it was right.
        wrong: verdicts that it raised a false alarm.
    """

    name: str
    right: int = 0
    wrong: int = 0

    @property
    def weight(self) -> float:
        """How much its word counts, 0 to 1."""
        return (PRIOR_RIGHT + self.right) / (PRIOR_RIGHT + PRIOR_WRONG + self.right + self.wrong)


class LifeStore:
    """Verdicts in a knowledge store."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def judge(self, verdicts: Iterable[Verdict]) -> None:
        """Note verdicts; somebody's later verdict on the same thing replaces their earlier one."""
        with self.knowledge.write() as connection:
            for verdict in verdicts:
                same = (
                    (VERDICTS.c.kind == verdict.kind.value)
                    & (VERDICTS.c.value == verdict.value)
                    & (VERDICTS.c.source == verdict.source)
                    & (VERDICTS.c.told_by == verdict.by)
                )
                connection.execute(VERDICTS.delete().where(same))
                connection.execute(
                    VERDICTS.insert().values(
                        kind=verdict.kind.value, value=verdict.value, source=verdict.source,
                        told_by=verdict.by, right=verdict.right, note=verdict.note,
                        time=verdict.time,
                    )
                )  # fmt: skip

    def verdicts(self, kind: IndicatorType, value: str) -> list[Verdict]:
        """Return what people found out about a value, newest first."""
        query = (
            sa.select(VERDICTS)
            .where(VERDICTS.c.kind == kind.value)
            .where(VERDICTS.c.value == value)
            .order_by(VERDICTS.c.time.desc(), VERDICTS.c.told_by)
        )
        with self.knowledge.read() as connection:
            return [_verdict(row) for row in connection.execute(query)]

    def dismissed(self) -> set[tuple[str, str]]:
        """Return (kind, value) of everything whose newest verdict is a false alarm."""
        query = sa.select(VERDICTS).order_by(VERDICTS.c.time, VERDICTS.c.told_by)
        newest: dict[tuple[str, str], bool] = {}
        with self.knowledge.read() as connection:
            for row in connection.execute(query):
                newest[row.kind, row.value] = bool(row.right)
        return {key for key, right in newest.items() if not right}

    def sources(self) -> dict[str, Source]:
        """Return every source that was ever judged, by name."""
        query = sa.select(VERDICTS.c.source, VERDICTS.c.right, sa.func.count()).group_by(
            VERDICTS.c.source, VERDICTS.c.right
        )
        found: dict[str, Source] = {}
        with self.knowledge.read() as connection:
            for name, right, count in connection.execute(query):
                known = found.get(name, Source(name))
                found[name] = (
                    Source(name, known.right + count, known.wrong)
                    if right
                    else Source(name, known.right, known.wrong + count)
                )
        return found


def _verdict(row: sa.Row[tuple[object, ...]]) -> Verdict:
    return Verdict(
        IndicatorType(row.kind), row.value, row.source, row.told_by, bool(row.right), row.note,
        row.time,
    )  # fmt: skip
