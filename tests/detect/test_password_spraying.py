"""Spraying and guessing are found where planted and nowhere else, alike on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.detect.events import MINUTE, START, Event, Files, logon

from noroshi.detect.analyse import Silence, analyse
from noroshi.detect.password_spraying import GUESS_TRIES, SPRAY_ACCOUNTS
from noroshi.detect.registry import Window, detectors
from noroshi.lake.engine import Engine
from noroshi.lang import render
from noroshi.model import Entity, EntityType, Finding, Severity

ATTACKER, OFFICE = "203.0.113.7", "198.51.100.20"
BOTH = [item for item in detectors() if item.name in ("password_spraying", "password_guessing")]


def spray(accounts: int = SPRAY_ACCOUNTS, pause: int = MINUTE) -> list[Event]:
    return [logon(START + n * pause, f"User{n:02}", ATTACKER) for n in range(accounts)]


def guesses(tries: int = GUESS_TRIES, pause: int = MINUTE // 6) -> list[Event]:
    return [logon(START + n * pause, "admin", ATTACKER, host="web1") for n in range(tries)]


def found(engine: Engine, folder: Path, events: list[Event]) -> list[Finding]:
    files = Files(folder, "authentication", events)
    results = list(analyse(engine, files, Window(), BOTH))
    assert not [item for item in results if isinstance(item, Silence)]
    return [item for item in results if isinstance(item, Finding)]


def test_both_are_found_alike_on_every_engine(engine: Engine, tmp_path: Path) -> None:
    entered = logon(START + 30 * MINUTE, "user03", ATTACKER, ok=True)
    guessed = logon(START + 5 * MINUTE, "admin", ATTACKER, ok=True, host="web1")
    guessing, spraying = sorted(
        found(engine, tmp_path, [*spray(12), entered, *guesses(), guessed]),
        key=lambda item: item.analytic,
    )
    assert spraying.subject == ATTACKER
    assert spraying.severity == Severity.HIGH
    assert spraying.techniques == ("T1110.003",)
    assert (spraying.first, spraying.last) == (START, START + 30 * MINUTE)
    assert spraying.hosts == ("dc1", "web1")
    assert Entity(EntityType.ADDRESS, ATTACKER) in spraying.entities
    assert Entity(EntityType.USER, "user03") in spraying.entities
    # The guessed account counts as one that got in as well.
    assert spraying.explanation.params["entered"] == 2
    assert spraying.explanation.params["accounts"] == 11
    assert guessing.subject == "admin"
    assert guessing.severity == Severity.HIGH
    assert guessing.count == GUESS_TRIES
    assert guessing.hosts == ("web1",)
    # The success comes last in time and is kept although the sample is full.
    assert [item.event_id for item in guessing.evidence][::19] == ["s:13", "s:33"]


def test_a_refused_spray_is_medium(duckdb_engine: Engine, tmp_path: Path) -> None:
    (finding,) = found(duckdb_engine, tmp_path, spray())
    assert finding.severity == Severity.MEDIUM
    assert "none of these accounts" in render(finding.explanation, "en")


def test_a_spray_over_midnight_is_one(duckdb_engine: Engine, tmp_path: Path) -> None:
    events = [event | {"time": event["time"] - 5 * MINUTE} for event in spray()]
    (finding,) = found(duckdb_engine, tmp_path, events)
    assert finding.explanation.params["accounts"] == SPRAY_ACCOUNTS


def test_ids_are_the_same_again(duckdb_engine: Engine, tmp_path: Path) -> None:
    first = found(duckdb_engine, tmp_path / "a", [*spray(), *guesses()])
    assert first == found(duckdb_engine, tmp_path / "b", [*spray(), *guesses()])
    assert len({item.id for item in first}) == 2


def test_nothing_outside_the_window(duckdb_engine: Engine, tmp_path: Path) -> None:
    files = Files(tmp_path, "authentication", spray())
    assert list(analyse(duckdb_engine, files, Window(START + 60 * MINUTE), BOTH)) == []


def people(count: int, mistakes: int) -> list[Event]:
    """Return a morning behind one address: everybody mistypes, then gets in."""
    return [
        logon(START + n * MINUTE + k, f"staff{n}", OFFICE, ok=k == mistakes)
        for n in range(count)
        for k in range(mistakes + 1)
    ]


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(spray(SPRAY_ACCOUNTS - 1), id="too few accounts"),
        pytest.param(spray(pause=61 * MINUTE), id="an hour and more between tries"),
        pytest.param(people(40, 2), id="typos, then success"),
        pytest.param(
            people(40, 1) + [logon(START + n, f"left{n}", OFFICE) for n in range(15)],
            id="a gateway where most get in",
        ),
        pytest.param(
            [logon(START + n, f"PC{n}$", ATTACKER) for n in range(40)], id="machine accounts"
        ),
        pytest.param(
            [logon(START + n, f"u{n}", "") | {"src_endpoint_ip": None} for n in range(40)],
            id="no source",
        ),
        pytest.param(
            [logon(START + n, f"u{n}", OFFICE) | {"activity_id": 2} for n in range(40)],
            id="logoffs",
        ),
        pytest.param(guesses(GUESS_TRIES - 1), id="too few tries"),
        pytest.param(guesses(200, 2 * MINUTE), id="a service with an old password"),
        pytest.param(guesses(60, 11 * MINUTE), id="long pauses"),
        pytest.param([logon(0, f"u{n}", ATTACKER) for n in range(40)], id="undated events"),
        pytest.param([], id="no events"),
    ],
)
def test_benign_logons_say_nothing(
    duckdb_engine: Engine, tmp_path: Path, events: list[Event]
) -> None:
    assert found(duckdb_engine, tmp_path, events) == []


def test_guesses_from_many_sources(duckdb_engine: Engine, tmp_path: Path) -> None:
    events = [event | {"src_endpoint_ip": f"203.0.113.{n}"} for n, event in enumerate(guesses(30))]
    (finding,) = found(duckdb_engine, tmp_path, events)
    assert finding.explanation.params["sources"] == 30
    # The owner at work meanwhile is no success of a guesser.
    owner = logon(START + MINUTE, "admin", "192.168.1.5", ok=True, host="web1")
    (finding,) = found(duckdb_engine, tmp_path / "owner", [*events, owner])
    assert finding.severity == Severity.MEDIUM


def test_loopback_is_the_host_itself(duckdb_engine: Engine, tmp_path: Path) -> None:
    events = [logon(START + n, f"u{n}", "127.0.0.1", host=f"PC{n % 2}") for n in range(2 * 12)]
    assert [item.subject for item in found(duckdb_engine, tmp_path, events)] == ["pc0", "pc1"]
