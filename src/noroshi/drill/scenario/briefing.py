"""A scenario's words and duties, bound to the names of one seed."""

from __future__ import annotations

from noroshi.drill.intruder.bind import Bound
from noroshi.drill.scenario.brief import Asked, Brief, Call, Model, Obligation, spoken
from noroshi.drill.scenario.schema import CallOf


def brief(bound: Bound) -> Brief:
    """Return what the scenario says."""
    raw, cast = bound.scenario, bound.cast
    names = cast.words()
    return Brief(
        spoken(raw.title.both(), names),
        spoken(raw.briefing.both(), names),
        _call("alarm", raw.alarm, names) if raw.alarm else None,
        tuple(_call(f"call-{number}", each, names) for number, each in enumerate(raw.injects, 1)),
        tuple(
            Obligation(
                spoken(each.text.both(), names), each.do, each.target, each.within, each.data
            )
            for each in raw.duties
        ),
        tuple(
            Asked(
                spoken(each.text.both(), names),
                _needle(bound, each.about),
                cast.name(each.answer),
                each.asks,
            )
            for each in raw.questions
        ),
        tuple(spoken(each.both(), names) for each in raw.hints),
        tuple(
            Model(each.do, cast.name(each.target), each.step, each.minutes) for each in raw.model
        ),
    )


def _call(id_: str, each: CallOf, names: dict[str, str]) -> Call:
    return Call(
        id_,
        each.sender,
        each.to,
        each.by,
        spoken(each.text.both(), names),
        each.at,
        each.step,
        each.harm,
        each.unless or "",
        each.answer_within,
    )


def _needle(bound: Bound, about: str) -> str:
    """What to look for in the evidence: a part's name, or words as they stand."""
    return bound.cast.name(about)
