"""DuckDB: the default engine, inside this process, over file lists and without a database file."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.dataset as ds

from noroshi.lake.engine.engine import BatchFunction, arrow_schema, unbound_table
from noroshi.lake.engine.parquet_list import PARTITION, EmptyFiles, has_day
from noroshi.lake.errors import EngineError

BATCH_ROWS = 65_536


class DuckDBEngine:
    """DuckDB behind the engine protocol.

    Nothing is loaded or fetched from outside: extensions are neither installed nor loaded by
    themselves, Python variables are not tables.

    Args:
        memory: memory limit, for example ``2GB``; beyond it DuckDB spills to ``temp``.
        temp: folder for spilled and temporary files; the system's if None.
        folders: if given, no file outside these can be read.
    """

    name = "duckdb"

    def __init__(
        self, memory: str = "2GB", temp: str | None = None, folders: Sequence[Path] = ()
    ) -> None:
        self._empty = EmptyFiles(temp)
        self._numbers = itertools.count()
        self._connection = duckdb.connect(config=settings(memory, self._empty.folder))
        if folders:
            allowed = [str(Path(folder).resolve()) for folder in (*folders, self._empty.folder)]
            escaped = [glob_escaped(folder) for folder in allowed]
            self._connection.execute(f"SET allowed_directories={text_list([*allowed, *escaped])}")
            self._connection.execute("SET enable_external_access=false")

    def table(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """Return a table over the files; see :class:`Engine`."""
        name = f"t{next(self._numbers)}"
        view = f"CREATE VIEW {name} AS {select(files, schema, self._empty)}"
        try:
            self._connection.execute(view)
        except duckdb.Error as error:
            raise EngineError(f"DuckDB cannot read the files: {error}") from error
        return unbound_table(name, schema)

    def run(self, expression: ir.Table) -> pa.Table:
        """Compute an expression; see :class:`Engine`."""
        try:
            sql = ibis.to_sql(expression, dialect="duckdb")
            result: pa.Table = self._connection.sql(str(sql)).to_arrow_table()
            return result.cast(arrow_schema(expression))
        except (duckdb.Error, pa.ArrowException, ibis.IbisError) as error:
            raise EngineError(f"DuckDB could not compute the expression: {error}") from error

    def map_batches(
        self,
        files: Sequence[str],
        schema: pa.Schema,
        function: BatchFunction,
        out_schema: pa.Schema,
    ) -> pa.Table:
        """Feed batches to a function; see :class:`Engine`. Here it is a plain loop."""
        if not files:
            return out_schema.empty_table()
        partitioning = None
        if has_day(files):
            day = pa.schema([(PARTITION, pa.string())])
            partitioning = ds.partitioning(day, flavor="hive")
        data = ds.dataset(list(files), schema=schema, format="parquet", partitioning=partitioning)
        tables = [
            function(batch)
            for batch in data.to_batches(columns=schema.names, batch_size=BATCH_ROWS)
            if batch.num_rows
        ]
        return pa.concat_tables([out_schema.empty_table(), *tables])

    def close(self) -> None:
        """Close the connection and remove temporary files."""
        self._connection.close()
        self._empty.close()


def settings(memory: str, temp: Path) -> dict[str, str | bool | int | float | list[str]]:
    """Return the settings under which DuckDB touches nothing but what it is given."""
    return {
        "memory_limit": memory,
        "temp_directory": str(temp),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
    }


def select(files: Sequence[str], schema: pa.Schema, empty: EmptyFiles) -> str:
    """Return the SQL that reads a file list under a schema.

    Columns are matched by name. A zero-row file of the full schema leads the list, so that a
    column that no file has is still there and an empty list is still a table.
    """
    in_day = has_day(files)
    paths = [empty.write(schema, in_day=in_day), *files]
    patterns = text_list([glob_escaped(path) for path in paths])
    columns = ", ".join('"' + name.replace('"', '""') + '"' for name in schema.names)
    hive = (
        f"hive_partitioning=true, hive_types={{'{PARTITION}': VARCHAR}}"
        if in_day
        else "hive_partitioning=false"
    )
    reader = f"read_parquet({patterns}, union_by_name=true, {hive})"
    return f"SELECT {columns} FROM {reader}"  # noqa: S608 - names and paths are quoted above


def glob_escaped(path: str) -> str:
    """Return a path whose glob signs stand for themselves."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in path)


def text_list(values: Sequence[str]) -> str:
    """Return an SQL list of text literals."""
    return "[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]"
