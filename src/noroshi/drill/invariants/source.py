"""A log as a table: which files it is read from, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

from noroshi.drill.errors import DrillError

Row: TypeAlias = dict[str, Any]

_NUMBERS = frozenset(
    {"time", "number", "duration", "sent", "received", "error", "pid", "sport", "port", "dport",
     "closed", "elapsed", "files"}
)  # fmt: skip
_CHUNK = 100_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table comes from.

    Attributes:
        name: of the table.
        pattern: glob of its files, below the folder of evidence.
        select: SQL (DuckDB) that reads ``$files``; or
        rows: what reads one file, and
        columns: the names of what it yields, parted by spaces.
    """

    name: str
    pattern: str
    select: str = ""
    rows: Callable[[Path], Iterator[Row]] | None = None
    columns: str = ""

    def create(self, connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> None:
        """Make the table, without a row; the files tell what is in it."""
        if self.rows is None:
            self._run(connection, f"create table {self.name} as {self.select} limit 0", paths[:1])
            return
        kinds = {pa.int64(): "bigint", pa.string(): "varchar"}
        columns = ", ".join(f"{each.name} {kinds[each.type]}" for each in self._schema)
        connection.execute(f"create table {self.name} ({columns})")

    def fill(self, connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> None:
        """Add what the files hold.

        Raises:
            DrillError: one cannot be read.
        """
        if self.rows is None:
            self._run(connection, f"insert into {self.name} {self.select}", paths)
            return
        rows = (row for path in paths for row in self._read(path))
        while chunk := list(islice(rows, _CHUNK)):
            table = pa.Table.from_pylist(chunk, schema=self._schema)
            connection.register("rows_read", table)
            connection.execute(f"insert into {self.name} select * from rows_read")  # noqa: S608
            connection.unregister("rows_read")

    def _read(self, path: Path) -> Iterator[Row]:
        assert self.rows is not None
        try:
            yield from self.rows(path)
        except (LookupError, ValueError, TypeError) as error:
            raise DrillError(f"{path}: cannot be read: {error!r}") from error

    def _run(
        self, connection: duckdb.DuckDBPyConnection, statement: str, paths: Sequence[Path]
    ) -> None:
        try:
            connection.execute(statement, {"files": [str(path) for path in paths]})
        except duckdb.Error as error:
            names = ", ".join(str(path) for path in paths[:3])
            raise DrillError(f"{names}: cannot be read: {error}") from error

    @property
    def _schema(self) -> pa.Schema:
        names = self.columns.split()
        return pa.schema(
            [(each, pa.int64() if each in _NUMBERS else pa.string()) for each in names]
        )
