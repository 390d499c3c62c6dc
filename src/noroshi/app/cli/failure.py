"""Errors as a person reads them: what happened, with what, and the way out."""

from __future__ import annotations

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
    out.warn("Error: {error}", error=str(error))
    return 1
