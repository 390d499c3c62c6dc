"""What can go wrong on the way to another machine."""

from __future__ import annotations


class CourierError(Exception):
    """The other side cannot be reached, is too slow or says too much."""
