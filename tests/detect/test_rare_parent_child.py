"""Rare pairs are found where planted, ranked, bounded, and silent without a past."""

from __future__ import annotations

from pathlib import Path

from tests.detect.events import DAY, MINUTE, START, Event, Files, day_of, launch

from noroshi.detect.analyse import Silence, analyse
from noroshi.detect.rare_parent_child import HISTORY_DAYS, PARENT_EVENTS, PER_DAY
from noroshi.detect.registry import Window, detectors
from noroshi.lake.engine import Engine
from noroshi.lang import render
from noroshi.model import Finding, Severity

RARE = [item for item in detectors() if item.name == "rare_parent_child"]
WORD = r"C:\Program Files\Office\WINWORD.EXE"
SHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
TODAY = START + HISTORY_DAYS * DAY


def past(days: int = HISTORY_DAYS) -> list[Event]:
    """Return days in which four machines do the same every day."""
    return [
        launch(START + day * DAY + n * MINUTE, parent, child, host)
        for day in range(days)
        for host in ("pc1", "pc2", "PC3", "pc4")
        for n, (parent, child) in enumerate(
            [
                (r"C:\Windows\explorer.exe", WORD),
                (WORD, rf"C:\Office\splwow64-{day}.exe"),
                ("/usr/lib/systemd/systemd", "/usr/sbin/cron"),
            ]
        )
    ]


def results(
    engine: Engine, folder: Path, events: list[Event], window: Window | None = None
) -> list[Finding | Silence]:
    files = Files(folder, "process_activity", events)
    return list(analyse(engine, files, window or Window(), RARE))


def findings(
    engine: Engine, folder: Path, events: list[Event], window: Window | None = None
) -> list[Finding]:
    found = results(engine, folder, events, window)
    assert not [item for item in found if isinstance(item, Silence)]
    return [item for item in found if isinstance(item, Finding)]


def test_a_planted_pair_is_found_alike_on_every_engine(engine: Engine, tmp_path: Path) -> None:
    planted = launch(TODAY + MINUTE, WORD, SHELL, "PC2", "Suzuki")
    usual = launch(TODAY, WORD, r"C:\Office\splwow64-7.exe")
    (finding,) = findings(engine, tmp_path, [*past(), usual, planted])
    assert finding.explanation.params == {
        "parent": "winword.exe",
        "child": "powershell.exe",
        "hosts": 1,
        "all_hosts": 4,
        "events": 1,
        "parent_events": HISTORY_DAYS * 4 + 2,
        "history": HISTORY_DAYS,
    }
    assert finding.severity == Severity.MEDIUM
    assert finding.techniques == ("T1059",)
    assert (finding.subject, finding.hosts) == ("pc2", ("pc2",))
    assert {entity.value for entity in finding.entities} == {"pc2", "suzuki"}
    (event,) = finding.evidence
    assert dict(event.fields) == {"user": "Suzuki", "command": f"{SHELL} /run"}


def test_cold_start_is_said_in_words(duckdb_engine: Engine, tmp_path: Path) -> None:
    (silence,) = results(duckdb_engine, tmp_path, past(HISTORY_DAYS))
    assert isinstance(silence, Silence)
    assert "There are 7 days in all." in render(silence.reason, "en")
    assert "7 日分" in render(silence.reason, "ja")


def test_days_without_enough_past_say_nothing(duckdb_engine: Engine, tmp_path: Path) -> None:
    early = launch(START + (HISTORY_DAYS - 1) * DAY, WORD, SHELL)
    assert findings(duckdb_engine, tmp_path, [*past(HISTORY_DAYS + 1), early]) == []


def test_only_the_window_is_judged(duckdb_engine: Engine, tmp_path: Path) -> None:
    events = [*past(), launch(TODAY, WORD, SHELL), launch(TODAY + DAY, WORD, "/bin/sh")]
    (finding,) = findings(duckdb_engine, tmp_path, events, Window(TODAY + DAY, TODAY + 2 * DAY))
    assert finding.explanation.params["child"] == "sh"


def test_a_roll_out_is_not_rare(duckdb_engine: Engine, tmp_path: Path) -> None:
    rolled = [launch(TODAY, WORD, "/opt/new.exe", host) for host in ("pc1", "pc2", "pc3")]
    assert findings(duckdb_engine, tmp_path, [*past(), *rolled]) == []


def test_a_seldom_parent_proves_nothing(duckdb_engine: Engine, tmp_path: Path) -> None:
    seldom = [launch(TODAY, "/opt/setup", f"/opt/{n}.bin") for n in range(PARENT_EVENTS - 1)]
    assert findings(duckdb_engine, tmp_path, [*past(), *seldom]) == []


def test_a_machine_hardly_seen_proves_nothing(duckdb_engine: Engine, tmp_path: Path) -> None:
    fresh = launch(TODAY, WORD, SHELL, "pc9")
    assert findings(duckdb_engine, tmp_path, [*past(), fresh]) == []


def test_a_past_long_gone_proves_nothing(duckdb_engine: Engine, tmp_path: Path) -> None:
    later = launch(TODAY + 40 * DAY, WORD, SHELL)
    assert findings(duckdb_engine, tmp_path, [*past(HISTORY_DAYS + 1), later]) == []


def test_what_a_parent_often_does_is_not_rare(duckdb_engine: Engine, tmp_path: Path) -> None:
    often = [launch(TODAY + n, WORD, SHELL) for n in range(3)]
    assert findings(duckdb_engine, tmp_path, [*past(), *often]) == []


def test_a_flood_is_bounded_and_the_rarest_come_first(
    duckdb_engine: Engine, tmp_path: Path
) -> None:
    letters = "abcdefghijklmnopqrst"
    flood = [
        launch(TODAY + n, WORD, f"/opt/{name}x.exe", host)
        for n, name in enumerate(letters)
        for host in (("pc1", "pc2") if name < "k" else ("pc1",))
    ]
    found = findings(duckdb_engine, tmp_path, [*past(), *flood])
    assert len(found) == PER_DAY
    assert {str(item.explanation.params["child"])[0] for item in found} == set(letters[10:])
    assert {day_of(item.first) for item in found} == {day_of(TODAY)}
