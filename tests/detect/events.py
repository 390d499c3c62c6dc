"""Invented events for the analytics' tests, in a Parquet file."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from noroshi.model import EVENT_CLASSES

MINUTE = 60_000_000
DAY = 86_400_000_000
START = 1_775_000_000_000_000 // DAY * DAY
"""Midnight of an April day of 2026, UTC."""

Event = dict[str, Any]


def logon(time: int, account: str, source: str, *, ok: bool = False, host: str = "dc1") -> Event:
    return {
        "time": time,
        "device_hostname": host,
        "user_name": account,
        "src_endpoint_ip": source,
        "status_id": 1 if ok else 2,
        "activity_id": 1,
    }


def launch(time: int, parent: str, child: str, host: str = "pc1", user: str = "sato") -> Event:
    return {
        "time": time,
        "device_hostname": host,
        "activity_id": 1,
        "process_file_path": child,
        "process_parent_process_file_path": parent,
        "process_user_name": user,
        "process_cmd_line": f"{child} /run",
    }


class Files:
    """What :meth:`noroshi.lake.Lake.files` is to an analytic: one class's files."""

    def __init__(self, folder: Path, class_name: str, events: Iterable[Event]) -> None:
        self.class_name = class_name
        schema = EVENT_CLASSES[class_name].schema
        numbers = itertools.count()
        rows: list[Event] = [
            dict.fromkeys(schema.names)
            | {"event_id": f"s:{next(numbers)}", "source_id": "s", "day": day_of(event["time"])}
            | event
            for event in events
        ]
        # One file, the day inside: every file more costs each of Spark's scans a task.
        path = folder / class_name / "part-0.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows, schema), path)
        self._paths = [str(path)]

    def __call__(self, name: str, since: int | None, until: int | None) -> Sequence[str]:
        assert since is not None
        assert until is not None
        return self._paths if name == self.class_name else []


def day_of(time: int) -> str:
    return datetime.fromtimestamp(time / 1e6, UTC).strftime("%Y-%m-%d")
