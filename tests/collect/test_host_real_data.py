"""The real host logs beside the project: all are read, none without host, time and class."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from noroshi.collect import BadRecord, Evidence, Record, UnknownFormatError, choose
from noroshi.collect.columnise import Bucket, batches
from noroshi.collect.evtx import read_evtx
from noroshi.collect.record import Value
from noroshi.collect.shape import Shape
from noroshi.collect.walk import walk

pytestmark = pytest.mark.shared_data
HOST_COLLECTORS = {"evtx", "windows_json", "windows_xml", "sysmon_linux", "auditd", "azure_syslog"}
YEAR_2010, YEAR_2030 = 1_262_304_000_000_000, 1_893_456_000_000_000


def sources(folder: Path) -> Iterator[tuple[Evidence, Iterator[Record | BadRecord]]]:
    for item in walk([folder]):
        if isinstance(item, Evidence):
            try:
                collector = choose(item.head())
            except UnknownFormatError:
                continue
            if collector.name in HOST_COLLECTORS:
                yield item, collector.read(item)


@pytest.mark.parametrize(
    ("folder", "files", "events"),
    [
        ("evtx-attack-samples", 277, 8255),
        ("sigma-regression", 194, 220),
        ("otrf", 50, 45_400),
    ],
)
def test_everything_is_read(shared_data: Path, folder: str, files: int, events: int) -> None:
    tables: Counter[str] = Counter()
    read = 0
    for source, found in sources(shared_data / "logs" / folder):
        read += 1
        buckets: dict[Shape, Bucket] = {}
        for number, item in enumerate(found):
            assert isinstance(item, Record), (source.name, item)
            buckets.setdefault(item.shape, Bucket(item.shape)).add(item, 0, number)
        for bucket in buckets.values():
            for batch in batches(bucket, ["0" * 32]):
                tables[batch.event_class.name] += batch.num_rows
                assert batch.events.column("device_hostname").null_count == 0, source.name
                times = batch.events.column("time").to_pylist()
                assert YEAR_2010 < min(times) <= max(times) < YEAR_2030, source.name

    assert read >= files
    assert tables.total() >= events
    assert tables["generic"] < 0.3 * tables.total()


def test_json_twins_of_the_regression_logs_are_equal(shared_data: Path) -> None:
    """The twins lack the blanks at the end of values and are else the same."""
    by_name = {
        source.name: [without_end_blanks(item) for item in found]
        for source, found in sources(shared_data / "logs" / "sigma-regression")
    }
    pairs = [
        (by_name[name], by_name[name.removesuffix(".evtx") + ".json"])
        for name in by_name
        if name.endswith(".evtx")
    ]

    assert len(pairs) > 90
    for binary, twin in pairs:
        assert binary == twin


def without_end_blanks(item: Record | BadRecord) -> tuple[Shape, dict[str, Value]]:
    assert isinstance(item, Record)
    return item.shape, {
        name: value.rstrip() if isinstance(value, str) else value
        for name, value in item.fields.items()
    }


def test_damaged_logs_never_raise(shared_data: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    logs = sorted((shared_data / "logs" / "evtx-attack-samples").rglob("*.evtx"))
    damaged = tmp_path / "damaged.evtx"
    for path in chance.sample(logs, 25):
        content = bytearray(path.read_bytes())
        for _ in range(60):
            content[chance.randrange(128, len(content))] = chance.randrange(256)
        damaged.write_bytes(content[: chance.randrange(len(content) // 2, len(content))])

        found = list(read_evtx(Evidence("damaged", lambda: damaged.open("rb"), damaged)))

        assert found, path.name
