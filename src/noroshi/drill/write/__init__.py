"""Sensors: what happened, in the formats in which real products write it down."""

from __future__ import annotations

from noroshi.drill.write.sheet import Sheet

__all__ = ["Sheet"]
