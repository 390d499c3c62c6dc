"""What an engine does: tables over Parquet files, one expression at a time, Arrow out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

BatchFunction: TypeAlias = Callable[[pa.RecordBatch], pa.Table]
"""A batch-shaped analytic. On a cluster it travels to other processes, so it must be picklable."""


class Engine(Protocol):
    """Runs expressions over lists of Parquet files.

    A file list is what :meth:`noroshi.lake.Lake.files` gives: the partition column ``day`` is not
    inside the files but in their paths (``…/day=2026-04-01/…``) and stays text. A file written
    under an older schema lacks newer columns; they read as null. An empty list is an empty table.

    Stay inside what every engine computes alike: times are integer microseconds (use ``//``, never
    an engine's timestamp), no as-of join, no median, an explicit order before any ``row_number``.
    """

    name: str

    def table(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """Return a table over the files with exactly the columns of the schema, in its order."""
        ...

    def run(self, expression: ir.Table) -> pa.Table:
        """Compute an expression over this engine's tables.

        Raises:
            EngineError: the engine refused it.
        """
        ...

    def map_batches(
        self,
        files: Sequence[str],
        schema: pa.Schema,
        function: BatchFunction,
        out_schema: pa.Schema,
    ) -> pa.Table:
        """Feed the files' rows, batch by batch, to a function and gather what it returns.

        Args:
            files: the file list.
            schema: columns that the function needs; only these are read.
            function: gives rows of ``out_schema`` for one batch; the batches' sizes and order are
                the engine's business.
            out_schema: schema of the result.
        """
        ...

    def close(self) -> None:
        """Give back memory, temporary files and processes."""
        ...


def arrow_schema(expression: ir.Table) -> pa.Schema:
    """Return the Arrow schema that an expression promises on every engine."""
    schema: pa.Schema = ibis.Schema.to_pyarrow(expression.schema())
    return schema


def unbound_table(name: str, schema: pa.Schema) -> ir.Table:
    """Return a table of an engine by its name there; compiled to that engine's SQL when run."""
    table: ir.Table = ibis.table(ibis.Schema.from_pyarrow(schema), name=name)
    return table
