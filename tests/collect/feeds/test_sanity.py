"""Poisoned feeds: what an honest one would not say is held back, with the reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.collect.feeds.conftest import Desk, Web

from noroshi.app.feeds import puller
from noroshi.lang import render


def lines(start: int, count: int, host: str = "bad.example.net") -> bytes:
    return "".join(f"h{number}.{host}\n" for number in range(start, start + count)).encode()


def held(desk: Desk) -> list[str]:
    return [render(one.held, "en") for one in desk.store.batches(held=True) if one.held]


@pytest.fixture
def own(desk: Desk) -> Desk:
    desk.workspace.home.mkdir(exist_ok=True, parents=True)
    desk.workspace.profile.write_text(
        "prefixes: [203.0.113.0/24]\ndomains: [town.example]\nproducts: [FortiGate]\n"
    )
    return desk


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("203.0.113.77", "your own"),
        ("203.0.112.0/20", "your own"),
        ("www.town.example", "your own"),
        ("http://mail.town.example/login", "your own"),
        ("me@town.example", "your own"),
        ("co.jp", "share"),
        ("11.0.0.0/8", "too wide"),
    ],
)
def test_values_that_would_hurt_the_one_who_believes_them(
    own: Desk, web: Web, line: str, why: str
) -> None:
    web.said["/x"] = b"198.51.100.1\n" + line.encode()
    own.add("x", "list", web("/x"))
    pulled = own.pull("x")
    assert (pulled.new, pulled.held) == (2, 1)
    assert why in held(own)[0]
    assert own.armed() == {"198.51.100.1": "address"}


def test_a_report_that_names_us_arms_nothing_of_ours_but_is_told(own: Desk, web: Web) -> None:
    from noroshi.intel.watch import Entry, as_entry

    own.workspace.watch.add([Entry(0, *as_entry("town.example"))])
    text = "The C2 servers are www[.]town[.]example and c2[.]bad[.]example."
    web.said["/x"] = (
        f"<rss><channel><item><title>New C2</title><description>{text}</description></item>"
        "</channel></rss>"
    ).encode()
    own.add("x", "rss", web("/x"))
    own.pull("x")
    assert set(own.armed()) == {"c2.bad.example"}
    concern, hit = own.workspace.watch.hits()
    assert "which is yours" in render(concern.how, "en")
    assert hit.value == "www.town.example"
    assert "C2 servers" in hit.quote


def test_of_an_event_only_the_values_in_doubt_are_held(own: Desk, tmp_path: Path) -> None:
    event = {
        "Event": {
            "uuid": "5f0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e1", "info": "Loader", "date": "2026-03-01",
            "Attribute": [
                {"type": "ip-dst", "value": "198.51.100.5", "to_ids": True},
                {"type": "ip-dst", "value": "203.0.113.5", "to_ids": True},
            ],
        }
    }  # fmt: skip
    (tmp_path / "event.json").write_text(json.dumps(event))
    own.add("x", "misp", tmp_path / "event.json")
    own.pull("x")
    assert own.armed() == {"198.51.100.5": "address"}
    assert [one["name"] for one in own.objects("report")] == ["Loader"]
    [batch] = own.store.batches(held=True)
    assert [one.body["value"] for one in own.store.items(batch.number)] == ["203.0.113.5"]
    own.store.release([batch.number])
    puller(own.workspace, own.store).settle(own.store.state("x").feed)
    assert set(own.armed()) == {"198.51.100.5", "203.0.113.5"}


def test_what_is_dated_in_the_future_is_held(desk: Desk, tmp_path: Path) -> None:
    item: dict[str, Any] = {
        "type": "malware", "spec_version": "2.1", "is_family": True, "name": "x",
        "id": "malware--1d0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e2",
        "created": "2099-01-01T00:00:00.000Z", "modified": "2099-01-01T00:00:00.000Z",
    }  # fmt: skip
    (tmp_path / "x.json").write_text(json.dumps({"type": "bundle", "objects": [item]}))
    desk.add("x", "stix", tmp_path / "x.json")
    assert desk.pull("x").held == 1
    assert held(desk) == ["dated in the future"]
    assert desk.objects() == []


def test_a_flood_is_held_until_somebody_believes_it(desk: Desk, web: Web) -> None:
    desk.add("x", "list", web("/x"))
    for turn in range(4):
        web.said["/x"] = lines(0, 10 + turn)
        assert desk.pull("x").outcome == "done"
    web.said["/x"] = lines(0, 13) + lines(0, 2000, "flood.example.org")
    pulled = desk.pull("x")
    assert (pulled.outcome, pulled.new, pulled.held) == ("held", 2000, 2000)
    assert "2000 new items at once" in held(desk)[0]
    assert len(desk.armed()) == 13
    assert desk.store.state("x").failures == 0
    desk.store.release([one.number for one in desk.store.batches(held=True)])
    puller(desk.workspace, desk.store).settle(desk.store.state("x").feed)
    assert len(desk.armed()) == 2013


def test_a_list_that_shrinks_to_nearly_nothing_is_not_believed(desk: Desk, web: Web) -> None:
    desk.add("x", "list", web("/x"))
    web.said["/x"] = lines(0, 500)
    assert desk.pull("x").outcome == "done"
    web.said["/x"] = lines(0, 3) + b"198.51.100.9\n"
    pulled = desk.pull("x")
    assert (pulled.outcome, pulled.held) == ("held", 1)
    assert "shrunk to 4 entries" in held(desk)[0]
    assert "198.51.100.9" not in desk.armed()


def test_where_much_is_in_doubt_the_rest_is_too(own: Desk, web: Web) -> None:
    web.said["/x"] = lines(0, 10) + "".join(f"203.0.113.{n}\n" for n in range(10)).encode()
    own.add("x", "list", web("/x"))
    pulled = own.pull("x")
    assert (pulled.outcome, pulled.new, pulled.held) == ("held", 20, 20)
    assert own.armed() == {}
