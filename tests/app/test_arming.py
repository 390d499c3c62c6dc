"""What is matched follows what is known: armed by an import, disarmed when it is taken back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from tests.intel.objects.conftest import made

from noroshi.app.arming import arm, undo
from noroshi.app.errors import AppError
from noroshi.app.workspace import Workspace
from noroshi.intel.indicators import Indicator, IndicatorType
from noroshi.intel.objects import Provenance

RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
LOST = "marking-definition--11111111-1111-4111-8111-111111111111"
OWN = made("marking-definition", "own", definition_type="statement",
           definition={"statement": "with care"})  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


def names(*hosts: str, name: str = "i", **more: Any) -> dict[str, Any]:
    pattern = " OR ".join(f"[domain-name:value = '{host}']" for host in hosts)
    return made("indicator", name, pattern=pattern, pattern_type="stix",
                valid_from="2026-01-01T00:00:00Z", **more)  # fmt: skip


def take_in(workspace: Workspace, source: str, *objects: dict[str, Any]) -> int:
    said = Provenance(source, time.time_ns() // 1000, "test")
    added = workspace.objects.add(objects, said)
    arm(workspace, objects, source)
    return added.add


def armed(workspace: Workspace) -> set[tuple[str, str]]:
    return {(one.value, one.source) for one in workspace.indicators.search()}


def test_only_what_the_import_alone_brought_is_disarmed(workspace: Workspace) -> None:
    workspace.indicators.add([Indicator(IndicatorType.DOMAIN, "a.example", "a list")])
    first = take_in(workspace, "us", names("a.example", "b.example"))
    second = take_in(workspace, "us", names("b.example", "c.example", name="other"))
    take_in(workspace, "them", names("c.example", name="third"))
    assert undo(workspace, second) == (1, 1)
    assert armed(workspace) == {
        ("a.example", "a list"), ("a.example", "us"), ("b.example", "us"), ("c.example", "them")
    }  # fmt: skip
    assert undo(workspace, first) == (1, 2)
    assert armed(workspace) == {("a.example", "a list"), ("c.example", "them")}


def test_an_older_version_counts_again(workspace: Workspace) -> None:
    take_in(workspace, "us", names("a.example", confidence=90))
    later = names("a.example", confidence=10, modified="2026-06-01T00:00:00.000Z")
    newer = take_in(workspace, "us", later)
    assert [one.confidence for one in workspace.indicators.search()] == [10]
    assert undo(workspace, newer) == (1, 0)
    assert [one.confidence for one in workspace.indicators.search()] == [90]


def test_an_import_without_indicators_disarms_nothing(workspace: Workspace) -> None:
    take_in(workspace, "us", names("a.example"))
    tool = take_in(workspace, "us", made("tool", "t"))
    assert undo(workspace, tool) == (1, 0)
    assert armed(workspace) == {("a.example", "us")}
    with pytest.raises(AppError, match="no addition 9; the newest is 1"):
        undo(workspace, 9)


def test_markings_that_only_the_store_knows_count(workspace: Workspace) -> None:
    take_in(workspace, "us", OWN)
    take_in(workspace, "us", names("a.example", object_marking_refs=[OWN["id"]]))
    take_in(workspace, "us", names("b.example", name="red", object_marking_refs=[RED]))
    lost = names("c.example", name="lost", object_marking_refs=[LOST])
    take_in(workspace, "us", lost)
    levels = {one.value: one.tlp for one in workspace.indicators.search()}
    assert levels == {"a.example": "", "b.example": "TLP:RED", "c.example": "TLP:RED"}
