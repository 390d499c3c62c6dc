"""Engines: the same analytic on one machine (DuckDB) or on a cluster (Spark)."""

from __future__ import annotations

from noroshi.lake.engine.engine import BatchFunction, Engine
from noroshi.lake.engine.open_engine import open_engine

__all__ = ["BatchFunction", "Engine", "open_engine"]
