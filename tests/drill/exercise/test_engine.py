"""An exercise goes on by itself, answers what is done, and is nothing but its log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from noroshi.drill.action import ActionKind
from noroshi.drill.clock import HOUR, MINUTE, SECOND, at
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.entry import EntryKind
from noroshi.drill.exercise.errors import ExerciseError
from noroshi.drill.exercise.letter import Channel
from noroshi.drill.exercise.log import ExerciseLog
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import State


def minutes(exercise: Exercise) -> list[int]:
    files = sorted(exercise.evidence.glob("*/minutes.log"))
    return [int(line) for file in files for line in file.read_text().splitlines()]


def senders(state: State) -> list[str]:
    return [letter.sender for letter in state.letters]


def test_it_begins_with_the_evidence_so_far_and_an_alarm(toy: Exercise) -> None:
    state = toy.state()
    assert state.clock.time == at(10)
    alarm = state.letters[0]
    assert (alarm.sender, alarm.recipient) == (Party.MONITOR, "csirt")
    assert alarm.text.params == {"ip": "10.0.0.1", "address": "c2.example"}
    assert minutes(toy) == list(range(at(8), at(10), MINUTE))


def test_evidence_follows_the_clock_without_gap_or_overlap(toy: Exercise) -> None:
    toy.advance(at(10, 7))
    toy.advance(at(12))
    assert minutes(toy) == list(range(at(8), at(12), MINUTE))


def test_a_window_that_a_crash_left_unnoted_is_written_again(toy: Exercise) -> None:
    (toy.evidence / "20260520T100000-20260520T103300").mkdir()
    (toy.evidence / "20260520T100000-20260520T103300" / "minutes.log").write_text("1\n")
    toy.advance(at(11))
    assert minutes(toy) == list(range(at(8), at(11), MINUTE))


def test_an_action_changes_the_future(toy: Exercise) -> None:
    assert toy.outcome(toy.state()).harm_until(at(18)) == 30
    toy.advance(at(12))
    toy.act(ActionKind.ISOLATE_HOST, "pc001", Role.CSIRT)
    assert toy.outcome(toy.state()).harm_until(at(18)) == 10


def test_the_same_log_gives_the_same_state(toy: Exercise) -> None:
    toy.act(ActionKind.CALL, "a.mori", Role.ANALYST, "what happened?")
    toy.act(ActionKind.NOTIFY, "police", Role.LIAISON)
    state = toy.advance(at(13))
    again = Exercise(toy.folder, toy._stage).state()
    assert again == toy.state()
    assert again.letters == state.letters


def test_nothing_is_delivered_twice(toy: Exercise) -> None:
    for hour in (11, 12, 13, 14):
        toy.advance(at(hour))
    ids = [letter.id for letter in toy.state().letters]
    assert len(ids) == len(set(ids))
    assert senders(toy.state()).count(Party.MAYOR) == 2


def test_an_answered_mayor_does_not_call_again(toy: Exercise) -> None:
    toy.advance(at(10, 45))
    toy.message(Role.CISO, Party.MAYOR, "一台で不審な通信。調査中です。", answer_to="mayor")
    toy.advance(at(14))
    assert senders(toy.state()).count(Party.MAYOR) == 1


def test_a_machine_of_the_counter_off_the_network_stops_the_counter(toy: Exercise) -> None:
    toy.act(ActionKind.ISOLATE_HOST, "PC008", Role.CSIRT)
    state = toy.advance(at(11))
    assert [letter.channel for letter in state.letters if letter.sender == Party.COUNTER] == [
        Channel.PHONE
    ]
    assert any(
        letter.channel is Channel.COUNTER and letter.sender == Party.RESIDENTS
        for letter in state.letters
    )


def test_a_counter_that_was_stopped_only_briefly_does_not_complain(toy: Exercise) -> None:
    toy.act(ActionKind.ISOLATE_HOST, "PC008", Role.CSIRT)
    toy.advance(at(10, 5))
    toy.act(ActionKind.RECONNECT_HOST, "PC008", Role.CSIRT)
    assert Party.COUNTER not in senders(toy.advance(at(12)))


def test_people_and_parties_answer_after_a_while(toy: Exercise) -> None:
    toy.act(ActionKind.CALL, "a.mori", Role.ANALYST)
    toy.act(ActionKind.ASK_VENDOR, "vendor", Role.CSIRT)
    toy.act(ActionKind.NOTIFY, "prefecture", Role.LIAISON)
    assert len(toy.state().letters) == 1
    state = toy.advance(at(12))
    call = next(letter for letter in state.letters if letter.sender == "a.mori")
    assert call.text.params["hour"] == 9
    assert call.answer_to == "action-0"
    vendor = next(letter for letter in state.letters if letter.sender == Party.VENDOR)
    assert 40 * MINUTE <= vendor.time - at(10) < 75 * MINUTE
    assert "accounts" in vendor.text.template


@pytest.mark.parametrize(
    ("kind", "target", "role", "told"),
    [
        (ActionKind.ISOLATE_HOST, "PC00l", Role.CSIRT, "did you mean PC"),
        (ActionKind.ISOLATE_HOST, "PC001", Role.LIAISON, "ask csirt"),
        (ActionKind.DISABLE_ACCOUNT, "nobody", Role.CSIRT, "no account"),
        (ActionKind.BLOCK, "not an address", Role.CSIRT, "no address"),
        (ActionKind.NOTIFY, "grandmother", Role.CISO, "no party"),
        (ActionKind.STOP_SERVICE, "telephone", Role.CISO, "no service"),
    ],
)
def test_an_order_that_cannot_be_given_is_refused(
    toy: Exercise, kind: ActionKind, target: str, role: Role, told: str
) -> None:
    before = toy.entries()
    with pytest.raises(ExerciseError, match=told):
        toy.act(kind, target, role)
    assert toy.entries() == before


def test_addresses_are_understood_as_people_paste_them(toy: Exercise) -> None:
    for text in ("https://C2.example/u?x=1", "198.51.100.7", "198.51.100.9/24", "c2.example."):
        toy.act(ActionKind.BLOCK, text, Role.CSIRT)
    assert [action.target for action in toy.state().actions] == [
        "c2.example", "198.51.100.7", "198.51.100.0/24", "c2.example",
    ]  # fmt: skip


def test_the_clock_runs_at_the_chosen_speed_and_stands_while_paused(
    toy: Exercise, wall: Any
) -> None:
    toy.set_clock(speed=60)
    wall.time += 10 * SECOND
    assert toy.catch_up().clock.time == at(10, 10)
    toy.set_clock(paused=True)
    wall.time += HOUR
    assert toy.catch_up().clock.time == at(10, 10)
    with pytest.raises(ExerciseError, match="paused"):
        toy.act(ActionKind.CALL, "a.mori", Role.ANALYST)
    toy.set_clock(paused=False)
    wall.time += SECOND
    assert toy.catch_up().clock.time == at(10, 11)


def test_time_does_not_go_back_and_ends(toy: Exercise) -> None:
    toy.advance(at(12))
    with pytest.raises(ExerciseError, match="does not go back"):
        toy.advance(at(11))
    assert toy.advance(at(23)).clock.time == at(18)
    with pytest.raises(ExerciseError, match="over"):
        toy.act(ActionKind.CALL, "a.mori", Role.ANALYST)


def test_the_instructor_speaks_as_anybody(toy: Exercise) -> None:
    state = toy.inject(Party.POLICE, "ciso", "至急連絡を。", Channel.PHONE, 30 * MINUTE)
    letter = state.letters[-1]
    assert (letter.sender, letter.wants_answer_by) == (Party.POLICE, at(10, 30))
    assert letter.text.params == {"text": "至急連絡を。"}


def test_a_branch_goes_on_from_an_earlier_moment(toy: Exercise, tmp_path: Path) -> None:
    toy.advance(at(10, 30))
    toy.advance(at(12))
    toy.act(ActionKind.ISOLATE_HOST, "PC001", Role.CSIRT)
    other = toy.branch(at(10, 30), tmp_path / "blue")
    assert other.state().actions == ()
    assert minutes(other) == list(range(at(8), at(10, 30), MINUTE))
    other.act(ActionKind.ISOLATE_HOST, "PC001", Role.CSIRT)
    assert other.outcome(other.state()).harm_until(at(18)) == 0
    assert toy.outcome(toy.state()).harm_until(at(18)) == 10


def test_a_branch_begins_at_the_moment_that_was_named(toy: Exercise, tmp_path: Path) -> None:
    toy.advance(at(10, 30))
    toy.advance(at(12))
    other = toy.branch(at(11), tmp_path / "blue")
    assert other.state().clock.time == at(11)
    other.catch_up()
    assert minutes(other) == list(range(at(8), at(11), MINUTE))
    late = toy.branch(at(17), tmp_path / "green")
    assert late.state().clock.time == at(12)


def test_two_exercises_do_not_share_a_folder(toy: Exercise) -> None:
    with pytest.raises(ExerciseError, match="already"):
        toy.start(toy.state().settings)


@pytest.mark.parametrize("name", ("../../elsewhere", "..", "", "/etc", "."))
def test_a_log_of_somebody_elses_copies_nothing_from_elsewhere(
    toy: Exercise, tmp_path: Path, name: str
) -> None:
    with toy.log.writing() as writer:
        data = {"until": at(10, 0), "folder": name}
        writer.append(EntryKind.EVIDENCE, "world", data, wall=1, time=at(10, 0))
    with pytest.raises(ExerciseError, match="no window's name"):
        toy.branch(at(10, 30), tmp_path / "blue" / "deep")
    assert not (tmp_path / "blue").exists()


def test_a_folder_of_teams_says_whose_exercises_it_holds(toy: Exercise) -> None:
    above = ExerciseLog(toy.folder.parent)
    with pytest.raises(ExerciseError, match=f"such as .*{toy.folder.name}"):
        above.read()


@pytest.mark.parametrize(
    ("scenario", "machine", "asking"),
    [("vpn-flaw", "VPN01", Party.STAFF), ("hospital", "KITCHEN01", Party.STAFF)],
)
def test_who_needs_a_service_asks_for_it(
    scenario: str, machine: str, asking: Party, tmp_path: Path
) -> None:
    """No resident waits for a certificate because the hospital's kitchen is off the network."""
    stage = ScenarioStage()
    exercise = Exercise(tmp_path / "e", stage)
    settings = stage.open(scenario, 1, 1, "")
    exercise.start(settings)
    exercise.act(ActionKind.ISOLATE_HOST, machine, Role.ALL)
    state = exercise.advance(settings.alert + 60 * MINUTE)
    asked = {each.sender for each in state.letters if each.id.startswith("standstill-")}
    assert asked == {asking}
