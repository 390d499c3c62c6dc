"""The after-action report: what happened, what each did when, what it changed, what comes next."""

from __future__ import annotations

from noroshi.drill.review.write import ReviewFiles, write_review

__all__ = ["ReviewFiles", "write_review"]
