"""What every collector must hold, over every sample in ``tests/samples/<collector>/``."""

from __future__ import annotations

import io
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from noroshi.collect import BadRecord, Collector, Evidence, Record, Shape, choose, collectors
from noroshi.collect.columnise import Bucket, batches
from noroshi.collect.walk import Refused, walk
from noroshi.model import EventBatch

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
YEAR_2000, YEAR_2040 = 946_684_800_000_000, 2_208_988_800_000_000
NAMES = {item.name for item in collectors()}
FILES = sorted(
    path
    for path in SAMPLES.rglob("*")
    if path.is_file() and path.relative_to(SAMPLES).parts[0] in NAMES
)
each_sample = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix()
)


def evidence_of(path: Path) -> list[Evidence]:
    found = list(walk([path]))
    assert not [item for item in found if isinstance(item, Refused)]
    return [item for item in found if isinstance(item, Evidence)]


def collector_of(path: Path) -> Collector:
    name = path.relative_to(SAMPLES).parts[0]
    return next(item for item in collectors() if item.name == name)


def in_memory(data: bytes) -> Evidence:
    return Evidence("sample", lambda: io.BytesIO(data), modified=1_775_000_000_000_000)


def read(path: Path) -> list[Record | BadRecord]:
    collector = collector_of(path)
    return [item for source in evidence_of(path) for item in collector.read(source)]


def columnised(found: Iterable[Record | BadRecord]) -> list[tuple[Shape, EventBatch]]:
    buckets: dict[Shape, Bucket] = {}
    for number, item in enumerate(found):
        if isinstance(item, Record):
            buckets.setdefault(item.shape, Bucket(item.shape)).add(item, 0, number)
    return [
        (shape, made) for shape, bucket in buckets.items() for made in batches(bucket, ["0" * 32])
    ]


def test_every_collector_has_a_sample() -> None:
    assert not NAMES - {path.relative_to(SAMPLES).parts[0] for path in FILES} - {"toy"}


@each_sample
def test_is_sniffed_as_itself(path: Path) -> None:
    for source in evidence_of(path):
        assert choose(source.head()).name == collector_of(path).name


@each_sample
def test_gives_records_and_nothing_broken(path: Path) -> None:
    found = read(path)

    assert found
    assert not [item for item in found if isinstance(item, BadRecord)]


@each_sample
def test_gives_the_same_twice(path: Path) -> None:
    assert read(path) == read(path)


@each_sample
def test_times_are_plausible(path: Path) -> None:
    for shape, batch in columnised(read(path)):
        for time in batch.events.column("time").to_pylist():
            assert YEAR_2000 < time < YEAR_2040, shape.name


@each_sample
def test_native_holds_every_field(path: Path) -> None:
    found = [item for item in read(path) if isinstance(item, Record)]
    expected = {
        (name, item.shape)
        for item in found
        for name, value in item.fields.items()
        if value is not None
    }

    kept = {
        (name.removesuffix("[]"), shape)
        for shape, batch in columnised(found)
        for name, column in zip(batch.native.schema.names, batch.native.columns, strict=True)
        if column.null_count < len(column)
    }

    assert {pair for pair in expected if pair not in kept} == set()


def unfilled(files: Iterable[Path]) -> dict[str, set[str]]:
    """Columns that no record fills, by the name of the shape."""
    declared: dict[str, set[str]] = defaultdict(set)
    filled: dict[str, set[str]] = defaultdict(set)
    for path in files:
        for shape, batch in columnised(read(path)):
            declared[shape.name] |= set(shape.columns)
            columns = {name: batch.events.column(name) for name in shape.columns}
            filled[shape.name] |= {
                name for name, column in columns.items() if column.null_count < batch.num_rows
            }
    optional = {"message", "severity_id"}  # a source's own words, which most formats leave out
    missing = {name: columns - filled[name] - optional for name, columns in declared.items()}
    return {name: columns for name, columns in missing.items() if columns}


def test_every_column_of_every_host_shape_is_filled_somewhere() -> None:
    hosts = ("evtx", "windows_json", "windows_xml", "sysmon_linux", "auditd", "azure_syslog")
    files = [path for path in FILES if collector_of(path).name in hosts]

    assert unfilled(files) == {}


# --- hostile input ------------------------------------------------------------------------------

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(max(3, len(data) // 2000)):
        changed[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(changed)


def cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def shuffle_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def insert(*pieces: bytes) -> Mutation:
    def mutate(data: bytes, chance: random.Random) -> bytes:
        for piece in pieces * 3:
            at = chance.randrange(len(data))
            data = data[:at] + piece + data[at:]
        return data

    return mutate


MUTATIONS: dict[str, Mutation] = {
    "flip bytes": flip_bytes,
    "flip more": lambda data, chance: flip_bytes(flip_bytes(data, chance), chance),
    "cut off": cut_off,
    "shuffle lines": shuffle_lines,
    "NUL, bad UTF-8": insert(b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b[2J"),
    "huge numbers": insert(b"9" * 400, b"1e999", b"-" + b"9" * 30),
    "deep nesting": insert(b'{"a":' * 5000, b"[" * 50_000, b"<a>" * 5000),
}


@pytest.mark.parametrize("mutation", MUTATIONS)
@each_sample
def test_survives_a_hostile_source(path: Path, mutation: str) -> None:
    collector = collector_of(path)
    chance = random.Random(f"{path.name} {mutation}")
    original = path.read_bytes()
    for _ in range(2):
        data = MUTATIONS[mutation](original, chance)
        if not data.strip():
            continue
        source = in_memory(data)

        found = list(collector.read(source))

        records = [item for item in found if isinstance(item, Record)]
        only_comments = all(line.startswith(b"#") for line in data.splitlines())
        assert found or source.faults or only_comments
        assert sum(batch.num_rows for _, batch in columnised(records)) == len(records)
