"""An engine by its name on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from noroshi.lake.engine.duckdb_engine import DuckDBEngine
from noroshi.lake.engine.engine import Engine
from noroshi.lake.errors import EngineError

_SPARK = ("spark://", "local[", "local-cluster[")


@contextmanager
def open_engine(
    spec: str = "duckdb",
    *,
    memory: str = "2GB",
    temp: str | None = None,
    folders: Sequence[Path] = (),
) -> Iterator[Engine]:
    """Open an engine and close it at the end.

    Args:
        spec: ``duckdb``, or a Spark master: ``spark://host:port``, ``local[2]``,
            ``local-cluster[2,1,1024]``.
        memory: DuckDB's memory limit.
        temp: folder for DuckDB's temporary files.
        folders: if given, DuckDB reads files below these only.

    Raises:
        EngineError: there is no such engine, or it cannot start.
    """
    engine = _open(spec, memory, temp, folders)
    try:
        yield engine
    finally:
        engine.close()


def _open(spec: str, memory: str, temp: str | None, folders: Sequence[Path]) -> Engine:
    if spec == "duckdb":
        return DuckDBEngine(memory, temp, folders)
    if spec.startswith(_SPARK):
        from noroshi.lake.engine.spark_engine import SparkEngine

        return SparkEngine(spec)
    raise EngineError(
        f"no engine {spec!r}; there is duckdb, spark://host:port, local[n] and "
        "local-cluster[workers,cores,MiB]"
    )
