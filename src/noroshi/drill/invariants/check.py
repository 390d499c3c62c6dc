"""Checking a folder of evidence: every invariant whose logs are there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from noroshi.drill.invariants.invariant import Invariant, invariants
from noroshi.drill.invariants.tables import read_evidence

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one invariant.

    Attributes:
        invariant: which one.
        looked_at: records that it was tried on; 0 where its logs are not there.
        violations: how many break it.
        examples: the first of them, as text.
    """

    invariant: Invariant
    looked_at: int
    violations: int
    examples: tuple[str, ...]


def check(folder: Path) -> list[Result]:
    """Check the evidence in a folder.

    Raises:
        DrillError: the folder holds no evidence that the checks know.
    """
    with read_evidence(folder) as connection:
        return list(check_tables(connection))


def check_tables(connection: duckdb.DuckDBPyConnection) -> Iterator[Result]:
    """Check tables that :func:`noroshi.drill.invariants.tables.read_evidence` has made."""
    there = {
        name
        for (name,) in connection.execute("select table_name from information_schema.tables")
        .fetchall()
    }  # fmt: skip
    for invariant in invariants():
        if not there.issuperset(invariant.tables):
            yield Result(invariant, 0, 0, ())
            continue
        looked_at = connection.execute(invariant.subjects).fetchall()[0][0]
        broken = connection.execute(f"select count(*) from ({invariant.violations})")  # noqa: S608
        count = broken.fetchall()[0][0]
        examples: tuple[str, ...] = ()
        if count:
            rows = connection.execute(f"{invariant.violations} limit {EXAMPLES}").fetchall()
            examples = tuple(" | ".join(map(str, row)) for row in rows)
        yield Result(invariant, looked_at, count, examples)
