"""Events, matches and the intake ledger at rest."""

from __future__ import annotations

from noroshi.lake.errors import ConcurrentSourceError, EngineError, HuntError, LakeError
from noroshi.lake.findings import day_of, finding_rows, findings_of
from noroshi.lake.lake import Lake, TableStatistics
from noroshi.lake.tables import TABLES

__all__ = [
    "TABLES",
    "ConcurrentSourceError",
    "EngineError",
    "HuntError",
    "Lake",
    "LakeError",
    "TableStatistics",
    "day_of",
    "finding_rows",
    "findings_of",
]
