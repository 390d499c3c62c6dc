"""Spark: the engine for a lake that has outgrown one machine. Needs the extra ``spark`` and Java.

Executors are other processes, on a cluster other machines: they must see the lake's files under
the same paths and have this package installed.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from noroshi.lake.engine.engine import BatchFunction, arrow_schema, unbound_table
from noroshi.lake.engine.parquet_list import base_of, has_day
from noroshi.lake.errors import EngineError

_SETTINGS = {
    "spark.app.name": "noroshi",
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    # The day stays text; Spark would make a date of it.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_LOCAL_SETTINGS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
}


class SparkEngine:
    """Spark behind the engine protocol.

    Args:
        master: ``spark://host:port``, ``local[n]`` or ``local-cluster[workers,cores,MiB]``.

    Raises:
        EngineError: pyspark or Java is missing, or the cluster cannot be reached.
    """

    name = "spark"

    def __init__(self, master: str) -> None:
        self._numbers = itertools.count()
        self._session: Any = _session(master)

    def table(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """Return a table over the files; see :class:`Engine`."""
        name = f"noroshi_t{next(self._numbers)}"
        self._frame(files, schema).createOrReplaceTempView(name)
        return unbound_table(name, schema)

    def run(self, expression: ir.Table) -> pa.Table:
        """Compute an expression; see :class:`Engine`.

        Not by Ibis's own connection: its way to Arrow leads through pandas and loses maps.
        """
        from pyspark.errors import PySparkException

        try:
            frame = self._session.sql(str(ibis.to_sql(expression, dialect="pyspark")))
            return _collect(frame).cast(arrow_schema(expression))
        except (PySparkException, pa.ArrowException, ibis.IbisError) as error:
            raise EngineError(f"Spark could not compute the expression: {error}") from error

    def map_batches(
        self,
        files: Sequence[str],
        schema: pa.Schema,
        function: BatchFunction,
        out_schema: pa.Schema,
    ) -> pa.Table:
        """Feed batches to a function; see :class:`Engine`. Here it runs in the executors."""

        def feed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                yield from function(batch).to_batches()

        from pyspark.errors import PySparkException

        try:
            frame = self._frame(files, schema).mapInArrow(feed, _spark_schema(out_schema))
            return _collect(frame).cast(out_schema)
        except (PySparkException, pa.ArrowException) as error:
            raise EngineError(f"Spark could not run the batch function: {error}") from error

    def close(self) -> None:
        """Stop the session."""
        self._session.stop()

    def _frame(self, files: Sequence[str], schema: pa.Schema) -> Any:
        spark_schema = _spark_schema(schema)
        if not files:
            return self._session.createDataFrame(schema.empty_table(), spark_schema)
        reader = self._session.read.schema(spark_schema)
        if has_day(files):
            reader = reader.option("basePath", base_of(files[0]))
        return reader.parquet(*(_glob_escaped(file) for file in files)).select(*schema.names)


def _session(master: str) -> Any:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError("Spark is not installed; install noroshi[spark]") from error
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise EngineError("Spark needs Java 17 or newer; install it or set JAVA_HOME")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master)
    local = _LOCAL_SETTINGS if master.startswith("local") else {}
    for key, value in (_SETTINGS | local).items():
        builder = builder.config(key, value)
    if local:
        path = os.pathsep.join(entry for entry in sys.path if entry)
        builder = builder.config("spark.executorEnv.PYTHONPATH", path)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise EngineError(f"Spark cannot start on {master!r}: {error}") from error


def _collect(frame: Any) -> pa.Table:
    with warnings.catch_warnings():
        # pyspark leaves the closing of its result socket to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        return frame.toArrow()


def _spark_schema(schema: pa.Schema) -> Any:
    from ibis.backends.pyspark.datatypes import PySparkSchema

    return PySparkSchema.from_ibis(ibis.Schema.from_pyarrow(schema))


def _glob_escaped(path: str) -> str:
    return "".join("\\" + sign if sign in "*?[]{}\\" else sign for sign in path)
