"""Checking a folder of evidence, a day at a time: every invariant whose logs are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from noroshi.drill.invariants.carry import carry, presume
from noroshi.drill.invariants.invariant import Invariant, invariants
from noroshi.drill.invariants.pieces import Piece, pieces
from noroshi.drill.invariants.tables import lay_out, load, opened

EXAMPLES = 5
_REMEMBERED = 10_000
"""Violations of a day that the days after may explain away; more than these just stand."""


_Violation: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one invariant.

    Attributes:
        invariant: which one.
        looked_at: records that it was tried on; 0 where its logs are not there.
        violations: how many break it.
        examples: the first of them, as text.
        not_judged: days on which it could not be tried, because they need the day before.
    """

    invariant: Invariant
    looked_at: int
    violations: int
    examples: tuple[str, ...]
    not_judged: tuple[str, ...] = ()


def check(folder: Path, progress: Callable[[Piece, int, int], None] | None = None) -> list[Result]:
    """Check the evidence in a folder; see :func:`noroshi.drill.invariants.pieces.pieces`.

    Args:
        folder: of evidence, as ``drill generate`` and exercises write it.
        progress: told of each piece when it was judged, with its number from 1 and how many.

    Raises:
        DrillError: the folder holds no evidence that the checks know.
    """
    parts = pieces(folder)
    tallies = [_Tally(invariant) for invariant in invariants()]
    with opened(folder) as connection:
        lay_out(connection, _all_files(parts))
        connection.execute("create schema given")
        for number, piece in enumerate(parts, 1):
            load(connection, piece.files)
            goes_on = bool(presume(connection, parts[0].begin)) and number == 1
            there = _tables(connection)
            for tally in tallies:
                if tally.invariant.past and goes_on:
                    tally.not_judged.append(piece.label)
                elif there.issuperset(tally.invariant.tables):
                    tally.judge(connection, carried=number > 1)
                    if tally.invariant.once and len(parts) > 1:
                        tally.remember(connection, carried=number > 1)
            if number < len(parts):
                carry(connection, piece)
            if progress:
                progress(piece, number, len(parts))
    return [tally.result() for tally in tallies]


def check_tables(connection: duckdb.DuckDBPyConnection) -> Iterator[Result]:
    """Check tables that :func:`noroshi.drill.invariants.tables.read_evidence` has made."""
    there = _tables(connection)
    for invariant in invariants():
        tally = _Tally(invariant)
        if there.issuperset(invariant.tables):
            tally.judge(connection)
        yield tally.result()


def _all_files(parts: list[Piece]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for piece in parts:
        for name, paths in piece.files.items():
            found.setdefault(name, []).extend(paths)
    return found


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute("select table_name from information_schema.tables").fetchall()
    return {name for (name,) in rows}


@dataclass
class _Tally:
    """An invariant over the days so far.

    A violation counts on the day on which it comes to be: those among what was kept of earlier days
    alone were counted then, or are holes of what was kept. If a later day explains one away (a job
    that ends after midnight), it counts no more.
    """

    invariant: Invariant
    looked_at: int = 0
    violations: int = 0
    examples: list[str] = field(default_factory=list)
    not_judged: list[str] = field(default_factory=list)
    _open: Counter[_Violation] = field(default_factory=Counter)

    def judge(self, connection: duckdb.DuckDBPyConnection, *, carried: bool = False) -> None:
        """Try the tables as they are; ``carried`` tells that ``before`` holds what was kept."""
        rule = self.invariant
        self.looked_at += _number(connection, rule.subjects)
        if carried:
            with _before(connection):
                self.looked_at -= _number(connection, rule.subjects)
        if not carried or not (self._open or _number(connection, _many(rule.violations))):
            self._add(connection, rule.violations)
            return
        connection.execute(f"create temp table found as {rule.violations}")
        with _before(connection):
            connection.execute(f"create temp table known as {rule.violations}")
        self._settle(_rows(connection, "from known"), _rows(connection, "from found"))
        self._add(connection, "from found except all from known")
        connection.execute("drop table found")
        connection.execute("drop table known")

    def remember(self, connection: duckdb.DuckDBPyConnection, *, carried: bool = False) -> None:
        """Count ids that were given out on an earlier day, and remember today's (their hashes)."""
        given = f'given."{self.invariant.id}"'
        connection.execute(f"create table if not exists {given} (key ubigint)")
        connection.execute("create temp table fresh (id varchar)")
        connection.execute(f"insert into fresh select distinct * from ({self.invariant.once})")  # noqa: S608
        if carried:
            with _before(connection):
                connection.execute(f"delete from fresh where id in ({self.invariant.once})")  # noqa: S608
        again = f"from fresh where hash(id) in (select key from {given})"  # noqa: S608
        self._add(connection, again)
        connection.execute(f"insert into {given} select hash(id) from fresh")  # noqa: S608
        connection.execute("drop table fresh")

    def _add(self, connection: duckdb.DuckDBPyConnection, violations: str) -> None:
        """Count violations that are new."""
        if count := _number(connection, _many(violations)):
            rows = connection.execute(f"{violations} limit {_REMEMBERED}").fetchall()
            self.violations += count
            self._open.update(rows)
            self.examples += [" | ".join(map(str, row)) for row in rows[:EXAMPLES]]

    def _settle(self, known: Counter[_Violation], found: Counter[_Violation]) -> None:
        """Take back what is explained now, and forget what no later day can explain."""
        for row, count in list(self._open.items()):
            explained = min(count, known[row]) - found[row]
            if explained > 0:
                self.violations -= explained
                text = " | ".join(map(str, row))
                self.examples = [each for each in self.examples if each != text]
            if explained > 0 or not known[row]:
                del self._open[row]

    def result(self) -> Result:
        """Return what came of it."""
        return Result(
            self.invariant, self.looked_at, self.violations, tuple(self.examples[:EXAMPLES]),
            tuple(self.not_judged),
        )  # fmt: skip


@contextmanager
def _before(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """See what was kept of earlier days instead of everything."""
    connection.execute("set search_path = 'before,main'")
    try:
        yield
    finally:
        connection.execute("set schema = 'main'")


def _many(query: str) -> str:
    return f"select count(*) from ({query})"  # noqa: S608


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Counter[_Violation]:
    return Counter(connection.execute(query).fetchall())
