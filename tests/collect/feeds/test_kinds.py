"""Every kind of feed: what it says arrives, and hostile variations of it raise nothing else."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.collect.feeds import samples
from tests.collect.feeds.conftest import Desk, Web, says

from noroshi.collect.feeds import KINDS, Feed, FeedError, Item, guessed_kind
from noroshi.collect.feeds.door import Door
from noroshi.intel.flaws import Fact, facts_about
from noroshi.intel.objects import Clearance, Tlp

EVERYTHING = Clearance.everything()


def read(kind: str, path: Path, **given: Any) -> list[Item]:
    return list(KINDS[kind].read(Door(Feed("x", kind, str(path), **given)), {}))


def about(desk: Desk, cve: str, clearance: Clearance = EVERYTHING) -> list[Fact]:
    return facts_about(desk.workspace.objects, cve, clearance)


@pytest.mark.parametrize("body", [json.dumps(samples.KEV), samples.KEV_CSV])
def test_known_exploited_vulnerabilities(desk: Desk, web: Web, body: str) -> None:
    web.said["/kev"] = body.encode()
    desk.add("kev", "kev", web("/kev"))
    pulled = desk.pull("kev")
    assert (pulled.outcome, pulled.new) == ("done", 1)
    [fact] = about(desk, "CVE-2026-11111")
    assert fact == Fact(
        "CVE-2026-11111", "kev", known_exploited=True, exploited_since="2026-02-01",
        due="2026-02-22", ransomware=True, products=("Example Gateway",), action="Update to 9.9.",
    )  # fmt: skip


def test_one_vulnerability_whoever_speaks_of_it(desk: Desk, web: Web) -> None:
    web.said |= {
        "/kev": json.dumps(samples.KEV).encode(), "/epss": samples.EPSS.encode(),
        "/csaf": json.dumps(samples.CSAF).encode(),
        "/news": b"<rss><channel><item><title>x</title><description>They use CVE-2026-11111."
        b"</description></item></channel></rss>",
    }  # fmt: skip
    for name, kind in (("kev", "kev"), ("epss", "epss"), ("csaf", "advisories"), ("news", "rss")):
        desk.add(name, kind, web(f"/{name}"))
        assert desk.pull(name).outcome == "done"
    [flaw] = desk.objects("vulnerability")
    assert flaw["name"] == "CVE-2026-11111"
    facts = {fact.source: fact for fact in about(desk, "CVE-2026-11111")}
    assert set(facts) == {"kev", "epss", "csaf"}
    assert facts["epss"].epss == 0.91234
    assert facts["csaf"].products == ("Example Gateway 9.8",)
    assert facts["csaf"].action == "Take 9.9."
    [report] = desk.objects("report")
    assert report["object_refs"] == [flaw["id"]]


def test_an_advisory_is_seen_by_whom_it_is_for(desk: Desk, web: Web) -> None:
    web.said |= {"/csaf": json.dumps(samples.CSAF).encode(), "/epss": samples.EPSS.encode()}
    desk.add("csaf", "advisories", web("/csaf"))
    desk.add("epss", "epss", web("/epss"))
    desk.pull("csaf")
    desk.pull("epss")
    green = about(desk, "CVE-2026-11111", Clearance(Tlp.GREEN))
    assert [fact.source for fact in green] == ["epss"]
    assert len(about(desk, "CVE-2026-11111", Clearance(Tlp.AMBER))) == 2


def test_a_score_that_falls_is_told_and_small_steps_are_not(desk: Desk, web: Web) -> None:
    web.said["/epss"] = samples.EPSS.encode()
    desk.add("epss", "epss", web("/epss"))
    assert desk.pull("epss").new == 1
    web.said["/epss"] = samples.EPSS.replace("0.91234", "0.91999").encode()
    assert desk.pull("epss").new == 0
    web.said["/epss"] = samples.EPSS.replace("0.91234", "0.00234").encode()
    assert desk.pull("epss").new == 1
    assert [fact.epss for fact in about(desk, "CVE-2026-11111")] == [0.00234]
    assert about(desk, "CVE-2026-22222") == []


def test_advisories_that_a_provider_lists_are_read_once(desk: Desk, web: Web) -> None:
    listed = {"feed": {"entry": [
        {"id": "1", "updated": "2026-02-02T00:00:00Z", "content": {"src": web("/a.json")}},
        {"id": "2", "updated": "2026-02-02T00:00:00Z", "content": {"src": "missing.json"}},
    ]}}  # fmt: skip
    provider = {"distributions": [{"rolie": {"feeds": [{"url": web("/rolie.json")}]}}]}
    web.said |= {
        "/provider-metadata.json": json.dumps(provider).encode(),
        "/rolie.json": json.dumps(listed).encode(), "/a.json": json.dumps(samples.CSAF).encode(),
    }  # fmt: skip
    desk.add("x", "advisories", web("/provider-metadata.json"))
    first = desk.pull("x")
    assert (first.outcome, first.new) == ("failed", 1)
    web.said["/missing.json"] = json.dumps(samples.OSV).encode()
    assert (desk.pull("x").outcome, web.asked.count("/a.json")) == ("done", 1)
    assert [fact.products for fact in about(desk, "CVE-2026-44444")] == [("PyPI example-parser",)]


def test_an_archive_of_advisories(desk: Desk, web: Web) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/EX-1.json", json.dumps(samples.OSV))
        archive.writestr("broken.json", "{")
        archive.writestr("README", "words")
    web.said["/all.zip"] = packed.getvalue()
    desk.add("x", "advisories", web("/all.zip"))
    pulled = desk.pull("x")
    assert (pulled.outcome, pulled.new) == ("failed", 1)


def test_events_that_a_manifest_lists_are_read_when_they_change(desk: Desk, web: Web) -> None:
    def manifest(stamp: str) -> bytes:
        return json.dumps({samples.UUID: {"timestamp": stamp, "info": "x"}}).encode()

    web.said |= {
        "/manifest.json": manifest("1"),
        f"/{samples.UUID}.json": json.dumps(samples.MISP).encode(),
    }
    desk.add("x", "misp", web("/manifest.json"))
    assert desk.pull("x").new == 1
    assert desk.armed() == {"198.51.100.5": "address", "c2.badhost.example": "domain"}
    [report] = desk.objects("report")
    marks = {one["name"]: one["object_marking_refs"] for one in desk.objects("indicator")}
    assert report["object_marking_refs"] in marks.values()
    assert report["name"] == "Quarry loader"
    assert desk.pull("x").entries == 0
    assert len(web.asked) == 3
    changed = json.loads(json.dumps(samples.MISP))
    changed["Event"]["Attribute"].append({"type": "md5", "value": "0" * 31 + "1"})
    web.said |= {
        "/manifest.json": manifest("2"), f"/{samples.UUID}.json": json.dumps(changed).encode()
    }  # fmt: skip
    assert desk.pull("x").new == 1
    assert len(desk.objects("report")[0]["object_refs"]) == 3
    assert len(desk.objects("indicator")) == 3


def test_where_there_is_no_manifest_the_hashes_tell_the_events(desk: Desk, web: Web) -> None:
    web.said |= {
        "/hashes.csv": f"{'0' * 32},{samples.UUID}\n".encode(),
        f"/{samples.UUID}.json": says(json.dumps(samples.MISP).encode(), ETag='"1"'),
    }
    desk.add("x", "misp", web("/hashes.csv"))
    assert desk.pull("x").new == 1
    assert desk.pull("x").new == 0
    assert web.headers[-1]["if-none-match"] == '"1"'


@pytest.mark.parametrize(
    ("body", "link", "value"),
    [
        (samples.ATOM, "/reports/1", "198.51.100.23"),
        (samples.RDF, "https://r.example/at1", "198.51.100.24"),
    ],
)
def test_atom_and_rdf(desk: Desk, web: Web, body: str, link: str, value: str) -> None:
    web.said["/feed"] = body.encode()
    desk.add("x", "rss", web("/feed"))
    assert desk.pull("x").new == 1
    [report] = desk.objects("report")
    assert report["external_references"][0]["url"].endswith(link)
    assert report["published"].startswith("2026-03-02T")
    assert value in desk.armed()


def test_mailboxes(desk: Desk, tmp_path: Path) -> None:
    box = tmp_path / "box"
    for folder in ("cur", "new", "tmp"):
        (box / folder).mkdir(parents=True)
    (box / "cur" / "1772.M1.host:2,S").write_text(samples.MAIL.format(number=7))
    (box / "new" / "1772.M2.host").write_text(samples.MAIL.format(number=8))
    (tmp_path / "list.mbox").write_text(samples.MBOX)
    desk.add("maildir", "mail", box)
    desk.add("mbox", "mail", tmp_path / "list.mbox")
    assert desk.pull("maildir").new == 2
    assert desk.pull("mbox").new == 3
    names = {one["name"] for one in desk.objects("report")}
    assert names == {"New C2"}
    assert {f"198.51.100.{number}" for number in (1, 2, 3, 7, 8)} <= desk.armed().keys()
    (box / "new" / "1772.M2.host").rename(box / "cur" / "1772.M2.host:2,")
    assert desk.pull("maildir").new == 0


def test_a_drop_folder(desk: Desk, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    (drop / ".hidden").mkdir(parents=True)
    (drop / ".hidden" / "x.txt").write_text("C2: 198.51.100.66")
    (drop / "a.html").write_bytes(samples.EVERY["reports"])
    (drop / "copy of a.html").write_bytes(samples.EVERY["reports"])
    (drop / "b.md").write_text("# Report\nThe C2 server is 198.51.100.10.\n")
    (drop / "broken.docx").write_bytes(b"PK\x03\x04word/document.xml")
    desk.add("drop", "reports", drop)
    pulled = desk.pull("drop")
    assert (pulled.new, pulled.outcome) == (2, "done")
    assert pulled.refused >= 1
    assert set(desk.armed()) == {"198.51.100.9", "198.51.100.10"}
    assert desk.pull("drop").size == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("https://x.example/a/known_exploited_vulnerabilities.json", "kev"),
        ("https://x.example/epss_scores-current.csv.gz", "epss"),
        ("https://x.example/api/collections/91a7b528/", "taxii"),
        ("https://x.example/misp/manifest.json", "misp"),
        ("https://x.example/.well-known/csaf/provider-metadata.json", "advisories"),
        ("https://x.example/drop.txt", "list"),
        ("https://x.example/news.rss", "rss"),
    ],
)
def test_addresses_tell_the_kind(name: str, kind: str) -> None:
    assert guessed_kind(name) == kind


@pytest.mark.parametrize("kind", sorted(set(samples.EVERY) - {"taxii"}))
def test_content_tells_the_kind(kind: str, tmp_path: Path) -> None:
    suffix = ".txt" if kind == "list" else ".data"
    path = tmp_path / f"feed{suffix}"
    path.write_bytes(samples.EVERY[kind])
    assert guessed_kind(str(path)) == kind


def mutated(data: bytes) -> st.SearchStrategy[bytes]:
    """Bytes of a feed with pieces cut out, repeated, or overwritten."""
    place = st.integers(0, len(data))
    piece = st.one_of(
        st.binary(max_size=8),
        st.sampled_from([b"null", b"[]", b"{}", b"-1", b'"\\ud800"', b"1e999", b"true", b'""',
                         b"<a>", b"]]>", b"\x00", b"[[[[[[", b"9" * 400, b"\n", b","]),
    )  # fmt: skip

    def apply(changes: list[tuple[int, int, bytes]]) -> bytes:
        found = data
        for start, end, new in changes:
            found = found[: min(start, end)] + new + found[max(start, end) :]
        return found

    return st.lists(st.tuples(place, place, piece), min_size=1, max_size=4).map(apply)


@pytest.mark.parametrize("kind", sorted(set(samples.EVERY) - {"taxii"}))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_hostile_variations_give_items_or_are_told(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"fuzz-{kind}.json"
    path.write_bytes(data.draw(mutated(samples.EVERY[kind])))
    try:
        items = read(kind, path)
    except FeedError as error:
        assert str(error)
        return
    for item in items:
        orjson.dumps([item.key, item.body])
        assert len(item.key_digest) == len(item.digest) == 16
        assert item.date >= 0


NAMES = (
    "cve", "id", "modified", "aliases", "affected", "package", "document", "tracking", "title",
    "vulnerabilities", "product_status", "known_affected", "notes", "remediations", "cveID",
    "dateAdded", "Event", "Attribute", "Object", "info", "uuid", "type", "value", "objects",
    "pattern", "timestamp", "distributions", "feed", "entry", "product_tree", "branches",
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=40,
)


@pytest.mark.parametrize("kind", ["kev", "misp", "stix", "advisories"])
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=st.dictionaries(st.sampled_from(NAMES), ANYTHING, min_size=1, max_size=8))
def test_json_of_any_shape_gives_items_or_is_told(
    kind: str, value: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"shape-{kind}.json"
    path.write_text(json.dumps(value))
    try:
        items = read(kind, path)
    except FeedError:
        return
    for item in items:
        orjson.dumps([item.key, item.body])
