"""What must hold between the logs of one organisation: checked on the files, by their own ids."""

from __future__ import annotations

from noroshi.drill.invariants.check import Result, check, check_tables
from noroshi.drill.invariants.invariant import Invariant, invariants
from noroshi.drill.invariants.pieces import Piece
from noroshi.drill.invariants.tables import read_evidence

__all__ = ["Invariant", "Piece", "Result", "check", "check_tables", "invariants", "read_evidence"]
