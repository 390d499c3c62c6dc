"""Pulling: what is new comes once, what fails is told and tried later, what is strange is held."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.collect.feeds.conftest import Desk, Web, says

from noroshi.lang import render

RSS = b"""<?xml version="1.0"?>
<rss version="2.0"><channel><title>Reports</title>
<item><title>Quarry group uses new loader</title><guid>r-1</guid>
<link>https://reports.example/1</link><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate>
<description>&lt;p&gt;The loader beacons to its C2 server 198.51.100.23 and drops
&lt;b&gt;c2.badhost.example&lt;/b&gt;. It exploits CVE-2026-12345.&lt;/p&gt;</description></item>
<item><title>Second</title><guid>r-2</guid><description>nothing of note</description></item>
</channel></rss>"""
LIST = b"# bad addresses\n198.51.100.1\n198.51.100.2\nbad.example.net\n"
BUNDLE: dict[str, Any] = {
    "type": "bundle",
    "objects": [
        {
            "type": "indicator", "spec_version": "2.1",
            "id": "indicator--2f0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e1",
            "created": "2026-03-01T00:00:00.000Z", "modified": "2026-03-01T00:00:00.000Z",
            "name": "c2", "pattern": "[domain-name:value = 'c2.example.org']",
            "pattern_type": "stix", "valid_from": "2026-03-01T00:00:00Z",
        },
        {
            "type": "malware", "spec_version": "2.1",
            "id": "malware--1d0a5d62-3d5b-4f51-9d0a-60e9c3a3f9e2",
            "created": "2026-03-01T00:00:00.000Z", "modified": "2026-03-01T00:00:00.000Z",
            "name": "Quarrybird", "is_family": True,
        },
    ],
}  # fmt: skip


def test_a_list_is_armed_and_known_once(desk: Desk, web: Web) -> None:
    web.said["/bad.txt"] = LIST
    desk.add("bad", "list", web("/bad.txt"), tlp="TLP:GREEN", reputation=70)
    first = desk.pull("bad")
    assert (first.outcome, first.new, first.held) == ("done", 3, 0)
    assert desk.armed() == {
        "198.51.100.1": "address", "198.51.100.2": "address", "bad.example.net": "domain",
    }  # fmt: skip
    assert {one.confidence for one in desk.workspace.indicators.search()} == {70}
    before = desk.objects()
    assert all(one.get("object_marking_refs") for one in before if one["type"] == "indicator")
    second = desk.pull("bad")
    assert (second.outcome, second.new) == ("done", 0)
    web.said["/bad.txt"] = LIST + b"198.51.100.3\n"
    assert desk.pull("bad").new == 1
    assert len(desk.objects("indicator")) == 4
    assert desk.workspace.indicators.count() == 4


def test_what_has_not_changed_is_not_sent_again(desk: Desk, web: Web) -> None:
    web.said["/bad.txt"] = says(LIST, ETag='"one"')
    desk.add("bad", "list", web("/bad.txt"))
    assert desk.pull("bad").new == 3
    assert desk.pull("bad").size == 0
    assert [one.get("if-none-match") for one in web.headers] == [None, '"one"']
    web.said["/bad.txt"] = says(LIST + b"198.51.100.9\n", ETag='"two"')
    assert desk.pull("bad").new == 1


def test_entries_are_read_as_reports_with_their_words(desk: Desk, web: Web) -> None:
    web.said["/feed"] = RSS
    desk.add("news", "rss", web("/feed"))
    assert desk.pull("news").new == 2
    reports = {one["name"]: one for one in desk.objects("report")}
    assert set(reports) == {"Quarry group uses new loader", "Second"}
    first = reports["Quarry group uses new loader"]
    assert first["published"] == "2026-03-02T09:00:00.000Z"
    assert first["external_references"][0]["url"] == "https://reports.example/1"
    named = {one["id"]: one["name"] for one in desk.objects() if "name" in one}
    assert {"198.51.100.23", "CVE-2026-12345"} <= {named[ref] for ref in first["object_refs"]}
    assert "198.51.100.23" in desk.armed()
    [note] = desk.objects("note")
    assert note["object_refs"] == [first["id"]]
    assert "beacons to its C2 server 198.51.100.23" in note["content"]


def test_pages_behind_entries_are_read_once_where_it_is_wanted(desk: Desk, web: Web) -> None:
    page = b"<p>It connects to its C2 server 203.0.113.77 every hour.</p>\n" * 10
    web.said["/page"] = b"<html><body>" + page + b"</body></html>"
    web.said["/feed"] = RSS.replace(b"https://reports.example/1", web("/page").encode())
    desk.add("news", "rss", web("/feed"), linked=True)
    assert desk.pull("news").new == 2
    assert desk.pull("news").new == 0
    assert web.asked == ["/feed", "/page", "/feed"]
    assert "203.0.113.77" in desk.armed()


def test_objects_come_as_they_are_and_are_armed(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(BUNDLE))
    desk.add("peer", "stix", path)
    assert desk.pull("peer").new == 2
    assert desk.objects() == BUNDLE["objects"]
    assert desk.armed() == {"c2.example.org": "domain"}
    assert desk.pull("peer").size == 0
    newer = json.loads(json.dumps(BUNDLE))
    newer["objects"][1] |= {"modified": "2026-04-01T00:00:00.000Z", "description": "more"}
    path.write_text(json.dumps(newer))
    assert desk.pull("peer").new == 1
    assert [one.get("description") for one in desk.objects("malware")] == ["more"]


def test_an_object_that_the_store_refuses_is_held_with_the_reason(
    desk: Desk, tmp_path: Path
) -> None:
    bad = json.loads(json.dumps(BUNDLE))
    del bad["objects"][1]["is_family"]
    (tmp_path / "bundle.json").write_text(json.dumps(bad))
    desk.add("peer", "stix", tmp_path / "bundle.json")
    desk.pull("peer")
    [held] = desk.store.batches(held=True)
    assert held.count == 1
    assert held.held is not None
    assert "is_family" in render(held.held, "en")
    assert [one["type"] for one in desk.objects()] == ["indicator"]


def test_a_failing_feed_waits_longer_each_time_and_as_long_as_it_is_asked_to(
    desk: Desk, web: Web
) -> None:
    web.said["/x"] = says(b"", 503)
    desk.add("x", "list", web("/x"), every=3600)
    waits = []
    for _ in range(12):
        pulled = desk.pull("x")
        assert pulled.outcome == "failed"
        assert "503" in render(pulled.told, "en")
        waits.append((pulled.due - desk.now) / 1_000_000)
    assert 450 <= waits[0] <= 900
    assert all(later > 1.0 * sooner for sooner, later in zip(waits[:3], waits[2:5], strict=True))
    assert max(waits) <= 86_400
    assert desk.store.state("x").failures == 12
    web.said["/x"] = says(b"", 429, Retry_After="200000")
    assert (desk.pull("x").due - desk.now) == 200_000 * 1_000_000
    web.said["/x"] = LIST
    assert desk.pull("x").due - desk.now == 3600 * 1_000_000
    assert desk.store.state("x").failures == 0


def test_one_bad_file_of_a_folder_does_not_hide_the_others(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "bundles"
    folder.mkdir()
    (folder / "a.json").write_text("{ not json")
    (folder / "b.json").write_text(json.dumps(BUNDLE))
    desk.add("peer", "stix", folder)
    pulled = desk.pull("peer")
    assert (pulled.outcome, pulled.new) == ("failed", 2)
    assert "a.json" in render(pulled.told, "en")
    assert len(desk.objects()) == 2
    (folder / "a.json").unlink()
    assert desk.pull("peer").outcome == "done"


@pytest.mark.parametrize("form", ["rss", "list", "stix", "kev", "epss", "misp", "advisories"])
def test_an_error_page_in_the_place_of_a_feed_is_told(desk: Desk, web: Web, form: str) -> None:
    web.said["/x"] = b"<html><body><h1>Sorry</h1>" + b"<p>The page has moved.</p>" * 20
    desk.add("x", form, web("/x"))
    pulled = desk.pull("x")
    assert (pulled.outcome, pulled.new) == ("failed", 0)
    assert desk.objects() == []
