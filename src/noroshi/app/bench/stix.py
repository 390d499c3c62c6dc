"""STIX in: objects a CPU-second checked and stored, beside the reference library's parsing."""

from __future__ import annotations

import importlib.util
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from noroshi.app.bench_stores import bytes_of
from noroshi.app.errors import AppError
from noroshi.app.made_up.stix import made_up_indicators
from noroshi.collect.quiet import collector_held_back
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, ObjectStore, Provenance
from noroshi.intel.objects.bundle import read_objects
from noroshi.intel.objects.tables import TABLES

INDICATORS = 200_000
_LOOKUPS = 2_000
_PEER_OBJECTS = 2_000
_SOURCE = Provenance("bench", 0, "bench")


def run(
    data: Path | None = None, indicators: int = INDICATORS, location: str = ""
) -> dict[str, Any]:
    """Measure.

    Args:
        data: folder of real data, for ATT&CK.
        indicators: how many made-up ones.
        location: ``postgresql://`` URL of an empty database, emptied after each part; a SQLite file
            if there is none. Its server's own time is not counted, so look at the clock's too.
    """
    result: dict[str, Any] = {"indicators": _indicators(indicators, location)}
    attack = data / "attack" / "enterprise-attack.json.gz" if data else None
    if attack is not None and attack.is_file():
        objects = read_objects(attack)
        result["attack"] = _add(objects, location)
        result["peer"] = _peer(objects)
        if "objects_per_cpu_second" in result["peer"]:
            result["ratio_to_peer"] = (
                result["attack"]["objects_per_cpu_second"]
                / result["peer"]["objects_per_cpu_second"]
            )
    result["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


@contextmanager
def _opened(location: str) -> Iterator[tuple[Knowledge, Path]]:
    """Yield an empty store and the folder that it lies in; a database is emptied afterwards."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Knowledge(location or Path(folder) / "k") as knowledge,
    ):
        if ObjectStore(knowledge).count():
            raise AppError(f"{knowledge.name} holds objects; give an empty database")
        try:
            yield knowledge, Path(folder)
        finally:
            if location:
                with knowledge.write() as connection:
                    for table in TABLES:
                        connection.execute(table.delete())


def _add(objects: list[dict[str, Any]], location: str) -> dict[str, Any]:
    with _opened(location) as (knowledge, _):
        store = ObjectStore(knowledge)
        with collector_held_back():
            clock, begin = time.perf_counter(), time.process_time()
            added = store.add(objects, _SOURCE)
            first, seconds = time.process_time() - begin, time.perf_counter() - clock
            begin = time.process_time()
            store.add(objects, _SOURCE)
            again = time.process_time() - begin
            begin = time.process_time()
            seen = sum(1 for _ in store.all(Clearance()))
            out = time.process_time() - begin
        return {
            "objects": len(objects),
            "refused": len(added.refused),
            "cpu_seconds": first,
            "clock_seconds": seconds,
            "objects_per_clock_second": len(objects) / seconds,
            "objects_per_cpu_second": len(objects) / first,
            "again_per_cpu_second": len(objects) / again,
            "out_through_markings_per_cpu_second": seen / out,
        }


def _indicators(count: int, location: str) -> dict[str, Any]:
    with _opened(location) as (knowledge, folder):
        store = ObjectStore(knowledge)
        items = made_up_indicators(count)
        spent = seconds = 0.0
        with collector_held_back():
            while part := [item for _, item in zip(range(20_000), items, strict=False)]:
                clock, begin = time.perf_counter(), time.process_time()
                store.add(part, _SOURCE)
                spent += time.process_time() - begin
                seconds += time.perf_counter() - clock
        size = bytes_of(knowledge, folder)
        begin = time.process_time()
        for number in range(_LOOKUPS):
            value = f"host{number * 97 % count}.example"
            if not store.naming(value, Clearance.everything(), 1):
                raise AssertionError(value)
        lookup = (time.process_time() - begin) / _LOOKUPS
        return {
            "objects": count,
            "objects_per_cpu_second": count / spent,
            "objects_per_clock_second": count / seconds,
            "bytes_per_object": size / count,
            "gigabytes_at_10_million": size / count * 10_000_000 / 1e9,
            "lookup_milliseconds": lookup * 1000,
        }


def _peer(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Parse some of the same objects with the reference library, which stores nothing."""
    if importlib.util.find_spec("stix2") is None:
        return {"stix2": "not installed"}
    import stix2

    part = objects[:: max(1, len(objects) // _PEER_OBJECTS)]
    begin = time.process_time()
    for item in part:
        stix2.parse(item, allow_custom=True)
    spent = time.process_time() - begin
    return {"objects": len(part), "objects_per_cpu_second": len(part) / spent}
