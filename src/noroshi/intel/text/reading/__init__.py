"""Readers: one module per format of report, chosen by the content."""

from __future__ import annotations

from noroshi.intel.text.reading.choose import read_bytes, read_file

__all__ = ["read_bytes", "read_file"]
