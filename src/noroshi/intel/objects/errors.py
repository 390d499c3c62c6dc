"""Errors of the object store."""

from __future__ import annotations

from noroshi.intel.errors import IntelError


class ObjectError(IntelError):
    """An object cannot be used; the text says which one and why."""
