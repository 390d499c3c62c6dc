"""Indicators against events, both ways, beside a pure-Python matcher and a DuckDB equi-join.

Values are made up and, in events, hardly ever repeated; about one event in a thousand shows an
indicator. Every way must find the same events, or the figures would compare different work.
"""

from __future__ import annotations

import hashlib
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from noroshi.detect.indicators import IndicatorMatcher
from noroshi.intel.indicators import Indicator, IndicatorStore, IndicatorType
from noroshi.intel.warning_lists import WarningLists
from noroshi.lake import Lake
from noroshi.model import EVENT_CLASSES, EventBatch, LogSource

INDICATORS = 5_000_000
EVENTS = 1_000_000
BATCH_ROWS = 65_536
ONE_IN = 1_000
_T = TypeVar("_T")
_TIME = 1_775_000_000_000_000


def run(
    indicators: int = INDICATORS, events: int = EVENTS, folder: Path | None = None, seed: int = 1
) -> dict[str, Any]:
    """Measure and return figures by name; times are CPU-seconds of this process, one core.

    Args:
        indicators: how many, two in five addresses and domains each, one in five digests.
        events: how many, half DNS queries, half flows.
        folder: where to put the store and the lake; a temporary one if None.
        seed: of the made-up values.
    """
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        return _measured(indicators, events, Path(scratch), seed)


