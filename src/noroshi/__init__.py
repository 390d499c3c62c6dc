"""Noroshi (狼煙): raw security evidence and threat reports in, explained cases out."""

from __future__ import annotations

__version__ = "0.1.0"
