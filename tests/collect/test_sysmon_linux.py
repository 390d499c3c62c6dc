from __future__ import annotations

import io

import pytest

from noroshi.collect import BadRecord, Evidence, Record
from noroshi.collect.sysmon_linux import read_sysmon_linux

APRIL = 1_775_005_205_000_000  # 2026-04-01T01:00:05Z
EVENT = (
    '<Event><System><Provider Name="Linux-Sysmon"/><EventID>1</EventID>'
    '<TimeCreated SystemTime="2026-04-01T01:00:05.000000000Z"/>'
    "<Channel>Linux-Sysmon/Operational</Channel><Computer>web01</Computer></System><EventData>"
    '<Data Name="Image">/usr/bin/bash</Data><Data Name="CommandLine">a 2>&1 | b</Data>'
    "</EventData></Event>"
)


def read(text: str, modified: int = APRIL) -> list[Record | BadRecord]:
    data = text.encode()
    return list(read_sysmon_linux(Evidence("x", lambda: io.BytesIO(data), modified=modified)))


def test_the_event_has_the_sysmon_shape_of_linux() -> None:
    (found,) = read(f"Apr  1 01:00:05 web01 sysmon: {EVENT}\n")

    assert isinstance(found, Record)
    assert found.shape.name == "sysmon/1"
    assert found.shape.log_source.covers("linux", "sysmon", "process_creation")
    assert found.fields["CommandLine"] == "a 2>&1 | b"


@pytest.mark.parametrize("kept", [-1, -20, -40, -60])
def test_what_is_left_of_a_cut_event_is_kept(kept: int) -> None:
    (found,) = read(f"Apr  1 01:00:05 web01 sysmon: {EVENT[:kept]}\n")

    assert isinstance(found, Record)
    assert found.fields["Image"] == "/usr/bin/bash"
    assert found.fields["EventTruncated"] is True


def test_an_event_cut_before_its_data_is_bad() -> None:
    (found,) = read(f"Apr  1 01:00:05 web01 sysmon: {EVENT[:90]}\n")

    assert isinstance(found, BadRecord)


@pytest.mark.parametrize(
    "line",
    [
        "Apr  1 01:00:05 web01 CRON[9]: x",
        "<13>Apr  1 01:00:05 web01 CRON[9]: x",
        "2026-04-01T10:00:05+09:00 web01 CRON[9]: x",
    ],
)
def test_other_lines_are_plain_messages(line: str) -> None:
    (found,) = read(line)

    assert isinstance(found, Record)
    assert found.time == APRIL
    assert found.fields["message"] == line
    assert found.fields["hostname"] == "web01"


def test_the_year_is_the_one_nearest_to_the_events_around() -> None:
    line = "Dec 31 23:59:59 web01 CRON[9]: x"

    (found,) = read(line, modified=APRIL)

    assert isinstance(found, Record)
    assert found.time == 1_767_225_599_000_000  # 2025-12-31
