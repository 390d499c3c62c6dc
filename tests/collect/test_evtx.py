from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.collect.evtx_writer import event, event_log

from noroshi.collect import BadRecord, Evidence, Record
from noroshi.collect.evtx import LOG_CHUNK_BYTES, read_evtx

MOMENT = datetime(2026, 4, 1, 1, 2, 3, 456_000, tzinfo=UTC)
CHANNEL = "Microsoft-Windows-Sysmon/Operational"


def a_log(count: int = 3) -> bytes:
    data = {
        "Image": r"C:\Windows\System32\whoami.exe",
        "ProcessGuid": "7C1D2A40-5B01-69CC-1A02-000000001F00",
    }
    one = event("Microsoft-Windows-Sysmon", CHANNEL, 1, "KIKAKU-PC07", MOMENT, data)
    return event_log([(one, MOMENT)] * count)


def read(path: Path, content: bytes) -> tuple[list[Record], list[BadRecord]]:
    path.write_bytes(content)
    found = list(read_evtx(Evidence(str(path), lambda: path.open("rb"), path)))
    return (
        [item for item in found if isinstance(item, Record)],
        [item for item in found if isinstance(item, BadRecord)],
    )


def test_events_have_the_native_names(tmp_path: Path) -> None:
    records, bad = read(tmp_path / "a.evtx", a_log())

    assert (len(records), bad) == (3, [])
    assert records[0].shape.name == "sysmon/1"
    assert records[0].fields["Computer"] == "KIKAKU-PC07"
    assert records[0].fields["TimeCreated"] == "2026-04-01T01:02:03.456000Z"
    assert records[0].fields["ProcessGuid"] == "{7C1D2A40-5B01-69CC-1A02-000000001F00}"


def test_a_log_cut_in_its_first_chunk_keeps_what_is_left(tmp_path: Path) -> None:
    records, bad = read(tmp_path / "a.evtx", a_log()[:-1000])

    assert len(records) == 3
    assert "cut off" in bad[0].reason


def test_a_log_without_its_chunk(tmp_path: Path) -> None:
    records, bad = read(tmp_path / "a.evtx", a_log()[:4096])

    assert records == []
    assert bad[0].offset == 4096


def test_a_damaged_record_costs_itself_and_the_rest_is_kept(tmp_path: Path) -> None:
    content = bytearray(a_log(20))
    middle = content.index(b"**\0\0", 4096 + 512 + 3000)
    content[middle + 28 : middle + 60] = b"\xff" * 32

    records, bad = read(tmp_path / "a.evtx", bytes(content))

    assert (len(records), len(bad)) == (19, 1)
    assert 1 < bad[0].offset < 20


def test_a_damaged_chunk_costs_itself(tmp_path: Path) -> None:
    one = a_log()
    content = bytearray(one + b"x" * LOG_CHUNK_BYTES + one[4096:])
    content[42] = 3

    records, bad = read(tmp_path / "a.evtx", bytes(content))

    assert (len(records), len(bad)) == (6, 1)


def test_garbage_is_a_bad_record(tmp_path: Path) -> None:
    records, bad = read(tmp_path / "a.evtx", b"ElfFile\0" + b"x" * 90)

    assert records == []
    assert bad


def test_an_empty_log_is_no_fault(tmp_path: Path) -> None:
    content = bytearray(a_log()[:4096] + bytes(LOG_CHUNK_BYTES))
    content[42] = 0
    content[24] = 1  # the number of its first event

    assert read(tmp_path / "a.evtx", bytes(content)) == ([], [])


@pytest.mark.parametrize("behind", [0, 100, LOG_CHUNK_BYTES])
def test_nothing_but_the_magic_number_is_told(tmp_path: Path, behind: int) -> None:
    records, bad = read(tmp_path / "a.evtx", b"ElfFile\0" + bytes(4096 - 8 + behind))

    assert records == []
    assert [item.offset for item in bad] == [4096]


def test_a_promised_chunk_of_zeros_is_told(tmp_path: Path) -> None:
    one = a_log()
    content = bytearray(one + bytes(LOG_CHUNK_BYTES) + one[4096:] + bytes(LOG_CHUNK_BYTES))
    content[42] = 3

    records, bad = read(tmp_path / "a.evtx", bytes(content))

    assert len(records) == 6
    assert [item.reason for item in bad] == ["chunk 1 of 3 holds nothing but zeros"]


@pytest.mark.parametrize("kept", [8, 512, 1500])
def test_a_chunk_of_which_the_rest_is_zeros_is_told(tmp_path: Path, kept: int) -> None:
    whole = a_log(20)
    records, bad = read(tmp_path / "a.evtx", whole[: 4096 + kept].ljust(len(whole), b"\0"))

    assert len(records) < 20
    assert any("records of chunk 0 end" in item.reason for item in bad)
