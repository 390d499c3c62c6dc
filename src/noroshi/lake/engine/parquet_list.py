"""Parquet file lists as engines want them: glob signs escaped, one schema, the day in the path."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from noroshi.lake.errors import EngineError

PARTITION = "day"
_MARK = f"/{PARTITION}="


def has_day(files: Sequence[str]) -> bool:
    """Tell whether the files' paths carry the day.

    Raises:
        EngineError: some do and some do not, so that the rows of some would have no day.
    """
    marked = sum(_MARK in file for file in files)
    if 0 < marked < len(files):
        lost = next(file for file in files if _MARK not in file)
        raise EngineError(f"{lost}: lies in no {PARTITION}= folder, others of the list do")
    return marked > 0


def base_of(file: str) -> str:
    """Return the table's folder: what stands before the partition folder."""
    return file.rpartition(_MARK)[0]


class EmptyFiles:
    """Zero-row Parquet files that bring a schema into a file list; removed on close."""

    def __init__(self, folder: str | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="noroshi-engine-", dir=folder)
        self._numbers = itertools.count()
        self.folder = Path(self._folder.name).resolve()

    def write(self, schema: pa.Schema, *, in_day: bool) -> str:
        """Write one and return its path; ``in_day`` puts it into a partition folder."""
        folder = self.folder / str(next(self._numbers))
        if in_day:
            folder /= f"{PARTITION}=1970-01-01"
            schema = pa.schema([field for field in schema if field.name != PARTITION])
        folder.mkdir(parents=True)
        path = folder / "empty.parquet"
        pq.write_table(schema.empty_table(), path)
        return str(path)

    def close(self) -> None:
        """Remove them."""
        self._folder.cleanup()
