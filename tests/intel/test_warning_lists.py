"""Warning lists silence what is benign, with the list's name as the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.warning_lists import WarningLists
from noroshi.lang import render

T = IndicatorType


def lists(kind: str, values: list[str], **more: Any) -> WarningLists:
    found = WarningLists()
    found.add({"name": "Test list", "type": kind, "list": values} | more)
    return found


@pytest.mark.parametrize(
    ("found", "kind", "value", "listed"),
    [
        (lists("string", ["Good.example"]), T.DOMAIN, "good.example", True),
        (lists("string", ["good.example"]), T.DOMAIN, "www.good.example", False),
        (lists("hostname", [".good.example"]), T.DOMAIN, "www.good.example", True),
        (lists("hostname", ["good.example"]), T.DOMAIN, "notgood.example", False),
        (lists("hostname", ["good.example"]), T.MAIL, "x@good.example", True),
        (lists("hostname", ["good.example"]), T.URL, "http://good.example/evil", False),
        (lists("cidr", ["203.0.113.0/24"]), T.ADDRESS, "203.0.113.9", True),
        (lists("cidr", ["203.0.113.7"]), T.ADDRESS, "203.0.113.7", True),
        (lists("cidr", ["2001:db8::/32"]), T.ADDRESS, "2001:db8::9", True),
        (lists("cidr", ["203.0.113.0/24"]), T.NETWORK, "203.0.113.0/25", True),
        # A larger network than the list knows is not benign as a whole.
        (lists("cidr", ["203.0.113.0/24"]), T.NETWORK, "203.0.112.0/23", False),
        (lists("substring", ["portal."]), T.URL, "http://portal.good.example/", True),
        (lists("regex", ["/^abuse@.*/i"]), T.MAIL, "Abuse@good.example", True),
        (lists("regex", ["^abuse@"]), T.MAIL, "x@abuse.example", False),
        (lists("string", ["a" * 32], matching_attributes=["md5"]), T.HASH, "a" * 32, True),
        (lists("string", ["x.exe"], matching_attributes=["md5"]), T.FILE_NAME, "x.exe", False),
        (lists("string", ["x.example"], category="Known identifier"), T.DOMAIN, "x.example", False),
    ],
)
def test_reasons(found: WarningLists, kind: T, value: str, listed: bool) -> None:
    reason = found.reason(kind, value)
    assert (reason is not None) == listed
    if reason is not None:
        assert "Test list" in render(reason, "ja")
        assert render(reason, "ja") != render(reason, "en")


def test_what_cannot_be_used_is_noted(tmp_path: Path) -> None:
    for name, content in {"a": "{", "b": "[]", "c": '{"list": 3}'}.items():
        (tmp_path / name).write_text(content)
    found = WarningLists.load(sorted(tmp_path.iterdir()))
    found.add({"name": "odd", "type": "cidr", "list": ["nonsense"]})
    found.add({"name": "odd", "type": "regex", "list": ["(?<=a)b"]})
    assert len(found.problems) == 5


@pytest.mark.shared_data
def test_published_lists(shared_data: Path) -> None:
    paths = sorted((shared_data / "intel" / "misp-warninglists").glob("lists/*/list.json"))
    found = WarningLists.load(paths)
    assert len(paths) > 20
    assert found.problems == []
    assert found.reason(T.HASH, "d41d8cd98f00b204e9800998ecf8427e") is not None
    assert found.reason(T.ADDRESS, "203.0.113.200") is not None
    assert found.reason(T.DOMAIN, "certainly-not-listed.test") is None
