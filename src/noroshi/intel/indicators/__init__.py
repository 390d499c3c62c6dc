"""Indicators: read from what others publish, kept for matching."""

from __future__ import annotations

from noroshi.intel.indicators.imported import Imported
from noroshi.intel.indicators.indicator import (
    Indicator,
    IndicatorError,
    IndicatorType,
    guessed,
    normalised,
    refanged,
)
from noroshi.intel.indicators.probe import COLUMNS, Probe, Sighting
from noroshi.intel.indicators.read import indicators_of, read_indicators
from noroshi.intel.indicators.store import IndicatorStore

__all__ = [
    "COLUMNS",
    "Imported",
    "Indicator",
    "IndicatorError",
    "IndicatorStore",
    "IndicatorType",
    "Probe",
    "Sighting",
    "guessed",
    "indicators_of",
    "normalised",
    "read_indicators",
    "refanged",
]
