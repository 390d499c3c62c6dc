"""Cases as a report that a mayor can read on page one and an analyst below."""

from __future__ import annotations

from noroshi.case.report.data import Intake, ReportData
from noroshi.case.report.plain import printable
from noroshi.case.report.write import ReportError, ReportFiles, write_report

__all__ = ["Intake", "ReportData", "ReportError", "ReportFiles", "printable", "write_report"]
