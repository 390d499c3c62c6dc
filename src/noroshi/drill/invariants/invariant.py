"""One thing that must hold, and how all of them are found."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that no two records may contradict.

    Attributes:
        id: short name, unique.
        holds: what holds, as an English sentence.
        tables: the tables of :mod:`noroshi.drill.invariants.tables` that it needs.
        violations: SQL (DuckDB) of the records that break it; no rows where it holds.
        subjects: SQL that counts what was looked at, so that nothing passes for want of records.
        past: whether it rests on what was before (sessions, leases), so that it cannot be judged on
            the first day of evidence that begins in the middle of life.
        once: SQL of ids that are given out once in all the days, and so are remembered.
    """

    id: str
    holds: str
    tables: tuple[str, ...]
    violations: str
    subjects: str
    past: bool = False
    once: str = ""


@cache
def invariants() -> tuple[Invariant, ...]:
    """Return every invariant of the modules beside this one, by id."""
    from noroshi.drill.invariants import rules

    found = [
        item
        for module in pkgutil.iter_modules(rules.__path__)
        for item in importlib.import_module(f"{rules.__name__}.{module.name}").INVARIANTS
    ]
    return tuple(sorted(found, key=lambda item: item.id))
