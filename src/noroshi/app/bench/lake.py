"""The lake: appending, reading back, asking, compacting; and how the cost grows with size."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from noroshi.collect import Record, Shape
from noroshi.collect.columnise import Bucket, batches, to_table
from noroshi.collect.mapping import epoch_time, integer
from noroshi.lake import Lake
from noroshi.lake.hunt import hunt
from noroshi.model import EVENT_CLASSES, LogSource

ROWS = 1_000_000
BATCH_ROWS = 131_072
DAYS = 3
_START = 1_775_000_000
_CLASS = "network_activity"
_T = TypeVar("_T")
_SHAPE = Shape(
    "bench",
    EVENT_CLASSES[_CLASS],
    LogSource("bench"),
    epoch_time("ts"),
    {
        "device_hostname": "host",
        "src_endpoint_ip": "src",
        "dst_endpoint_ip": "dst",
        "dst_endpoint_port": integer("port"),
        "traffic_bytes_out": integer("out"),
        "dst_endpoint_hostname": "name",
    },
)


def run(rows: int = ROWS) -> dict[str, Any]:
    """Measure and return figures by name; times are CPU-seconds of this process.

    Args:
        rows: flows to write; a tenth of them is measured first, to see how the cost grows.
    """
    small, large = _measured(rows // 10), _measured(rows)
    growth = {
        name: (small[name] / large[name])
        for name in large
        if name.startswith(("append_rows", "read_back"))
    }
    return {
        "rows": rows,
        **large,
        "cost_per_row_at_ten_times_the_size": growth,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _measured(rows: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder) / "lake")
        tables = list(_tables(rows))
        appended, _ = _timed(lambda: _append(lake, tables))
        plain, _ = _timed(lambda: _plain_parquet(Path(folder), tables))
        back, count = _timed(lambda: sum(batch.num_rows for batch in lake.batches(_CLASS)))
        assert count == rows
        files = {_CLASS: lake.files(_CLASS)}
        question = "select dst_endpoint_port, count(*) n from network_activity group by 1"
        start = time.perf_counter()
        hunt(files, question)
        asked = time.perf_counter() - start
        compacted, joined = _timed(lambda: lake.compact(_CLASS))
        size = sum(table.size for table in lake.statistics())
    return {
        "append_rows_per_cpu_second": rows / appended,
        "plain_parquet_cpu_seconds_to_append_ratio": plain / appended,
        "read_back_rows_per_cpu_second": rows / back,
        "compact_rows_per_cpu_second": rows / compacted,
        "files_joined": joined,
        "hunt_group_by_wall_seconds": asked,
        "bytes_per_row_on_disk": size / rows,
    }


def _append(lake: Lake, tables: list[pa.Table]) -> None:
    for number, table in enumerate(tables):
        lake.append(_CLASS, table, {"bench": number})


def _plain_parquet(folder: Path, tables: list[pa.Table]) -> None:
    """The peer: DuckDB writes the same rows to Parquet, without transactions."""
    for number, table in enumerate(tables):
        target = folder / f"{number}.parquet"
        with duckdb.connect() as connection:
            connection.register("flows", table)
            connection.execute(f"copy flows to '{target}' (format parquet, compression zstd)")


def _tables(rows: int) -> Iterator[pa.Table]:
    rng = random.Random(1)  # noqa: S311 - made-up data
    bucket = Bucket(_SHAPE)
    for number in range(rows):
        bucket.add(Record(_SHAPE, _flow(rng, number, rows)), 0, number)
        if (number + 1) % BATCH_ROWS == 0 or number + 1 == rows:
            for batch in batches(bucket, ["b" * 32]):
                yield to_table(batch)
            bucket = Bucket(_SHAPE)


def _flow(rng: random.Random, number: int, rows: int) -> dict[str, str | int]:
    return {
        "ts": str(_START + number * DAYS * 86_400 // rows),
        "host": f"pc{rng.randrange(400):03d}",
        "src": f"10.20.{rng.randrange(16)}.{rng.randrange(256)}",
        "dst": f"198.51.{rng.randrange(256)}.{rng.randrange(256)}",
        "port": rng.choice((53, 80, 443, 443, 443, 8080)),
        "out": rng.randrange(100_000),
        "name": f"h{rng.getrandbits(24):x}.example",
        "uid": f"{rng.getrandbits(64):x}",
    }


def _timed(function: Callable[[], _T]) -> tuple[float, _T]:
    start = time.process_time()
    result = function()
    return max(time.process_time() - start, 1e-9), result
