"""One simulated day for all tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from noroshi.drill import DemoSummary, write_demo
from noroshi.drill.day import Day
from noroshi.drill.demo import in_order, simulate
from noroshi.drill.event import Event


@pytest.fixture(scope="session")
def day() -> Day:
    return simulate()


@pytest.fixture(scope="session")
def events(day: Day) -> list[Event]:
    return in_order(day)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    return write_demo(tmp_path_factory.mktemp("demo") / "evidence")


@pytest.fixture(scope="session")
def evidence(demo: DemoSummary) -> Path:
    return demo.truth.parent / "evidence"


@pytest.fixture(scope="session")
def windows(evidence: Path) -> list[dict[str, Any]]:
    """The Windows records, flat, with the names that Windows gives their fields."""
    lines = (evidence / "windows/winlogbeat.ndjson").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [
        {
            "@timestamp": record["@timestamp"],
            "EventID": int(record["winlog"]["event_id"]),
            "Computer": record["winlog"]["computer_name"],
            "Channel": record["winlog"]["channel"],
            "RecordNumber": record["winlog"]["record_id"],
            **record["winlog"].get("event_data", record["winlog"].get("user_data")),
        }
        for record in records
    ]
