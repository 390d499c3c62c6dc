"""MISP events in and out: what is kept, and that no marking is lost on the way."""

from __future__ import annotations

import copy
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.app.arming import undo
from noroshi.app.cli import main
from noroshi.app.importing import read_file
from noroshi.app.made_up.misp import made_up_event, made_up_objects
from noroshi.app.quality.misp import (
    event_there_and_back,
    objects_there_and_back,
    of_events,
    of_objects,
)
from noroshi.app.workspace import Workspace
from noroshi.intel.indicators import indicators_of
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, ObjectStore, Provenance, Tlp, problem
from noroshi.share.misp import MispError, events_in, to_events, to_objects
from tests.intel.objects.conftest import made

pytestmark = pytest.mark.skipif(
    find_spec("misp_stix_converter") is None, reason="the extra 'misp' is not installed"
)
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"


def marked(*tags: str) -> dict[str, Any]:
    """The made-up event with other TLP tags."""
    event = made_up_event()
    event["Tag"] = [{"name": tag} for tag in tags]
    return event


def seen_by(objects: Any, level: Tlp, folder: Path) -> str:
    """All that a reader of a level gets of some objects, as text."""
    with Knowledge(folder / "k.sqlite") as knowledge:
        store = ObjectStore(knowledge)
        store.add(objects, Provenance("test", 0, "test"))
        return json.dumps(list(store.all(Clearance(level))))


def test_what_must_be_kept_is_kept() -> None:
    events, objects = dict(of_events()), dict(of_objects())
    for what in ("event: TLP tags", "attribute: TLP tags", "attribute: value and type",
                 "attribute: uuid", "attribute: comment", "event: uuid"):  # fmt: skip
        assert events[what] == "kept", what
    for what in ("markings: TLP of an object", "markings: statements", "indicator: pattern",
                 "report: id", "malware: name"):  # fmt: skip
        assert objects[what] == "kept", what


def test_a_second_trip_changes_nothing_more() -> None:
    once = event_there_and_back(made_up_event())
    twice = event_there_and_back(once)
    for event in (once, twice):  # ids of references alone are made anew
        assert event["Object"][0]["ObjectReference"][0].pop("uuid")
    assert twice == once
    first = objects_there_and_back(made_up_objects())
    assert {item["id"] for item in objects_there_and_back(first)} == {item["id"] for item in first}


def test_a_tag_without_a_name_is_told_and_left_out() -> None:
    event = made_up_event()
    whole = to_objects(event)
    inside = event["Object"][0]["Attribute"][0]
    for item in (event, event["Attribute"][0], inside):
        item["Tag"] = [*item.get("Tag", []), {"name": None}, {"colour": "#ffffff"}, "tag"]
    found = to_objects(event)
    assert found.objects == whole.objects
    told = [note for note in found.notes if note not in whole.notes]
    assert told == [
        f"{item['uuid']}: 3 tags without a name are left out"
        for item in (event, event["Attribute"][0], inside)
    ]


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("regkey", "HKLM\\Software\\Kuma", "HKEY_LOCAL_MACHINE\\Software\\Kuma"),
        ("regkey", "hkcu\\Software\\Kuma", "HKEY_CURRENT_USER\\Software\\Kuma"),
        ("regkey", "HKEY_USERS\\Kuma", "HKEY_USERS\\Kuma"),
        ("regkey", "HKLMX\\Kuma", "HKLMX\\Kuma"),
        ("url", "c2.badhost.example", "http://c2.badhost.example"),
        ("url", "https://c2.badhost.example/a", "https://c2.badhost.example/a"),
    ],
)
def test_values_are_written_as_stix_demands(kind: str, value: str, written: str) -> None:
    event = made_up_event()
    event["Object"], event["Attribute"] = [], [event["Attribute"][0]]
    event["Attribute"][0] |= {"type": kind, "value": value, "to_ids": False}
    items = to_objects(event).objects
    assert [one.get("key", one.get("value")) for one in items
            if one["type"] in ("url", "windows-registry-key")] == [written]  # fmt: skip


def test_a_domain_and_its_address_are_both_matched() -> None:
    event = made_up_event()
    event["Object"], event["Attribute"] = [], [event["Attribute"][0]]
    event["Attribute"][0] |= {"type": "domain|ip", "value": "c2.badhost.example|198.51.100.5"}
    items = to_objects(event).objects
    found = {one.value for one in indicators_of(items, "x", {}).indicators}
    assert found == {"c2.badhost.example", "198.51.100.5"}


def test_the_same_event_twice_is_once() -> None:
    event = made_up_event()
    for one in (event, *event["Attribute"], *event["Object"]):
        one.pop("timestamp")
    assert to_objects(event) == to_objects(copy.deepcopy(event))
    assert all(problem(item) is None for item in to_objects(event).objects)


