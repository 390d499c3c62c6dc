"""Sensors see what their declared limits let them see, and the manifest says so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from noroshi.drill.clock import HOUR, MINUTE, SECOND, at
from noroshi.drill.day import Day
from noroshi.drill.event import Event
from noroshi.drill.invariants import check
from noroshi.drill.observe.folder import Observation, manifest, observe, write_observed
from noroshi.drill.observe.look import Seen, look
from noroshi.drill.observe.sensor import Limits, Outage, Sensor
from noroshi.drill.observe.town import FIREWALLS, TOWN, flawed
from noroshi.drill.observe.truth import knowable, numbered

BY_NAME = {sensor.name: sensor for sensor in TOWN}


def through(lived: Day, events: list[Event], name: str, limits: Limits) -> Seen:
    sensor: Sensor = replace(BY_NAME[name], limits=limits)
    return look(sensor, events, numbered(events), lived.world)


def test_every_event_of_the_story_is_shown_by_a_record_that_is_there(
    observed: Observation, folder: Path
) -> None:
    assert len(observed.story) > 600
    assert all(event.shown for event in observed.story)
    lengths = {
        sheet.name: len(sheet.lines) or sheet.records
        for seen in observed.seen
        for sheet in seen.sheets
    }
    for event in observed.story:
        for record in event.shown:
            assert 1 <= record.line <= lengths[record.file]
            assert (folder / record.file).is_file()


def test_the_record_that_shows_an_event_speaks_of_it(observed: Observation, folder: Path) -> None:
    lines = (folder / "proxy/access.log").read_text("utf-8").split("\n")
    uploads = [
        lines[record.line - 1]
        for event in observed.story
        if event.event.step == "exfiltration"
        for record in event.shown
        if record.file == "proxy/access.log"
    ]
    assert len(uploads) == 4
    assert all("upload.sorairo-storage.example" in line for line in uploads)


def test_causes_come_before_effects_and_lead_back_to_the_mail(observed: Observation) -> None:
    by_number = {event.number: event for event in observed.story}
    for event in observed.story:
        for cause in event.caused_by:
            assert by_number[cause].event.time <= event.event.time
            assert cause != event.number
    last = max(observed.story, key=lambda event: event.number)
    reached, open_numbers = set(), [last.number]
    while open_numbers:
        number = open_numbers.pop()
        if number not in reached:
            reached.add(number)
            open_numbers += by_number[number].caused_by
    assert any(by_number[number].event.step == "lure" for number in reached)


def test_steps_keep_their_names_in_the_sheets(observed: Observation) -> None:
    steps = {step for seen in observed.seen for sheet in seen.sheets for step in sheet.story}
    assert "exfiltration" in steps
    assert not any("#" in step for step in steps)


def test_more_is_knowable_later_and_lateness_counts(
    lived: Day, lived_events: list[Event], observed: Observation
) -> None:
    morning, night = knowable(observed.story, at(11)), knowable(observed.story, at(23, 59))
    assert 0 < len(morning) < len(night) == len(observed.story)
    sensors = [
        replace(sensor, limits=Limits(late=2 * HOUR)) for sensor in TOWN if sensor.name == "proxy"
    ]
    late = observe(lived_events, lived.world, sensors).story
    shown = next(event for event in late if event.shown)
    assert shown.known == shown.event.time + 2 * HOUR
    assert shown not in knowable(late, shown.event.time + HOUR)


def test_a_missing_sensor_writes_nothing(lived: Day, lived_events: list[Event]) -> None:
    seen = through(lived, lived_events, "windows", Limits(missing=True))
    assert seen.sheets == ()
    assert seen.shown == {}
    assert seen.lost == {"missing": len(lived_events)}


def test_hosts_that_are_not_covered_are_silent(lived: Day, lived_events: list[Event]) -> None:
    seen = through(lived, lived_events, "windows", Limits(hosts=frozenset({"FS01"})))
    names = {json.loads(line)["winlog"]["computer_name"] for line in seen.sheets[0].lines}
    assert names == {"fs01.midorino.example"}
    assert seen.lost["host not covered"] > 10_000


def test_an_outage_leaves_a_hole(lived: Day, lived_events: list[Event]) -> None:
    outage = Outage(at(9, 30), at(10, 30), "restart")
    seen = through(lived, lived_events, "proxy", Limits(outages=(outage,)))
    times = [float(line.split()[0]) * SECOND for line in seen.sheets[0].lines]
    assert times
    assert not any(outage.begin <= time < outage.end for time in times)
    assert any(time < outage.begin for time in times)


def test_rotation_keeps_the_newest_and_their_lines(lived: Day, lived_events: list[Event]) -> None:
    whole = through(lived, lived_events, "proxy", Limits())
    seen = through(lived, lived_events, "proxy", Limits(max_records=500))
    sheet = seen.sheets[0]
    assert sheet.lines == whole.sheets[0].lines[-500:]
    assert seen.dropped == whole.sheets[0].records - 500
    assert sheet.story == {
        step: kept
        for step, lines in whole.sheets[0].story.items()
        if (kept := [line - seen.dropped for line in lines if line > seen.dropped])
    }


def test_what_is_older_than_retention_is_gone(lived: Day, lived_events: list[Event]) -> None:
    seen = through(lived, lived_events, "dhcp-audit", Limits(kept_since=at(9)))
    rows = [line for line in seen.sheets[0].lines if line.startswith(("10,", "11,"))]
    assert rows
    assert all(line.split(",")[2] >= "09:00:00" for line in rows)


def test_sampling_keeps_about_one_of_n(lived: Day, lived_events: list[Event]) -> None:
    whole = through(lived, lived_events, "netflow", Limits()).sheets[0].records
    part = through(lived, lived_events, "netflow", Limits(sampling=10)).sheets[0].records
    assert whole / 14 < part < whole / 7


def test_long_lines_are_cut_and_letters_damaged(lived: Day, lived_events: list[Event]) -> None:
    cut = through(lived, lived_events, "cloud-audit", Limits(max_line=256))
    assert cut.cut
    assert max(map(len, cut.sheets[0].lines)) == 256
    hurt = through(lived, lived_events, "operations", Limits(damaged=50))
    assert hurt.damaged == sum("\N{REPLACEMENT CHARACTER}" in line for line in hurt.sheets[0].lines)
    assert hurt.damaged > 20


def test_a_skewed_clock_is_declared_or_noticed(
    lived: Day, lived_events: list[Event], tmp_path: Path
) -> None:
    names = {"zeek", "resolver"}
    sensors = [sensor for sensor in TOWN if sensor.name in names]
    skewed = flawed(sensors, {"resolver": Limits(skew=7 * MINUTE)})
    write_observed(lived_events, lived.world, tmp_path / "evidence", skewed)
    assert _offset(tmp_path / "evidence") == 0
    (tmp_path / "evidence-observation.json").unlink()
    assert _offset(tmp_path / "evidence") == 1


def _offset(folder: Path) -> int:
    results = {result.invariant.id: result for result in check(folder)}
    assert results["clock-offset-declared"].looked_at
    return results["clock-offset-declared"].violations


def test_drift_grows_over_the_day(lived: Day, lived_events: list[Event]) -> None:
    whole = through(lived, lived_events, "proxy", Limits())
    drifted = through(lived, lived_events, "proxy", Limits(drift=60 * SECOND))
    first, last = (
        float(drifted.sheets[0].lines[at_].split()[0])
        - float(whole.sheets[0].lines[at_].split()[0])
        for at_ in (0, -1)
    )
    assert first < 1
    assert last == pytest.approx(60, abs=6)


def test_the_manifest_tells_limits_and_what_was_missed(
    lived: Day, lived_events: list[Event]
) -> None:
    sensors = flawed(
        [BY_NAME["proxy"], FIREWALLS["cef"]],
        {"firewall": Limits(missing=True), "proxy": Limits(outages=(Outage(at(22), at(24)),))},
    )
    found = observe(lived_events, lived.world, sensors)
    told = manifest(found)
    assert json.loads(json.dumps(told)) == told or told["sensors"]
    assert told["sensors"][1]["limits"] == {"missing": True}
    unseen = set(told["unseen"])
    missed = {f"e{e.number}" for e in found.story if e.event.step == "exfiltration"}
    assert missed
    assert missed <= unseen


def test_limits_for_a_sensor_that_is_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="no such sensors"):
        flawed(TOWN, {"periscope": Limits()})


def test_the_same_day_gives_the_same_bytes(
    lived: Day, lived_events: list[Event], observed: Observation, folder: Path, tmp_path: Path
) -> None:
    office = [sensor for sensor in TOWN if sensor.name not in ("windows", "zeek", "suricata")]
    write_observed(lived_events, lived.world, tmp_path / "again", office)
    names = [path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*.*")]
    assert len(names) > 15
    for name in names:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name
