"""Read-only SQL for people: every event class is a view, and nothing else can be reached.

The statement runs in a process of its own that the operating system bounds and that is killed at
the time limit: one ``repeat('x', 4000000000)`` heeds neither DuckDB's memory limit nor its
interrupt.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

import pyarrow as pa

from noroshi.lake.errors import HuntError

_GRACE = 2.0
"""Seconds that a query gets to stop by itself before its process is killed."""


def hunt(
    tables: Mapping[str, Sequence[str]],
    sql: str,
    *,
    limit: int = 1_000,
    offset: int = 0,
    timeout: float = 60.0,
    memory_mib: int = 1_024,
) -> pa.Table:
    """Answer one SELECT over the lake's tables.

    Times are integer microseconds: ``make_timestamp(time)`` shows them, and ``native['Image']``
    reads an original field.

    Args:
        tables: table name -> its Parquet files; a table without files is an empty view.
        sql: exactly one statement that begins with SELECT or WITH.
        limit: rows wanted.
        offset: rows left out before them, for pages; give an ORDER BY to make pages exact.
        timeout: seconds until the query is stopped.
        memory_mib: memory for the query's data.

    Raises:
        HuntError: the statement is not such a SELECT, asks for something outside the lake, is
            wrong (the text names line and column), or exceeds time, memory or result size.
    """
    request = {
        "tables": {name: list(files) for name, files in tables.items()},
        "sql": sql,
        "limit": limit,
        "offset": offset,
        "timeout": timeout,
        "memory_mib": memory_mib,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "noroshi.lake.hunt_query"],
            input=json.dumps(request).encode(),
            capture_output=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            timeout=timeout + _GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise HuntError(
            f"killed after {timeout + _GRACE:g} seconds; narrow the days or give more time"
        ) from error
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip()
        raise HuntError(words if done.returncode == 1 else "Out of Memory: the query was killed")
    with pa.ipc.open_stream(done.stdout) as reader:
        return reader.read_all()
