"""``noroshi.open`` as a notebook uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.intel.objects.conftest import SOURCE, made, related

import noroshi
from noroshi.app.workspace import Workspace
from noroshi.intel.objects import ObjectError

RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"


def test_tables_keep_to_the_reader(tmp_path: Path) -> None:
    rake = made("malware", "Rake")
    group = made("intrusion-set", "Kuma Group", object_marking_refs=[RED])
    tool = made("tool", "sweeper")
    links = [related(group, "uses", rake), related(rake, "downloads", tool)]
    Workspace(tmp_path).objects.add([rake, group, tool, *links], SOURCE)
    owner, partner = noroshi.open(str(tmp_path)), noroshi.open(str(tmp_path), "green")
    assert owner.objects("malware", "tool")["name"].to_pylist() == ["Rake", "sweeper"]
    near = owner.neighbours("rake").to_pylist()
    assert {(row["name"], row["verb"], row["forward"]) for row in near} == {
        ("Kuma Group", "uses", False), ("sweeper", "downloads", True),
    }  # fmt: skip
    assert partner.neighbours("rake", 2)["name"].to_pylist() == ["sweeper"]
    assert "Kuma" not in str(partner.objects().to_pylist())
    assert partner.naming("Kuma Group").num_rows == 0
    assert owner.events("matches", "rule_id").num_rows == 0
    with pytest.raises(ObjectError, match="no TLP level"):
        noroshi.open(str(tmp_path), "purple")
