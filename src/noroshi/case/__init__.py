"""Findings become cases: correlated, ranked, told, kept and reported."""

from __future__ import annotations

from noroshi.case.correlate import correlate
from noroshi.case.coverage import TacticCoverage, Technique, coverage
from noroshi.case.ground import Ground, survey_ground
from noroshi.case.report import (
    Intake,
    ReportData,
    ReportError,
    ReportFiles,
    printable,
    write_report,
)
from noroshi.case.store import CaseError, CaseStore, Step
from noroshi.case.tasks import tasks
from noroshi.case.timeline import Timeline, TimelineEntry, timeline

__all__ = [
    "CaseError",
    "CaseStore",
    "Ground",
    "Intake",
    "ReportData",
    "ReportError",
    "ReportFiles",
    "Step",
    "TacticCoverage",
    "Technique",
    "Timeline",
    "TimelineEntry",
    "correlate",
    "coverage",
    "printable",
    "survey_ground",
    "tasks",
    "timeline",
    "write_report",
]
