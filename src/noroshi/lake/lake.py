"""Events at rest: one Delta table per event class, partitioned by day.

Exactly-once intake rests on Delta's application transactions: a commit that adds records of a
source also sets, in the same atomic step, ``(source id -> highest record number)``. A run that
died is repeated from the start of the source, and what a table already holds is left out.

Source: Delta Transaction Log Protocol, "Transaction Identifiers".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.dataset as ds
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from noroshi.lake.errors import ConcurrentSourceError, LakeError
from noroshi.lake.findings import CALENDAR_END, day_of
from noroshi.lake.tables import TABLES
from noroshi.lake.unfold import event_batches
from noroshi.model import EVENT_CLASSES, EventBatch

PARTITION = "day"
BATCH_ROWS = 65_536
_WRITER = WriterProperties(compression="ZSTD", compression_level=1)
_STATISTICS = {"delta.dataSkippingStatsColumns": "time"}
_RETRIES = 200


@dataclass(frozen=True, slots=True)
class TableStatistics:
    """Size of one table.

    Attributes:
        name: table name.
        rows: rows.
        files: Parquet files.
        size: bytes of those files.
        first_day: earliest day with rows, ISO; empty if there are none.
        last_day: latest day with rows.
    """

    name: str
    rows: int
    files: int
    size: int
    first_day: str
    last_day: str


_METADATA = "Metadata changed since last commit"
"""What delta-rs says where another made the table, or gave it columns, in between."""

_UNUSABLE = "[]%"
"""Characters that delta-rs cannot have in a table's path."""


