"""Other people's Attack Flows are read whole, and hostile ones do no harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.drill.action import Defences
from noroshi.drill.errors import DrillError
from noroshi.drill.intruder.bind import bind
from noroshi.drill.intruder.play import tell
from noroshi.drill.scenario.flow import flow_from, read_flow
from noroshi.drill.scenario.outline import outline
from noroshi.drill.scenario.schema import parse

STIX: dict[str, Any] = {
    "type": "bundle",
    "objects": [
        {"type": "attack-flow", "id": "attack-flow--1", "name": "Ours"},
        {"type": "attack-action", "id": "a", "name": "Mail", "technique_id": "T1566.001",
         "effect_refs": ["op"]},
        {"type": "attack-action", "id": "b", "name": "Dump", "technique_id": "T1003.001",
         "effect_refs": ["op"]},
        {"type": "attack-operator", "id": "op", "operator": "AND", "effect_refs": ["c"]},
        {"type": "attack-action", "id": "c", "name": "Service", "technique_id": "T1021.002",
         "effect_refs": ["d"]},
        {"type": "attack-action", "id": "d", "name": "Magic", "technique_id": "T1595.002"},
    ],
}  # fmt: skip


def test_operators_become_preconditions() -> None:
    flow = flow_from(STIX, "here", "file")
    assert flow.name == "Ours"
    of = {action.id: action for action in flow.actions}
    assert set(of["c"].after_all) == {"a", "b"}
    assert of["a"].after_any == ()
    assert of["d"].after_any == ("c",)


def test_a_flow_that_leads_back_to_itself_is_read() -> None:
    objects = [dict(each) for each in STIX["objects"]]
    objects[-1]["effect_refs"] = ["a", "d"]
    flow = flow_from({"objects": objects}, "here", "file")
    places = {action.id: number for number, action in enumerate(flow.actions)}
    assert len(places) == 4
    for action in flow.actions:
        assert all(
            places[each] < places[action.id] for each in (*action.after_all, *action.after_any)
        )


def test_an_outline_is_played_from_end_to_end() -> None:
    made = outline(flow_from(STIX, "here", "file"))
    assert made.playable == 3
    assert [action.name for action in made.left] == ["Magic"]
    story = tell(bind(parse(made.text, "made"), 1, 1), Defences())
    facts = [each.fact for each in story.played if "~" not in each.fact.id]
    assert all(fact.happened for fact in facts)
    assert sum(h.amount for each in story.played for h in each.harm) == pytest.approx(100, abs=1)


def test_every_flow_of_the_public_corpus_is_read_and_played(shared_data: Path) -> None:
    files = sorted((shared_data / "drills/attack-flow-corpus/corpus").glob("*.afb"))
    assert len(files) == 40
    actions = playable = 0
    for path in files:
        flow = read_flow(path)
        made = outline(flow)
        story = tell(bind(parse(made.text, path.name), 1, 1), Defences())
        assert all(e.fact.happened for e in story.played if "~" not in e.fact.id), path.name
        assert made.playable + len(made.left) == len(flow.actions)
        actions, playable = actions + len(flow.actions), playable + made.playable
    assert actions > 900
    assert playable > 0.45 * actions


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    | st.sampled_from(["action", "instance", "AND", "a", "attack-action", "op"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["id", "type", "objects", "instance", "properties", "anchors", "latches",
                         "source", "target", "effect_refs", "technique_id", "operator"]),
        inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@settings(max_examples=150)
@given(objects=st.lists(_JSON, max_size=6), whole=_JSON)
def test_hostile_flows_are_refused_or_read(objects: list[Any], whole: Any) -> None:
    for data in (whole, {"objects": objects}, {"objects": [*STIX["objects"], *objects]}):
        try:
            made = outline(flow_from(data, "hostile", "hostile"))
        except DrillError:
            continue
        parse(made.text, "made")


def test_what_is_no_flow_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for text in ("[", "[]", json.dumps({"objects": [{"type": "malware"}]}), "[" * 100_000):
        path.write_text(text)
        with pytest.raises(DrillError, match=r"x\.json"):
            read_flow(path)
