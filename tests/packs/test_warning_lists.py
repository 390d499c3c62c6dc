"""The built-in warning lists: well-formed, and not so wide that they hide an intruder."""

from __future__ import annotations

import json
from ipaddress import ip_network
from pathlib import Path

import pytest

from noroshi.intel.packs import PackKind, builtin_pack

PACK = builtin_pack("noroshi-warninglists")
LISTS = list(PACK.files("list.json"))


def test_pack() -> None:
    assert PACK.manifest.kind is PackKind.WARNING_LISTS
    assert len(LISTS) >= 6


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.name)
def test_list(path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))
    assert data["type"] in {"cidr", "hostname", "string"}
    assert data["category"] in {"false_positive", "known"}
    assert data["matching_attributes"]
    assert data["list"] == sorted(set(data["list"]))
    for item in data["list"]:
        assert item == item.strip().lower()
        if data["type"] == "cidr":
            network = ip_network(item)
            assert network.prefixlen >= 4
        elif data["type"] == "hostname":
            assert item.startswith(".") or item.count(".") >= 1