class Lake:
    """The tables under one folder.

    Raises:
        LakeError: the folder's path holds a character that the storage library cannot take.
    """

    def __init__(self, folder: Path) -> None:
        if found := [mark for mark in _UNUSABLE if mark in str(folder)]:
            raise LakeError(
                f"{folder}: a path with {' '.join(found)} cannot hold a lake; use --home"
            )
        self.folder = folder
        self._tables: dict[str, DeltaTable] = {}

    def append(self, name: str, rows: pa.Table, positions: Mapping[str, int] | None = None) -> None:
        """Add rows in one atomic commit, together with how far each source has come.

        Args:
            name: table name.
            rows: rows in the table's schema.
            positions: source id -> highest record number contained in this or an earlier commit.

        Raises:
            ConcurrentSourceError: another process moved one of the positions meanwhile.
            LakeError: the table cannot be written; nothing of the rows is visible.
        """
        moved = positions or {}
        table: DeltaTable | None = None
        try:
            table = self._open(name)
            self._write(name, rows, moved)
        except CommitFailedError as error:
            # Others made the table meanwhile, or gave it columns; unless a source moved, go on.
            before = {key: _position(table, key) for key in moved}
            same = all(self.position(name, key) == value for key, value in before.items())
            if _METADATA in str(error) and same:
                self.append(name, rows, positions)
                return
            if "oncurrent transaction" in str(error):
                raise ConcurrentSourceError(
                    f"table {name}: another intake reads the same source; run the command again"
                ) from error
            raise LakeError(f"table {name}: {error}") from error
        except (DeltaError, OSError) as error:
            raise LakeError(f"table {name} in {self.folder} cannot be written: {error}") from error

    def _write(self, name: str, rows: pa.Table, positions: Mapping[str, int]) -> None:
        write_deltalake(
            self._path(name),
            rows,
            mode="append",
            partition_by=[PARTITION],
            schema_mode="merge",
            configuration=_STATISTICS if name in EVENT_CLASSES else None,
            writer_properties=_WRITER,
            commit_properties=CommitProperties(
                app_transactions=[Transaction(key, value) for key, value in positions.items()],
                max_commit_retries=_RETRIES,
            ),
        )

    def replace(self, name: str, rows: pa.Table, first_day: str, last_day: str) -> None:
        """Put rows in the place of everything a derived table held for a span of days.

        Args:
            name: table name.
            rows: rows of days within the span.
            first_day: first day replaced, ISO.
            last_day: last day replaced.

        Raises:
            LakeError: the table cannot be written; it stays as it was.
        """
        if self._open(name) is None:
            if rows.num_rows:
                self.append(name, rows)
            return
        try:
            write_deltalake(
                self._path(name),
                rows,
                mode="overwrite",
                predicate=f"{PARTITION} >= '{first_day}' AND {PARTITION} <= '{last_day}'",
                partition_by=[PARTITION],
                writer_properties=_WRITER,
            )
        except (DeltaError, CommitFailedError, OSError) as error:
            raise LakeError(f"table {name} in {self.folder} cannot be written: {error}") from error

    def position(self, name: str, source_id: str) -> int:
        """Return the highest record number of a source that a table holds; -1 if none."""
        return _position(self._open(name), source_id)

    def names(self) -> list[str]:
        """Return the names of the tables that exist."""
        return [name for name in TABLES if self._open(name) is not None]

    def files(self, name: str, since: int | None = None, until: int | None = None) -> list[str]:
        """Return the Parquet files of a table, those of other days left out.

        Args:
            name: table name.
            since: earliest time wanted, µs since 1970 UTC.
            until: latest time wanted.
        """
        table = self._open(name)
        if table is None:
            return []
        first = "0000" if since is None or since < 0 else day_of(since)
        last = "9999" if until is None or until >= CALENDAR_END else day_of(until)
        paths = (unquote(uri.removeprefix("file://")) for uri in table.file_uris())
        return sorted(path for path in paths if first <= _day_of(path) <= last)

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Read a whole table; for the small ones."""
        schema = TABLES[name]
        files = self.files(name)
        wanted = columns or schema.names
        if not files:
            return pa.schema([schema.field(column) for column in wanted]).empty_table()
        return self._dataset(files, schema).to_table(columns=wanted)

    def batches(
        self, name: str, since: int | None = None, until: int | None = None
    ) -> Iterator[EventBatch]:
        """Yield a class's events as they were when they came in, native fields as columns again."""
        event_class = EVENT_CLASSES[name]
        files = self.files(name, since, until)
        if not files:
            return
        condition = ds.field("time") >= (since if since is not None else -(2**63))
        if until is not None:
            condition &= ds.field("time") <= until
        for batch in self._dataset(files, event_class.schema).to_batches(
            filter=condition, batch_size=BATCH_ROWS
        ):
            if batch.num_rows:
                yield from event_batches(event_class, batch)

    def columns(
        self, name: str, columns: list[str], since: int | None = None, until: int | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Yield some columns of a table, batch by batch, of the days asked for."""
        files = self.files(name, since, until)
        if files:
            yield from self._dataset(files, TABLES[name]).to_batches(
                columns=columns, batch_size=BATCH_ROWS
            )

    def statistics(self) -> list[TableStatistics]:
        """Return the size of every table, read from the logs alone."""
        return [self._statistics(name) for name in self.names()]

    def compact(self, name: str) -> int:
        """Join a table's small files, day by day; return how many files went into others."""
        table = self._open(name)
        if table is None:
            return 0
        metrics = table.optimize.compact(writer_properties=_WRITER)
        return int(metrics["numFilesRemoved"])

    def expire(self, name: str, before_day: str, *, dry_run: bool = False) -> int:
        """Delete whole days before a day, and the files that held them; return the rows concerned.

        Args:
            name: table name.
            before_day: first day to keep, ISO.
            dry_run: only count.
        """
        table = self._open(name)
        if table is None:
            return 0
        adds = pa.table(table.get_add_actions(flatten=True))
        days, counts = adds[f"partition.{PARTITION}"].to_pylist(), adds["num_records"].to_pylist()
        rows = sum(count for day, count in zip(days, counts, strict=True) if day < before_day)
        if rows and not dry_run:
            table.delete(f"{PARTITION} < '{before_day}'")
        return int(rows)

    def vacuum(self, name: str, hours: int) -> int:
        """Remove files that no version of the last ``hours`` hours needs; return how many."""
        table = self._open(name)
        if table is None:
            return 0
        removed = table.vacuum(
            retention_hours=hours, dry_run=False, enforce_retention_duration=False
        )
        return len(removed)

    def _statistics(self, name: str) -> TableStatistics:
        table = self._open(name)
        assert table is not None
        adds = pa.table(table.get_add_actions(flatten=True))
        days = sorted(adds[f"partition.{PARTITION}"].to_pylist())
        return TableStatistics(
            name,
            sum(adds["num_records"].to_pylist()),
            adds.num_rows,
            sum(adds["size_bytes"].to_pylist()),
            days[0] if days else "",
            days[-1] if days else "",
        )

    def _dataset(self, files: list[str], schema: pa.Schema) -> ds.Dataset:
        partitioning = ds.partitioning(pa.schema([(PARTITION, pa.string())]), flavor="hive")
        return ds.dataset(files, schema=schema, format="parquet", partitioning=partitioning)

    def _path(self, name: str) -> str:
        if name not in TABLES:
            raise LakeError(f"no table {name!r}; there are {', '.join(TABLES)}")
        return str(self.folder / name)

    def _open(self, name: str) -> DeltaTable | None:
        """Return the table as it is now, or None if nothing was ever written to it."""
        known = self._tables.get(name)
        if known is not None:
            known.update_incremental()
            return known
        try:
            self._tables[name] = DeltaTable(self._path(name))
        except TableNotFoundError:
            return None
        return self._tables[name]


def _position(table: DeltaTable | None, source_id: str) -> int:
    version = None if table is None else table.transaction_version(source_id)
    return -1 if version is None else int(version)


def _day_of(path: str) -> str:
    return path.rpartition(f"{PARTITION}=")[2].partition("/")[0]
