"""Errors of language models."""

from __future__ import annotations


class AssistError(Exception):
    """A model cannot be asked, or gives no usable answer; the text says which and why."""
