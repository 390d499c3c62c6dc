"""An exercise's evidence comes through the town's sensors, a window at a time."""

from __future__ import annotations

import json
import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from noroshi.drill.action import Action, ActionKind, Defences
from noroshi.drill.clock import JST, at
from noroshi.drill.demo import SCENARIO
from noroshi.drill.exercise.sight import LEFT_OUT, looked, sensors_of
from noroshi.drill.exercise.stage import ScenarioStage, happened
from noroshi.drill.intruder.bind import bind
from noroshi.drill.intruder.play import tell
from noroshi.drill.intruder.sensors import seen
from noroshi.drill.invariants import check
from noroshi.drill.observe.town import TOWN
from noroshi.drill.observe.truth import numbered
from noroshi.drill.scenario.shelf import scenario

STAGE = ScenarioStage()
SETTINGS = STAGE.open(SCENARIO, 1, 1, "")
CUTS = (SETTINGS.begin, at(8, 31, 7), at(10, 2), at(10, 3), at(13), SETTINGS.end)
GROWN = (
    "windows/winlogbeat.ndjson", "windows/object-access.xml", "proxy/access.log", "zeek/conn.log",
    "zeek/dns.log", "firewall/fw01.log", "mail/mail.log", "mail/journal.mbox", "dns/named.log",
    "dhcp/dhcpd.log", "cloud/signins.json", "cloud/unified-audit.json", "edr/alerts.json",
    "operation-log/20260520.csv", "backup/hozon-jobs.csv", "radius/detail", "vpn/fw01-vpn.log",
    "www01/access.log", "www01/auth.log", "www01/audit.log",
)  # fmt: skip


def write(folder: Path, begin: int, end: int, actions: tuple[Action, ...] = ()) -> Path:
    folder.mkdir(parents=True)
    STAGE.write(SETTINGS, actions, begin, end, folder)
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("whole") / "w", SETTINGS.begin, SETTINGS.end)


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same time in five windows, as an exercise's folder has them."""
    folder = tmp_path_factory.mktemp("parted") / "evidence"
    for begin, end in pairwise(CUTS):
        write(folder / f"{stamp(begin)}-{stamp(end)}", begin, end)
    return folder


def stamp(time: int) -> str:
    return f"{datetime.fromtimestamp(time // 1_000_000, JST):%Y%m%dT%H%M%S}"


def lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    text = path.read_bytes().decode("utf-8", "replace")
    return [line for line in text.splitlines() if not line.startswith(("#", "<?xml", "<Events>"))]


@pytest.mark.parametrize("name", GROWN)
def test_windows_put_together_are_the_day(name: str, whole: Path, windows: Path) -> None:
    head = set(lines(whole / name)[:1]) if name.endswith(".csv") else set()
    parts = [
        [line for line in lines(part / name) if line not in head and line != "</Events>"]
        for part in sorted(windows.iterdir())
    ]
    expected = [line for line in lines(whole / name) if line not in head and line != "</Events>"]
    assert [line for part in parts for line in part] == expected
    assert expected


def test_no_contradiction_in_windows(windows: Path) -> None:
    broken = {each.invariant.id: each.examples for each in check(windows) if each.violations}
    assert broken == {}


def test_the_mail_log_tells_nothing_of_what_comes_after_its_window(windows: Path) -> None:
    said = re.compile(r"May 20 (\d\d:\d\d:\d\d)")
    for part in windows.iterdir():
        begin, _, end = part.name.partition("-")
        for line in lines(part / "mail/mail.log"):
            found = said.match(line)
            assert found
            assert begin[9:] <= found[1].replace(":", "") <= end[9:]


def test_a_ticket_is_open_till_it_is_closed(windows: Path, whole: Path) -> None:
    rows = [line for part in sorted(windows.iterdir())
            for line in lines(part / "helpdesk/tickets.csv")[1:]]  # fmt: skip
    last = {row.partition(",")[0]: row for row in rows}
    assert sorted(last.values()) == sorted(lines(whole / "helpdesk/tickets.csv")[1:])
    assert len(rows) > len(last), "none was open at the end of a window: the test shows nothing"
    for part in windows.iterdir():
        until = f"2026/05/20 {part.name[25:27]}:{part.name[27:29]}:{part.name[29:31]}"
        assert all(
            row.rpartition(",")[2] <= until for row in lines(part / "helpdesk/tickets.csv")[1:]
        )


def test_what_a_later_action_changes_was_not_written_yet(tmp_path: Path) -> None:
    """An endpoint product's alerts about others, and all else before it, stay byte for byte."""
    isolated = (Action(at(11), ActionKind.ISOLATE_HOST, "PC039", "csirt"),)
    before = [
        {path.name: path.read_bytes() for path in write(tmp_path / name, at(9), at(11), actions)
         .rglob("*") if path.is_file()}
        for name, actions in (("a", ()), ("b", isolated))
    ]  # fmt: skip
    assert before[0] == before[1]
    after = [
        [line for line in lines(write(tmp_path / name, at(11), SETTINGS.end, actions)
         / "edr/alerts.json") if json.loads(line)["process"] and "pc039" not in line.lower()]
        for name, actions in (("c", ()), ("d", isolated))
    ]  # fmt: skip
    assert set(after[1]) < set(after[0]), "nothing followed from the machine: the test is empty"
    kept = {line for line in after[0] if json.loads(line)["rule_id"] == "E-2201"}
    assert kept <= set(after[1])


@pytest.mark.parametrize(
    ("name", "level"), [("mail-macro", 3), ("insider", 2), ("vpn-flaw", 2), ("hospital", 3)]
)
def test_what_counts_as_seen_is_in_a_record_and_nothing_else_is(name: str, level: int) -> None:
    bound = bind(scenario(name), 1, level)
    story = tell(bound, Defences())
    events = happened(bound, story, Defences(), 0, bound.clock(bound.scenario.end))
    numbers, missing = numbered(events), bound.setting.missing
    end = bound.clock(bound.scenario.end)
    shown = {n for each in looked(bound, [], events, 0, end, numbers) for n in each.shown}
    told = {numbers[id(event)]: event for event in events if id(event) in numbers}
    assert {number for number, event in told.items() if seen(event, bound.world, missing)} == shown
    assert shown


def test_all_sensors_of_the_town_are_there_but_those_that_are_declared_out() -> None:
    names = {sensor.name for sensor in sensors_of(bind(scenario(SCENARIO), 1, 1))}
    assert {sensor.name for sensor in TOWN} - names == set(LEFT_OUT)


def test_a_level_takes_a_machine_out_of_all_that_speaks_of_it() -> None:
    limits = {each.name: each.limits for each in sensors_of(bind(scenario(SCENARIO), 1, 3))}
    for name in ("windows", "object-access", "edr"):
        hosts = limits[name].hosts
        assert hosts
        assert "FS01" not in hosts
    assert limits["tickets"].missing
    assert not limits["proxy"].missing
