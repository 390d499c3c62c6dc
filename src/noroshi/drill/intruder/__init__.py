"""The intruder: holds what he has won, plays a story's graph, fails, waits and adapts."""

from __future__ import annotations