TAGS = ("tlp:clear", "tlp:white", "tlp:green", "tlp:amber", "tlp:amber+strict", "TLP:RED",
        "tlp:purple", "kuma")  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(
    tags=st.lists(st.sampled_from(TAGS), max_size=2, unique=True),
    place=st.sampled_from(["event", "attribute", "inside"]),
    reader=st.sampled_from(Tlp),
)
def test_no_tag_is_lost_on_the_way_in(
    tags: list[str], place: str, reader: Tlp, tmp_path_factory: pytest.TempPathFactory
) -> None:
    event = marked()
    inner = event["Object"][0]["Attribute"][1]
    inner["Tag"] = []
    event["Attribute"][0]["Tag"] = []
    where = {"event": event, "attribute": event["Attribute"][0], "inside": inner}[place]
    where["Tag"] = [{"name": tag} for tag in tags]
    levels = [Tlp.RED if tag == "tlp:purple" else Tlp.of(tag) for tag in tags if tag != "kuma"]
    text = seen_by(to_objects(event).objects, reader, tmp_path_factory.mktemp("k"))
    visible = max(levels, default=Tlp.CLEAR) <= reader
    hidden = {
        "event": ["c2.example", "192.0.2.7", "drop.dll", "Kuma campaign", "Two towns", "by a mail"],
        "attribute": ["c2.example"],
        "inside": ["b" * 32, "drop.dll"],
    }[place]
    told = [words for words in hidden if words in text]
    assert visible or not told
    if visible:
        assert set(told) >= set(hidden) - {"by a mail"}


@pytest.mark.parametrize(
    "more",
    [
        {"object_marking_refs": [RED]},
        {"granular_markings": [{"marking_ref": RED, "selectors": ["description"]}]},
        {"object_marking_refs": ["marking-definition--11111111-1111-4111-8111-111111111111"]},
    ],
)
@pytest.mark.parametrize("kind", ["tool", "malware", "indicator", "report"])
def test_no_marking_is_lost_on_the_way_out(kind: str, more: dict[str, Any], tmp_path: Path) -> None:
    open_one = made("attack-pattern", "open")
    item = made(kind, "secret", description="hidden words", **more)
    if kind == "indicator":
        item |= {"pattern": "[domain-name:value = 'hidden.example']", "pattern_type": "stix",
                 "valid_from": "2026-01-01T00:00:00Z"}  # fmt: skip
    if kind == "report":
        item |= {"published": "2026-01-01T00:00:00Z", "object_refs": [open_one["id"]]}
    (event,) = to_events([open_one, item])
    text = seen_by(to_objects(event).objects, Tlp.AMBER_STRICT, tmp_path)
    assert "hidden" not in text


def test_a_tightened_event_closes_what_was_open(tmp_path: Path) -> None:
    later = marked("tlp:red") | {"timestamp": "1779235999"}
    items = [*to_objects(marked("tlp:green")).objects, *to_objects(later).objects]
    with Knowledge(tmp_path / "k.sqlite") as knowledge:
        store = ObjectStore(knowledge)
        for part in (items[: len(items) // 2], items[len(items) // 2 :]):
            assert store.add(part, Provenance("test", 0, "test")).refused == ()
        shown = [item["type"] for item in store.all(Clearance(Tlp.GREEN))]
    assert set(shown) <= {"marking-definition"}


def test_documents_of_every_shape() -> None:
    event = made_up_event()
    for data in ({"Event": event}, [{"Event": event}], {"response": [{"Event": event}]},
                 {"response": {"Event": event}}):  # fmt: skip
        assert events_in(data) == [event]
    assert events_in({"type": "bundle", "objects": []}) == []
    assert events_in([1, None, {"Event": 3}]) == []


def test_a_bad_event_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(json.dumps([{"Event": {"uuid": "x", "info": 3}}, {"Event": made_up_event()}]))
    workspace = Workspace(tmp_path / "home")
    given_ = read_file(workspace, path)
    assert (given_.events, [one.id for one in given_.refused]) == (1, ["x"])
    path.write_text(json.dumps([{"Event": {"uuid": "x", "info": 3}}]))
    with pytest.raises(MispError, match="event x cannot be converted"):
        read_file(workspace, path)


def test_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out, home = tmp_path / "in.json", tmp_path / "out.json", tmp_path / "home"
    source.write_text(json.dumps({"Event": made_up_event()}))
    at = ("--home", str(home), "--lang", "en")
    assert main(["intel", "import", str(source), *at]) == 0
    assert "1 MISP events" in capsys.readouterr().out
    export = ("intel", "export", "--format", "misp-events", "-o", str(out), *at)
    assert main([*export, "--tlp", "amber"]) == 0
    assert "c2.example" not in out.read_text()
    assert "192.0.2.7" in out.read_text()
    assert main([*export, "--tlp", "red"]) == 0
    assert "c2.example" in out.read_text()
    workspace = Workspace(home)
    values = {one.value for one in workspace.indicators.search()}
    assert values == {"c2.example", "192.0.2.7", "a" * 64, "b" * 32}
    assert undo(workspace, 1).disarmed == 4
    assert main([*export, "--type", "malware"]) == 0
    assert json.loads(out.read_text()) == {"response": []}


def test_a_missing_extra_says_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "misp_stix_converter", None)
    with pytest.raises(MispError, match="'misp' extra"):
        to_objects(made_up_event())
    with pytest.raises(MispError, match="'misp' extra"):
        list(to_events(made_up_objects()))


@pytest.mark.shared_data
def test_real_events_keep_every_attribute(shared_data: Path) -> None:
    folder = shared_data / "intel" / "eset-malware-ioc"
    names = ("turla/misp-mosquito-event.json", "stantinko/stantinko.misp-event.json")
    for name in names:
        (event,) = events_in(json.loads((folder / name).read_bytes()))
        (back,) = to_events(to_objects(event).objects)

        def attributes(one: Any) -> list[tuple[str, str, str]]:
            return sorted((a["uuid"], a["type"], a["value"]) for a in one["Attribute"])

        assert attributes(back) == attributes(event)