def _measured(indicators: int, events: int, folder: Path, seed: int) -> dict[str, Any]:
    store = IndicatorStore(folder / "indicators")
    imported, _ = _timed(lambda: store.add(_indicators(indicators, seed)))
    batches = list(_batches(events, indicators, seed))
    opened, matcher = _timed(lambda: _warm(IndicatorMatcher(store, WarningLists()), batches))
    forward, found = _timed(lambda: [matcher(batch) for batch in batches])
    hits = sum(table.num_rows for table in found)
    lake = Lake(folder / "lake")
    for batch in batches:
        lake.append(batch.event_class.name, _rows(batch))
    back, found = _timed(lambda: list(matcher.retro(lake, None, None)))
    retro_hits = sum(table.num_rows for table in found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    loop, loop_hits = _python_timed(store, batches)
    join, join_hits = _timed(lambda: _duckdb(store, lake))
    rate = {
        name: round(events / seconds)
        for name, seconds in (
            ("new_events", forward),
            ("old_events", back),
            ("python_sets", loop),
            ("duckdb_join", join),
        )
    }
    return {
        "indicators": indicators,
        "events": events,
        "hits": {
            "new_events": hits,
            "old_events": retro_hits,
            "python_sets": loop_hits,
            "duckdb_join": join_hits,
        },
        "events_per_cpu_second": rate,
        "ratio_to_python_sets": round(rate["new_events"] / rate["python_sets"], 2),
        "ratio_to_duckdb_join": round(rate["old_events"] / rate["duckdb_join"], 2),
        "import_cpu_seconds": round(imported, 1),
        "open_cpu_seconds": round(opened, 2),
        "store_bytes": sum(path.stat().st_size for path in store.folder.iterdir()),
        "peak_memory_mib": round(peak),
    }


def _timed(work: Callable[[], _T]) -> tuple[float, _T]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def _warm(matcher: IndicatorMatcher, batches: list[EventBatch]) -> IndicatorMatcher:
    """Map the store and build its sieves, as the first batch of each class does."""
    for batch in (batches[0], batches[-1]):
        matcher.matches(batch.event_class.name, batch.events.slice(0, 1))
    return matcher


def _domain(number: int) -> str:
    digest = hashlib.blake2b(number.to_bytes(8), digest_size=6).hexdigest()
    return f"{digest}.{('example', 'test')[number % 2]}"


def _address(number: int) -> str:
    mixed = (number * 2_654_435_761) % 2**32
    return f"{16 + (mixed >> 24) % 80}.{mixed >> 16 & 255}.{mixed >> 8 & 255}.{mixed & 255}"


def _indicators(count: int, seed: int) -> Iterator[Indicator]:
    for number in range(count):
        mine = number + seed * 10**12
        if number % 5 < 2:
            kind, value = IndicatorType.ADDRESS, _address(number)
        elif number % 5 < 4:
            kind, value = IndicatorType.DOMAIN, _domain(mine)
        else:
            kind, value = IndicatorType.HASH, hashlib.sha256(mine.to_bytes(8)).hexdigest()
        yield Indicator(kind, value, "bench")


def _batches(events: int, indicators: int, seed: int) -> Iterator[EventBatch]:
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    for first in range(0, events // 2, BATCH_ROWS):
        count = min(BATCH_ROWS, events // 2 - first)
        queries = {"query_hostname": [_query(rng, indicators, seed) for _ in range(count)]}
        yield _batch("dns_activity", queries, first, count)
    for first in range(events // 2, events, BATCH_ROWS):
        count = min(BATCH_ROWS, events - first)
        flows = {
            "src_endpoint_ip": [_inside(rng) for _ in range(count)],
            "dst_endpoint_ip": [_peer(rng, indicators) for _ in range(count)],
        }
        yield _batch("network_activity", flows, first, count)


def _inside(rng: random.Random) -> str:
    return f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}"


def _query(rng: random.Random, indicators: int, seed: int) -> str:
    if rng.randrange(ONE_IN) == 0:
        number = rng.randrange(max(indicators // 5, 1)) * 5 + 2
        return "www." + _domain(number + seed * 10**12)
    return f"h{rng.randrange(10**6)}.site{rng.randrange(10**8)}.example"


def _peer(rng: random.Random, indicators: int) -> str:
    if rng.randrange(ONE_IN) == 0:
        return _address(rng.randrange(max(indicators // 5, 1)) * 5)
    number = rng.randrange(2**24)
    return f"{100 + rng.randrange(100)}.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def _batch(name: str, columns: dict[str, list[str]], first: int, count: int) -> EventBatch:
    schema = EVENT_CLASSES[name].schema
    schema = schema.remove(schema.get_field_index("native"))
    known: dict[str, pa.Array] = {key: pa.array(values) for key, values in columns.items()}
    known["event_id"] = pa.array([f"bench:{first + n}" for n in range(count)])
    known["source_id"] = pa.repeat("bench", count)
    known["time"] = pa.repeat(_TIME, count)
    known["day"] = pa.repeat("2026-03-31", count)
    known["device_hostname"] = pa.array([f"pc{n % 400}" for n in range(count)])
    arrays = [
        known[field.name] if field.name in known else pa.nulls(count, field.type)
        for field in schema
    ]
    events = pa.RecordBatch.from_arrays(arrays, schema=schema)
    native = pa.RecordBatch.from_pydict({"_": pa.nulls(count, pa.string())})
    return EventBatch(EVENT_CLASSES[name], LogSource("bench"), events, native)


def _rows(batch: EventBatch) -> pa.Table:
    schema = batch.event_class.schema
    native = pa.nulls(batch.num_rows, schema.field("native").type)
    return pa.Table.from_arrays([*batch.events.columns, native], schema=schema)


def _sets(store: IndicatorStore) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {"address": set(), "domain": set()}
    for segment in store.segments():
        for kind, values in known.items():
            first, last = segment.ranges[kind]
            values.update(segment.rows.slice(first, last - first)["value"].to_pylist())
    return known


def _python_timed(store: IndicatorStore, batches: list[EventBatch]) -> tuple[float, int]:
    known = _sets(store)
    return _timed(lambda: _python(known, batches))


def _python(known: dict[str, set[str]], batches: list[EventBatch]) -> int:
    """The peer that anybody would write: a loop over events and a set per type."""
    addresses, domains = known["address"], known["domain"]
    hits = 0
    for batch in batches:
        names = batch.event_class.by_name
        if "query_hostname" in names:
            for name in batch.events["query_hostname"].to_pylist():
                parts = name.split(".") if name else []
                hits += any(".".join(parts[n:]) in domains for n in range(len(parts) - 1))
        else:
            for column in ("src_endpoint_ip", "dst_endpoint_ip"):
                hits += sum(value in addresses for value in batch.events[column].to_pylist())
    return hits


def _duckdb(store: IndicatorStore, lake: Lake) -> int:
    """The peer that joins: one equality per depth of domain and per address column."""
    (segment,) = store.segments()
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("i", segment.rows)
        connection.execute("CREATE TABLE known AS SELECT type, value FROM i")
        files = {name: lake.files(name) for name in ("dns_activity", "network_activity")}
        domains = connection.execute(
            "SELECT count(DISTINCT event_id) FROM (SELECT event_id, unnest([query_hostname, "
            "regexp_extract(query_hostname, '[^.]+\\.[^.]+$')]) AS value FROM read_parquet(?)) "
            "JOIN known USING (value) WHERE type = 'domain'",
            [files["dns_activity"]],
        ).fetchone()
        addresses = connection.execute(
            "SELECT count(*) FROM (SELECT unnest([src_endpoint_ip, dst_endpoint_ip]) AS value "
            "FROM read_parquet(?)) JOIN known USING (value) WHERE type = 'address'",
            [files["network_activity"]],
        ).fetchone()
    assert domains is not None
    assert addresses is not None
    return int(domains[0]) + int(addresses[0])
