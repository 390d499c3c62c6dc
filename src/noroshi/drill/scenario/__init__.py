"""Scenarios: stories as graphs of steps, with everything that an exercise needs around them."""

from __future__ import annotations
