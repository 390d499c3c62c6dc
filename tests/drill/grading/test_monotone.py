"""An extra correct action never lowers a score."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.drill.action import Action, ActionKind
from noroshi.drill.clock import HOUR, MINUTE, at
from noroshi.drill.demo import SCENARIO as NAME
from noroshi.drill.exercise.clock import Clock
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import State
from noroshi.drill.grading.attempt import Attempt, knowable
from noroshi.drill.grading.document import Claimed, Document
from noroshi.drill.grading.grade import judge
from noroshi.drill.grading.mark import Grade
from noroshi.drill.grading.parts import Part
from noroshi.drill.trainee.monotone import drops

STAGE = ScenarioStage()
SETTINGS = STAGE.open(NAME, 4, 1, "")
UNTOUCHED = STAGE.tell(SETTINGS, ())
TOUCHED = knowable(UNTOUCHED.done(SETTINGS.end), SETTINGS.alert)
CORRECT = [
    *((ActionKind.ISOLATE_HOST, name) for name in TOUCHED["hosts"]),
    *((ActionKind.PRESERVE, name) for name in TOUCHED["hosts"]),
    *((ActionKind.RESET_PASSWORD, name) for name in TOUCHED["accounts"]),
    *((ActionKind.BLOCK, name) for name in TOUCHED["outside"]),
    (ActionKind.DECLARE, "high"),
    *((ActionKind.NOTIFY, party.value) for party in (Party.POLICE, Party.PREFECTURE, Party.MAYOR)),
    (ActionKind.NOTIFY, Party.COMMISSION.value),
    (ActionKind.PUBLISH, "web"),
]
WRONG = [(ActionKind.ISOLATE_HOST, "PC002"), (ActionKind.BLOCK, "www.pref-aoba.example")]
TIMES = st.integers(0, 12 * 6).map(lambda tens: SETTINGS.alert + tens * 10 * MINUTE)


def done(what: tuple[ActionKind, str], time: int) -> Action:
    return Action(time, what[0], what[1], "csirt")


ACTIONS = st.builds(done, st.sampled_from(CORRECT + WRONG), TIMES)
EXTRA = st.builds(done, st.sampled_from(CORRECT), TIMES)
NAMES = {
    kind: st.lists(st.sampled_from([*TOUCHED[kind], "PC002", "m.nobody"]), unique=True, max_size=5)
    for kind in ("hosts", "accounts", "data")
}
LINES = st.lists(
    st.builds(
        lambda step, off: Claimed(
            step.time + off * MINUTE, next(iter(step.hosts), ""), "x", step.technique
        ),
        st.sampled_from([*UNTOUCHED.steps]),
        st.integers(-40, 40),
    ),
    max_size=8,
).map(tuple)
DOCUMENTS = st.builds(
    lambda hosts, accounts, data, lines: Document(
        {Part.SUMMARY: f"{', '.join(hosts)} が侵害された。{', '.join(accounts)} が悪用された。"},
        {"hosts": tuple(hosts), "accounts": tuple(accounts), "data": tuple(data)},
        lines,
    ),
    NAMES["hosts"], NAMES["accounts"], NAMES["data"], LINES,
)  # fmt: skip


def judged(actions: list[Action], document: Document) -> Grade:
    ordered = tuple(sorted(actions, key=lambda action: action.time))
    clock = Clock(SETTINGS.begin, SETTINGS.end, at(23, 50), 0)
    state = replace(State(SETTINGS, clock), actions=ordered)
    return judge(Attempt(state, document, STAGE.tell(SETTINGS, ordered), UNTOUCHED, 2.0))


@settings(max_examples=150)
@given(actions=st.lists(ACTIONS, max_size=6), extra=EXTRA, document=DOCUMENTS)
def test_an_extra_correct_action_never_lowers_the_score(
    actions: list[Action], extra: Action, document: Document
) -> None:
    without, with_it = judged(actions, document), judged([*actions, extra], document)
    assert with_it.points >= without.points - 1e-9


def test_a_step_that_a_measure_moves_in_time_stays_told() -> None:
    """An earlier block drives the intruder on earlier; the report tells when it would have been."""
    assert not [*drops(STAGE, STAGE.open("mail-macro", 23, 3, ""), 100, 3)]


def test_a_needless_action_costs_and_a_timely_one_pays() -> None:
    isolate = Action(SETTINGS.alert + 20 * MINUTE, ActionKind.ISOLATE_HOST, "PC039", "csirt")
    late = replace(isolate, time=isolate.time + 8 * HOUR)
    wrong = replace(isolate, target="PC002")
    nothing = judged([], Document()).points
    assert judged([isolate], Document()).points > judged([late], Document()).points > nothing
    assert judged([isolate, wrong], Document()).points < judged([isolate], Document()).points
