"""A simulated organisation that writes the evidence of one working day."""

from __future__ import annotations

from noroshi.drill.demo import DemoSummary, write_demo

__all__ = ["DemoSummary", "write_demo"]
