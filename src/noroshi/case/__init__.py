"""Findings become cases: correlated, ranked, told, kept and reported."""

from __future__ import annotations

from noroshi.case.correlate import correlate

__all__ = ["correlate"]
