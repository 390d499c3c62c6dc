"""Errors of sharing."""

from __future__ import annotations


class ShareError(Exception):
    """Something cannot be shared as asked; the text says why and what to do."""
