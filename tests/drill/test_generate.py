"""Many days: the same bytes however they are made, and no contradiction between days."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from noroshi.drill.clock import HOUR
from noroshi.drill.crowd import grown
from noroshi.drill.day import Day
from noroshi.drill.errors import DrillError
from noroshi.drill.event import Process
from noroshi.drill.generate import FORMATS, Plan, Summary, generate
from noroshi.drill.invariants import check
from noroshi.drill.life import live
from noroshi.drill.period import Period
from noroshi.drill.staff import arrive
from noroshi.drill.world import Site, build_world

PLAN = Plan(staff=14, first=date(2026, 5, 20), days=5, seed=3)
STORY = Plan(staff=42, first=date(2026, 5, 20), days=2, scenario="mail-macro")
MASTER = Site("sync.master-sample.example", "192.0.2.77")
NO_STORY = {"opened-attachment-was-delivered"}
OTHER_FIREWALL = {"translated-connection-behind"}
NOT_THERE = NO_STORY | OTHER_FIREWALL


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("generated")


@pytest.fixture(scope="module")
def summary(folder: Path) -> Summary:
    return generate(PLAN, folder, workers=1)


def test_no_log_contradicts_another_over_days(folder: Path, summary: Summary) -> None:
    assert summary.records > 80_000
    for result in check(folder):
        assert result.examples == (), result.invariant.id
        assert result.looked_at or result.invariant.id in NOT_THERE, result.invariant.id


def test_a_story_among_the_days_contradicts_nothing_and_is_told_beside_them(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    generate(STORY, folder, workers=1)
    for result in check(folder):
        assert result.examples == (), result.invariant.id
        assert result.looked_at or result.invariant.id in OTHER_FIREWALL, result.invariant.id
    truth = json.loads((tmp_path / "evidence-truth.json").read_text("utf-8"))
    assert {event["step"] for event in truth["events"]} >= {"lure", "macro", "exfiltration"}
    assert {event["time"][:10] for event in truth["events"]} == {"2026-05-21"}
    lines: dict[str, list[str]] = {}
    for event in truth["events"]:
        for place in event["seen"]:
            path = folder / place["file"]
            if path.suffix == ".ndjson" and event["kind"] == "ProcessStarted":
                text = lines.setdefault(path.name, path.read_text("utf-8").split("\n"))
                assert json.dumps(event["what"]["process_path"]) in text[place["line"] - 1]
    assert lines


def test_an_organisation_is_made_of_a_profile(tmp_path: Path) -> None:
    summary = generate(Plan(30, date(2026, 5, 21), 1, profile="city"), tmp_path, workers=1)
    assert summary.records > 30_000
    for result in check(tmp_path):
        assert result.examples == (), result.invariant.id
    assert "midorino" not in (tmp_path / "windows/winlogbeat-20260521.ndjson").read_text("utf-8")


def test_any_number_of_workers_gives_the_same_bytes(summary: Summary, tmp_path: Path) -> None:
    assert generate(PLAN, tmp_path, workers=3).sha256 == summary.sha256


def test_what_was_stopped_goes_on(folder: Path, summary: Summary, tmp_path: Path) -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(PLAN, tmp_path, workers=1, progress=stop)
    (tmp_path / "zeek/conn-20260522.log.part").write_text("half a line")
    again = generate(PLAN, tmp_path, workers=1)
    assert again.resumed == 1
    assert again.sha256 == summary.sha256
    assert not list(tmp_path.rglob("*.part"))
    assert {path.name for path in tmp_path.rglob("*.log")} == {
        path.name for path in folder.rglob("*.log")
    }


def test_the_weekend_is_quiet_and_each_day_has_its_files(folder: Path, summary: Summary) -> None:
    sizes = {path.name: path.stat().st_size for path in sorted((folder / "proxy").iterdir())}
    assert len(sizes) == PLAN.days
    assert sizes["access-20260523.log"] < sizes["access-20260522.log"] / 2
    assert not (folder / "mail/journal-20260524.mbox").exists()
    assert summary.bytes > sum(sizes.values())


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(12, date(2026, 5, 22), 5), "another plan"),
        (Plan(0, date(2026, 5, 21), 5), "0 staff"),
        (Plan(12, date(2026, 5, 21), 5, formats=("punch-cards",)), "there are windows"),
        (Plan(12, date(2026, 5, 21), 1, scenario="mail-macro"), "at least 42"),
        (Plan(60, date(2026, 5, 21), 1, scenario="mail-macro", level=9), "no level 9"),
        (Plan(60, date(2026, 5, 21), 1, profile="hotel"), "no kind of organisation 'hotel'"),
        (Plan(2_000, date(2026, 5, 21), 10_000_000), "GB are free"),
    ],
)
def test_what_cannot_be_made_is_said(
    plan: Plan, said: str, folder: Path, summary: Summary, tmp_path: Path
) -> None:
    assert summary.records
    with pytest.raises(DrillError, match=said):
        generate(plan, folder if said == "another plan" else tmp_path, workers=1)


def test_formats_can_be_chosen(tmp_path: Path) -> None:
    few = Plan(5, date(2026, 5, 21), 1, formats=("proxy",))
    generate(few, tmp_path, workers=1)
    assert [path.parent.name for path in tmp_path.rglob("*.log")] == ["proxy"]
    assert "suricata" in FORMATS


def test_a_story_that_spans_days_is_the_same_story_on_each() -> None:
    """A program started on the first day reports on the second, under the same number."""
    world, period = grown(build_world(1), 12), Period(date(2026, 5, 21), 2)
    seen: list[Process] = []

    def story(day: Day) -> None:
        with day.step("implant"):
            desk = arrive(day, world.people[3], stays_on=True, number=0)
            program = day.start(
                desk.session, desk.browser.program, "implant", desk.begins + HOUR, desk.explorer
            )
            seen.append(program)
            for hour in range(30):
                day.fetch(program, MASTER, desk.begins + (1 + hour) * HOUR + 1)

    days = [live(world, 1, number, period, story) for number in (0, 1)]
    first, second = seen
    assert (first.guid, first.pid, first.session.logon_id) == (
        second.guid, second.pid, second.session.logon_id,
    )  # fmt: skip
    told = [[event.time for event in day.events if event.step] for day in days]
    assert told[0]
    assert told[1]
    assert max(told[0]) < days[1].begin <= min(told[1])


def test_holidays_and_the_new_year_are_no_workdays() -> None:
    period = Period(date(2026, 12, 28), 10, build_world(1).calendar)
    assert [period.workday(number) for number in range(10)] == [
        True, False, False, False, False, False, False, True, True, True,
    ]  # fmt: skip
    assert not Period(date(2026, 5, 5), 1, build_world(1).calendar).workday(0)
