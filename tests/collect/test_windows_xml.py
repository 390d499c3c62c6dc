from __future__ import annotations

import io

from noroshi.collect import BadRecord, Evidence, Record
from noroshi.collect.decoding import CHUNK_BYTES
from noroshi.collect.windows_xml import read_windows_xml

ONE = "<Event xmlns='x'><System><Provider Name='S'/><EventID>{}</EventID></System></Event>"


def read(data: bytes) -> list[Record | BadRecord]:
    return list(read_windows_xml(Evidence("x", lambda: io.BytesIO(data))))


def numbers(found: list[Record | BadRecord]) -> list[object]:
    return [item.fields["EventID"] if isinstance(item, Record) else "bad" for item in found]


def test_events_in_a_row_and_in_a_wrapper() -> None:
    both = ONE.format(1) + "\r\n" + ONE.format(2)

    assert numbers(read(both.encode())) == ["1", "2"]
    assert numbers(read(f"<?xml version='1.0'?><Events>{both}</Events>".encode())) == ["1", "2"]
    assert numbers(read(("\ufeff" + both).encode("utf-16-le"))) == ["1", "2"]


def test_events_that_cross_a_chunk() -> None:
    filler = " " * (CHUNK_BYTES - 20)

    assert numbers(read((filler + ONE.format(1) + ONE.format(2)).encode())) == ["1", "2"]


def test_a_broken_event_costs_itself() -> None:
    data = ONE.format(1) + "<Event><System></Event>" + ONE.format(3) + "<Event><System>"

    assert numbers(read(data.encode())) == ["1", "bad", "3", "bad"]
