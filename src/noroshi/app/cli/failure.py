"""Errors as a person reads them: what happened, with what, and the way out."""

from __future__ import annotations

import os

from noroshi.app.cli.output import Output
from noroshi.app.errors import AppError
from noroshi.assist import AssistError
from noroshi.case import CaseError, ReportError
from noroshi.collect import CollectError
from noroshi.detect.sigma import SigmaEngineError
from noroshi.drill.errors import DrillError
from noroshi.intel.errors import IntelError
from noroshi.lake import LakeError
from noroshi.share.errors import ShareError

_EXPECTED = (
    AppError,
    AssistError,
    CaseError,
    CollectError,
    DrillError,
    IntelError,
    LakeError,
    OSError,
    ReportError,
    ShareError,
    SigmaEngineError,
)


def explain_failure(error: Exception, out: Output) -> int | None:
    """Print an expected error and return the exit code; None for a defect of ours."""
    if not isinstance(error, _EXPECTED):
        return None
    out.warn("Error: {error}", error=_said(error))
    return 1


def _said(error: Exception) -> str:
    """Return what happened, for an error of the system without its number: file, then reason."""
    if isinstance(error, OSError) and isinstance(error.filename, str | bytes) and error.strerror:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    return str(error)
