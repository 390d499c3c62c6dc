"""The intruder adapts, and what an action does not touch stays as it was."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from noroshi.drill.action import Action, ActionKind, Defences
from noroshi.drill.clock import HOUR, at
from noroshi.drill.exercise.outcome import Status
from noroshi.drill.intruder.bind import Bound, bind
from noroshi.drill.intruder.play import Played, Story, tell
from noroshi.drill.scenario.shelf import scenario, scenarios


def bound(name: str = "mail-macro", level: int = 1, seed: int = 1) -> Bound:
    return bind(scenario(name), seed, level)


def done(kind: ActionKind, target: str, time: int) -> Defences:
    return Defences([Action(time, kind, target)])


def by_id(story: Story) -> dict[str, Played]:
    return {each.fact.id: each for each in story.played}


def written(value: Any, depth: int = 0) -> Any:
    """Everything of an event, to the last field."""
    if is_dataclass(value) and depth < 6:
        return tuple((f.name, written(getattr(value, f.name), depth + 1)) for f in fields(value))
    return repr(value) if not isinstance(value, tuple) else tuple(map(repr, value))


@pytest.mark.parametrize("name", sorted(scenarios()))
def test_what_an_action_does_not_touch_is_the_same_to_the_last_field(name: str) -> None:
    """Steps that come about under both futures at the same time leave the same events."""
    one = bound(name)
    untouched = tell(one, Defences())
    host = next(h for each in untouched.played for h in each.fact.hosts[:1]) if any(
        each.fact.hosts for each in untouched.played
    ) else "PC001"  # fmt: skip
    middle = sorted(each.fact.time for each in untouched.played)[len(untouched.played) // 2]
    touched = by_id(tell(one, done(ActionKind.RESTORE_HOST, host, middle)))
    same = 0
    for each in untouched.played:
        other = touched.get(each.fact.id)
        if other is None or other.fact.status is not each.fact.status:
            continue
        before = [written(e) for e in each.events if e.time < middle]
        assert before == [written(e) for e in other.events if e.time < middle], each.fact.id
        same += len(before)
    assert same > 0


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    def told(seed: int) -> list[Any]:
        story = tell(bound("vpn-flaw", 2, seed), Defences())
        return [written(e) for each in story.played for e in each.events]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_a_blocked_master_makes_the_intruder_turn_to_the_next_one() -> None:
    blocked = done(ActionKind.BLOCK, "hanamizuki-cdn.example", at(12))
    easy, hard = tell(bound(level=1), blocked), tell(bound(level=2), blocked)
    assert by_id(easy)["lateral-files"].fact.status is Status.BLOCKED
    assert by_id(hard)["lateral-files"].fact.happened
    second = by_id(hard)["channel-second"].fact
    assert "img.asagao-static.example" in second.artefacts


def test_a_machine_that_comes_back_is_tried_again() -> None:
    actions = [
        Action(at(11), ActionKind.ISOLATE_HOST, "PC039"),
        Action(at(11) + HOUR // 2, ActionKind.RECONNECT_HOST, "PC039"),
    ]
    patient = by_id(tell(bound(level=3), Defences(actions)))
    assert patient["lateral-files"].fact.happened


def test_a_failed_try_leaves_traces_and_is_told_apart() -> None:
    story = by_id(tell(bound(), Defences()))
    failed = story["lateral-dc~1"]
    assert failed.fact.status is Status.FAILED
    assert failed.events
    assert failed.fact.time < story["lateral-dc"].fact.time


def test_a_warned_bank_holds_the_money() -> None:
    story = tell(bound("invoice-fraud"), done(ActionKind.CALL, "bank", at(12)))
    assert not by_id(story)["paid"].fact.happened


def test_mail_that_was_removed_is_not_opened() -> None:
    removed = done(ActionKind.REMOVE_MAIL, "minami-jimukl.example", at(9, 50))
    assert by_id(tell(bound(), removed))["opened"].fact.status is Status.BLOCKED
