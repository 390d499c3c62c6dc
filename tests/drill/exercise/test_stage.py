"""The built-in day as a stage: actions change what they touch, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import HOUR, MINUTE, at
from noroshi.drill.demo import SCENARIO as NAME
from noroshi.drill.errors import DrillError
from noroshi.drill.exercise.outcome import Status
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.variants import team_seed

STAGE = ScenarioStage()
SETTINGS = STAGE.open(NAME, 1, 1, "")
VICTIM = "PC039"


def act(kind: ActionKind, target: str, time: int) -> tuple[Action, ...]:
    return (Action(time, kind, target, "csirt"),)


ISOLATED = act(ActionKind.ISOLATE_HOST, VICTIM, at(11))


def statuses(actions: tuple[Action, ...]) -> dict[str, Status]:
    return {
        step.id: step.status for step in STAGE.tell(SETTINGS, actions).steps if "~" not in step.id
    }


def test_without_actions_everything_is_done() -> None:
    assert set(statuses(()).values()) == {Status.DONE}


@pytest.mark.parametrize(
    ("actions", "blocked"),
    [
        (ISOLATED, "credentials"),
        (act(ActionKind.BLOCK, "hanamizuki-cdn.example", at(12)), "lateral-files"),
        (act(ActionKind.RESET_PASSWORD, "adm-m.sakaguchi", at(13)), "lateral-files"),
        (act(ActionKind.SHUT_DOWN_HOST, "FS01", at(15)), "staging"),
        (act(ActionKind.BLOCK, "sorairo-storage.example", at(20)), "exfiltration"),
        (act(ActionKind.RESTORE_HOST, VICTIM, at(12)), "lateral-files"),
    ],
)
def test_an_action_blocks_what_it_should(actions: tuple[Action, ...], blocked: str) -> None:
    found = statuses(actions)
    order = list(found)
    before = order[: order.index(blocked)]
    assert found[blocked] is Status.BLOCKED
    assert {found[step] for step in before if step not in ("failed",)} <= {Status.DONE}


def test_what_builds_on_a_blocked_step_is_skipped() -> None:
    found = statuses(ISOLATED)
    assert found["directory"] is Status.SKIPPED
    assert STAGE.tell(SETTINGS, ISOLATED).harm_until(SETTINGS.end) == 2.0


def test_an_exfiltration_cut_half_way_does_half_the_harm() -> None:
    late = act(ActionKind.ISOLATE_HOST, VICTIM, at(22, 50))
    whole = STAGE.tell(SETTINGS, ()).harm_until(SETTINGS.end)
    half = STAGE.tell(SETTINGS, late).harm_until(SETTINGS.end)
    assert whole - 40 < half < whole


def lines(folder: Path) -> dict[str, list[str]]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8", "replace").splitlines()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def written(
    folder: Path, actions: tuple[Action, ...], begin: int, end: int
) -> dict[str, list[str]]:
    folder.mkdir()
    STAGE.write(SETTINGS, actions, begin, end, folder)
    return lines(folder)


def test_evidence_before_an_action_is_untouched_by_it(tmp_path: Path) -> None:
    without = written(tmp_path / "a", (), at(9), at(11))
    with_it = written(tmp_path / "b", ISOLATED, at(9), at(11))
    assert without == with_it
    assert sum(map(len, without.values())) > 1_000


def test_evidence_after_an_action_differs_only_where_it_touches(tmp_path: Path) -> None:
    """The proxy's lines of every other client are the same, word for word."""
    without = written(tmp_path / "a", (), at(11), at(13))["proxy/access.log"]
    with_it = written(tmp_path / "b", ISOLATED, at(11), at(13))["proxy/access.log"]
    ip = STAGE.tell(SETTINGS, ()).hosts[VICTIM].ip
    assert [line for line in without if f" {ip} " not in line] == [
        line for line in with_it if f" {ip} " not in line
    ]
    assert len(with_it) < len(without)


def test_an_isolated_machine_sends_nothing(tmp_path: Path) -> None:
    files = written(tmp_path / "a", ISOLATED, at(11), at(14))
    ip = STAGE.tell(SETTINGS, ()).hosts[VICTIM].ip
    flows = [line for line in files["zeek/conn.log"] if f"\t{ip}\t" in line]
    assert flows == []
    assert not any(f" {ip} " in line for line in files["proxy/access.log"])


def test_the_same_window_gives_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "a", ISOLATED, at(11), at(12)) == written(
        tmp_path / "b", ISOLATED, at(11), at(12)
    )


def test_teams_get_other_people_and_the_same_work() -> None:
    seeds = {team_seed(STAGE, NAME, 7, 1, team) for team in ("red", "blue", "green")}
    assert len(seeds) == 3
    assert team_seed(STAGE, NAME, 7, 1, "") == 7
    outcomes = [STAGE.tell(STAGE.open(NAME, seed, 1, ""), ()) for seed in seeds]
    assert len({tuple(outcome.people) for outcome in outcomes}) == 3
    assert {len(outcome.done(SETTINGS.end)) for outcome in outcomes} == {16}
    assert {outcome.harm_until(SETTINGS.end) for outcome in outcomes} == {100.0}


def test_harder_means_a_later_alarm() -> None:
    alarms = [STAGE.open(NAME, 1, difficulty, "").alert for difficulty in (1, 2, 3)]
    assert alarms == sorted(set(alarms))


def test_another_scenario_is_refused() -> None:
    with pytest.raises(DrillError, match=NAME):
        STAGE.open("nothing", 1, 1, "")


def test_settings_survive_the_log() -> None:
    assert json.loads(json.dumps(SETTINGS.to_json())) == SETTINGS.to_json()
    assert SETTINGS.end - SETTINGS.begin > 12 * HOUR > MINUTE
