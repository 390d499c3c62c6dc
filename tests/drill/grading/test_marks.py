"""Each axis judges what it says, and says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import MINUTE, at
from noroshi.drill.demo import SCENARIO as NAME
from noroshi.drill.exercise.clock import Clock
from noroshi.drill.exercise.letter import Channel, Letter, own_words
from noroshi.drill.exercise.outcome import Outcome
from noroshi.drill.exercise.parties import PARTY_NAMES, Party
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import Appeal, State
from noroshi.drill.grading.attempt import Attempt
from noroshi.drill.grading.claims import Verdict, claims
from noroshi.drill.grading.communication import communication
from noroshi.drill.grading.document import Claimed, Document
from noroshi.drill.grading.errors import GradingError
from noroshi.drill.grading.grade import checked_appeal, judge
from noroshi.drill.grading.mark import Axis
from noroshi.drill.grading.obligations import duties
from noroshi.drill.grading.policies import Change, best_policy, what_if
from noroshi.drill.grading.recovery import recovery
from noroshi.drill.grading.scope import scope
from noroshi.drill.grading.timeline import kendall, timeline

STAGE = ScenarioStage()
SETTINGS = STAGE.open(NAME, 1, 1, "red")


def tell(actions: tuple[Action, ...]) -> Outcome:
    return STAGE.tell(SETTINGS, actions)


def attempt(
    *actions: Action, document: Document | None = None, letters: tuple[Letter, ...] = ()
) -> Attempt:
    clock = Clock(SETTINGS.begin, SETTINGS.end, at(23, 50), 0)
    state = State(SETTINGS, clock, actions=actions, letters=letters)
    return Attempt(state, document or Document(), tell(actions), tell(()), 2.0)


def act(kind: ActionKind, target: str, time: int) -> Action:
    return Action(time, kind, target, "csirt")


ISOLATE = act(ActionKind.ISOLATE_HOST, "PC039", at(11))


def test_scope_knows_found_missed_and_wrong() -> None:
    mark = scope(attempt(document=Document(scope={"hosts": ("pc039", "FS01", "PC001")})))
    said = {reason.template: reason.params for reason in mark.reasons}
    found = said["Machines: {right} of {all} found, {wrong} named wrongly."]
    assert found == {"right": 2, "all": 3, "wrong": 1}
    assert {"names": "PC001"} in said.values()
    full = Document(
        scope={
            "hosts": ("PC039", "FS01", "DC01"),
            "accounts": ("MIDORINO\\adm-m.sakaguchi", "s.kubo"),
            "data": ("税務課",),
        }
    )
    assert scope(attempt(document=full)).share == 1.0


def test_scope_excuses_what_was_averted() -> None:
    named = Document(scope={"hosts": ("PC039", "FS01", "DC01"), "accounts": ("s.kubo",)})
    assert scope(attempt(ISOLATE, document=named)).share == 1.0


def test_timeline_judges_order_and_minutes() -> None:
    steps = [step for step in tell(()).steps if step.happened]
    right = tuple(
        Claimed(step.time, next(iter(step.hosts), ""), "x", step.technique) for step in steps
    )
    late = tuple(replace(line, time=line.time + 40 * MINUTE) for line in right)
    backwards = tuple(reversed(right))
    shares = [
        timeline(attempt(document=Document(timeline=lines))).share
        for lines in (right, late, backwards, right[:5], ())
    ]
    assert shares[0] == pytest.approx(1.0)
    assert shares[0] > max(shares[1:4])
    assert shares[4] == 0.0


def test_kendall_agrees_with_its_definition() -> None:
    assert kendall([1, 2, 3]) == 1.0
    assert kendall([3, 2, 1]) == -1.0
    assert kendall([1, 3, 2]) == pytest.approx(1 / 3)
    assert kendall([7]) == 1.0


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("PC039が感染した。", Verdict.RIGHT),
        ("PC001が感染した。", Verdict.WRONG),
        ("PC001の感染は確認されなかった。", Verdict.RIGHT),
        ("PC999が感染した。", Verdict.WRONG),
        ("PC001 was not infected.", Verdict.RIGHT),
        ("FS01 was infected.", Verdict.RIGHT),
        ("宛先はsync.hanamizuki-cdn.exampleである。", Verdict.RIGHT),
        ("宛先はevil.exampleである。", Verdict.WRONG),
        ("通信先は198.51.100.77。", Verdict.RIGHT),
        ("通信先は192.0.2.99。", Verdict.WRONG),
        (f"ハッシュ値は{'0' * 64}。", Verdict.WRONG),
        ("MIDORINO\\adm-m.sakaguchi が悪用された。", Verdict.RIGHT),
    ],
)
def test_claims_are_held_against_what_happened(text: str, verdict: Verdict) -> None:
    assert [claim.verdict for claim in claims(attempt(), text)] == [verdict]


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("09:58 PC039で開封。", {Verdict.RIGHT}),
        ("11:00 PC039を隔離した。", {Verdict.RIGHT}),
        ("07:10 PC039で開封。", {Verdict.RIGHT, Verdict.WRONG}),
        ("住民課に説明した。", set()),
        ("PC001のログを取得した。", set()),
    ],
)
def test_times_are_checked_beside_a_name(text: str, verdicts: set[Verdict]) -> None:
    assert {claim.verdict for claim in claims(attempt(ISOLATE), text)} == verdicts


def test_an_answer_in_time_counts_and_silence_costs() -> None:
    asked = Letter("mayor", at(11), Party.MAYOR, "ciso", Channel.PHONE, own_words("?"), "",
                   at(11, 30))  # fmt: skip
    answer = Letter("said-1", at(11, 20), "ciso", Party.MAYOR, Channel.CHAT, own_words("!"),
                    "mayor")  # fmt: skip
    late = replace(answer, time=at(12))
    shares = [
        communication(attempt(letters=letters)).share
        for letters in ((asked, answer), (asked, late), (asked,), ())
    ]
    assert shares == [1.0, pytest.approx(0.83), pytest.approx(0.66), 1.0]


def test_recovery_wants_traces_kept_before_rebuilding() -> None:
    keep = act(ActionKind.PRESERVE, "PC039", at(10, 55))
    rebuild = act(ActionKind.RESTORE_HOST, "PC039", at(16))
    good = recovery(attempt(keep, ISOLATE, rebuild)).share
    bad = recovery(attempt(ISOLATE, rebuild, replace(keep, time=at(17)))).share
    assert good > bad > 0


def test_the_best_policy_is_the_best_of_all_tried() -> None:
    policy = best_policy(tell, SETTINGS)
    assert policy.harm == tell(policy.actions).harm_until(SETTINGS.end)
    assert policy.harm < tell(()).harm_until(SETTINGS.end)


def test_what_if_tells_what_an_action_was_worth() -> None:
    found = what_if(tell, SETTINGS, (ISOLATE,))
    left_out = next(each for each in found if each.change is Change.LEFT_OUT)
    assert (left_out.action, left_out.harm, left_out.hosts) == (ISOLATE, 100.0, 3)
    later = [each for each in found if each.change is Change.LATER]
    assert {each.delay for each in later} == {60 * MINUTE, 180 * MINUTE}
    assert all(each.harm > 2.0 for each in later)


def test_the_instructor_has_the_last_word() -> None:
    judged = attempt(ISOLATE)
    before = judge(judged).points
    appeal = Appeal(0, "report", 11.0, "typing error")
    state = replace(judged.state, appeals=(appeal,))
    corrected = judge(replace(judged, state=state))
    mark = next(mark for mark in corrected.marks if mark.axis is Axis.REPORT)
    assert (mark.points, mark.by_hand) == (11.0, True)
    assert mark.reasons[0].params["reason"] == "typing error"
    assert corrected.points > before


@pytest.mark.parametrize(("mark", "points"), [("beauty", 1.0), ("report", 99.0), ("report", -1.0)])
def test_an_appeal_must_fit_a_mark(mark: str, points: float) -> None:
    with pytest.raises(GradingError):
        checked_appeal(mark, points)


@pytest.mark.parametrize("kind", [ActionKind.NOTIFY, ActionKind.CALL])
def test_who_was_called_was_told(kind: ActionKind) -> None:
    told = {duty.name: duty.done for duty in duties(attempt(act(kind, Party.POLICE, at(12))))}
    assert told[PARTY_NAMES[Party.POLICE]] == at(12)


def test_who_was_written_to_was_told() -> None:
    said = Letter("said-1", at(12), "csirt", Party.MONITOR, Channel.CHAT, own_words("見てください"))
    done = {str(duty.name): duty.done for duty in duties(attempt(letters=(said,)))}
    assert done["The prefecture or the security cloud is told"] == at(12)


def test_the_commission_is_told_by_a_report_and_not_by_telephone() -> None:
    called = attempt(act(ActionKind.CALL, Party.COMMISSION, at(12)))
    assert {duty.done for duty in duties(called)
            if duty.name == PARTY_NAMES[Party.COMMISSION]} == {0}  # fmt: skip
