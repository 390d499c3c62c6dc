"""What TAXII 2.1 demands, in the order of its sections."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any

import pytest

from tests.intel.objects.conftest import made, related
from tests.share.conftest import EPOCH, TAXII, Site

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
FOUR = ("manifest/", "objects/")


def versions_of(name: str, *times: str, **more: Any) -> list[dict[str, Any]]:
    return [made("tool", name, modified=time, **more) for time in times]


V1, V2, V3 = "2026-05-20T00:00:00.000Z", "2026-06-01T00:00:00.000Z", "2026-07-01T00:00:00.123456Z"


@pytest.mark.parametrize(
    "path",
    ["/taxii2", "/api", "/api/collections", "/api/collections/shared", "/nowhere/", "/api/x/"],
)
def test_3_1_paths_end_in_a_slash_and_unknown_ones_are_not_found(lone: Site, path: str) -> None:
    answer = lone.ask(path)
    assert answer.status == 404
    assert answer.headers["content-type"] == TAXII


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (TAXII, 200), ("application/taxii+json", 200), ("application/taxii+json; version=2.1", 200),
        ("application/TAXII+json;version=\"2.1\"", 200), ("*/*", 200), ("application/*;q=0.1", 200),
        ("", 200), ("text/html, application/taxii+json;q=0.5", 200),
        ("application/taxii+json;version=2.0", 406), ("application/json", 406),
        ("application/vnd.oasis.taxii+json;version=2.0", 406), ("text/html", 406), (",;=", 406),
        (f"{TAXII};q=0, */*", 406), ("application/taxii+json;q=x", 406),
        ("application/stix+json;version=2.1", 406),
    ],
)  # fmt: skip
def test_3_1_content_negotiation(lone: Site, accept: str, status: int) -> None:
    for path in ("/taxii2/", "/api/", "/api/collections/", "/api/collections/shared/objects/"):
        answer = lone.ask(path, headers={"Accept": accept})
        assert answer.status == status
        assert answer.headers["content-type"] == TAXII


def test_5_3_the_manifest_takes_stix_too(lone: Site) -> None:
    for accept in ("application/stix+json;version=2.1", f"{TAXII},application/stix+json"):
        answer = lone.ask("/api/collections/shared/manifest/", headers={"Accept": accept})
        assert (answer.status, answer.headers["content-type"]) == (200, TAXII)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (TAXII, 202), ("application/taxii+json", 202), ("application/taxii+json;version=2.0", 415),
        ("application/json", 415), ("application/stix+json;version=2.1", 415), ("", 415),
    ],
)  # fmt: skip
def test_3_1_what_a_body_is(lone: Site, kind: str, status: int) -> None:
    path, body = "/api/collections/shared/objects/", {"objects": [made("tool", "a")]}
    for headers, expected in (
        ({"Content-Type": kind}, status),
        ({"Content-Encoding": "gzip"}, 415),
    ):
        answer = lone.ask(path, "cert", method="POST", body=body, headers=headers)
        assert answer.status == expected


def test_3_2_dates_of_the_first_and_last_object(site: Site) -> None:
    for path in FOUR:  # nothing there: going on from this date misses nothing
        answer = site.ask(f"/api/collections/shared/{path}")
        assert answer.json == {}
        assert answer.headers["x-taxii-date-added-first"] == EPOCH
    site.post([made("tool", str(number)) for number in range(5)])
    records = site.ask("/api/collections/shared/manifest/?limit=3").json["objects"]
    for path in (*FOUR, f"objects/{records[0]['id']}/", f"objects/{records[0]['id']}/versions/"):
        answer = site.ask(f"/api/collections/shared/{path}?limit=3")
        first, last = (answer.headers[f"x-taxii-date-added-{end}"] for end in ("first", "last"))
        assert first == records[0]["date_added"]
        assert last == records[2 if path in FOUR else 0]["date_added"]
        assert STAMP.fullmatch(first)
        datetime.fromisoformat(first)


def test_3_3_oldest_first(site: Site) -> None:
    for number in range(4):
        site.post([made("tool", str(number))])
    dates = [one["date_added"] for one in site.all(path="shared/manifest/")]
    assert dates == sorted(dates)
    assert len(set(dates)) == 4
    listed = [site.ask("/api/collections/", "cert").json for _ in range(3)]
    assert listed[0] == listed[1] == listed[2]


@pytest.mark.parametrize(
    "query",
    [
        "added_after=yesterday", "added_after=2026-13-01T00:00:00Z", "added_after=", "limit=0",
        "added_after=2026-01-01T00:00:00", "limit=-1", "limit=1e3", "limit=", "limit=%EF%BC%91",
        "added_after=0001-01-01T00:00:00Z", "limit=1&limit=2", "limit=1,2", "match[type]=",
        "match[type]=a&match[type]=b", "match[id]=,", "match[id]=tool", "match[version]=newest",
        "match[version]=all,last", "match[version]=last,last", "match[version]=2026-05-20",
        "match[spec_version]=two", "match[type]=%00", "match%5Btype%5D=Tool", "limit=%ff",
        "match[type]=indicator, malware", "next=forged", "next=%00", "next=AAAA",
        f"added_after={V1}&added_after={V2}", f"added_after={V1},{V2}",
    ],
)  # fmt: skip
def test_3_4_malformed_parameters_are_refused(lone: Site, query: str) -> None:
    for path in FOUR:
        answer = lone.ask(f"/api/collections/shared/{path}?{query.replace(' ', '%20')}")
        assert (answer.status, answer.json["http_status"]) == (400, "400")


def test_3_4_unknown_parameters_are_passed_over_but_not_when_deleting(lone: Site) -> None:
    item = made("tool", "a")
    lone.post([item])
    where = f"/api/collections/shared/objects/{item['id']}/"
    assert lone.ask("/api/collections/shared/objects/?match[colour]=red&x=1").status == 200
    for query in ("match[colour]=red", "match[type]=malware", "limit=1", "next=x"):
        assert lone.ask(f"{where}?{query}", "cert", method="DELETE").status == 400
    assert lone.ask(f"{where}?match[type]=tool").status == 400
    assert lone.ask(where).json["objects"] == [item]


def test_3_4_added_after_leaves_out_the_moment_itself(site: Site) -> None:
    items = [made("tool", str(number)) for number in range(6)]
    site.post(items[:3])
    site.post(items[3:])
    records = site.all(path="shared/manifest/")
    for place, record in enumerate(records):
        query = f"added_after={record['date_added']}"
        assert site.all(query=query) == items[place + 1 :]
    answer = site.ask(f"/api/collections/shared/objects/?{query}")
    assert answer.headers["x-taxii-date-added-last"] == records[-1]["date_added"]


def test_3_4_limit(site: Site) -> None:
    items = [made("tool", str(number)) for number in range(4)]
    site.post(items)
    for limit in (1, 3, 4, 5, 10**30):
        found = site.ask(f"/api/collections/shared/objects/?limit={limit}").json
        assert found["objects"] == items[:limit]
        assert found["more"] is (limit < 4)
        assert ("next" in found) is (limit < 4)


def test_3_4_1_match_fields(site: Site) -> None:
    tool, malware, old = made("tool", "a"), made("malware", "b"), made("tool", "old")
    del old["spec_version"]
    sighting = made("sighting", "s", sighting_of_ref=malware["id"])
    site.post([tool, malware, old, sighting])
    everything = [tool, malware, old, sighting]

    def found(query: str) -> list[Any]:
        shown = site.all(query=query)
        listed = [one["id"] for one in site.all(path="shared/manifest/", query=query)]
        assert [one["id"] for one in shown] == listed
        return shown

    assert found("") == everything
    assert found("match[type]=malware,sighting") == [malware, sighting]
    assert found("match%5Btype%5D=campaign") == []
    assert found(f"match[id]={tool['id']},{sighting['id']}") == [tool, sighting]
    assert found(f"match[id]={tool['id']}&match[type]=malware") == []
    assert found("match[spec_version]=2.0") == [old]
    assert found("match[spec_version]=2.0,2.1") == everything
    assert found("match[spec_version]=3.0") == []


def test_3_4_1_versions(site: Site) -> None:
    one, two, three = versions_of("a", V1, V2, V3)
    statement = made("marking-definition", "m", definition_type="statement",
                     definition={"statement": "x"})  # fmt: skip
    del statement["modified"]
    other = made("tool", "b")
    site.post([two, one])
    site.post([other, three, statement])

    def found(words: str) -> list[Any]:
        return site.all(query=f"match[version]={words}" if words else "")

    assert found("") == found("last") == [other, three, statement]
    assert found("first") == [one, other, statement]
    assert found("all") == [two, one, other, three, statement]
    assert found(V2) == [two]
    assert found(f"{V3},first") == [one, other, three, statement]
    assert found("2026-05-20T00:00:00Z") == [one, other, statement]  # the same moment
    where = f"/api/collections/shared/objects/{one['id']}/"
    assert site.ask(where).json["objects"] == [three]
    assert site.ask(f"{where}?match[version]=first,last").json["objects"] == [one, three]
    assert site.ask(f"{where}versions/").json["versions"] == [V2, V1, V3]
    assert site.ask(f"{where}versions/?limit=2").json["more"] is True
    assert site.ask(f"{where}versions/?match[spec_version]=2.0").json == {}
    assert site.ask(f"{where}?match[version]=2020-01-01T00:00:00.000Z").status == 404
    assert site.ask(f"{where}?match[spec_version]=2.0").json == {}


def test_3_5_pages(site: Site) -> None:
    items = [made("tool", str(number)) for number in range(23)]
    site.post(items)
    for query in ("limit=1&", "limit=7&", "limit=22&", "limit=5&match[type]=tool&"):
        assert site.all(query=query) == items
        assert len(site.all(path="shared/manifest/", query=query)) == len(items)
    first = site.ask("/api/collections/shared/objects/?limit=20").json
    for item in items[20:]:
        site.ask(f"/api/collections/shared/objects/{item['id']}/", "cert", method="DELETE")
    rest = site.ask(f"/api/collections/shared/objects/?limit=20&next={first['next']}")
    assert rest.json == {}
    dates = site.all(path="shared/manifest/")
    assert rest.headers["x-taxii-date-added-last"] == dates[-1]["date_added"]


def test_3_5_by_dates_alone_nothing_is_lost_either(site: Site) -> None:
    items = [made("tool", str(number)) for number in range(11)]
    site.post(items)
    seen, query = [], ""
    while True:
        answer = site.ask(f"/api/collections/shared/objects/?limit=4{query}")
        seen += answer.json["objects"]
        if not answer.json["more"]:
            break
        query = f"&added_after={answer.headers['x-taxii-date-added-last']}"
    assert seen == items


def test_3_6_errors_say_what_is_wrong(lone: Site) -> None:
    answer = lone.ask("/api/collections/shared/objects/?limit=0")
    assert answer.json.keys() == {"title", "description", "error_id", "error_code", "http_status"}
    assert all(isinstance(value, str) for value in answer.json.values())
    assert "limit" in answer.json["description"]
    assert answer.json["error_id"] == lone.log()[-1]["error_id"]


def test_4_1_discovery(lone: Site) -> None:
    assert lone.ask("/taxii2/").json == {
        "title": "Test", "default": "/api/", "api_roots": ["/api/"]
    }  # fmt: skip
    assert lone.ask("/taxii2/", "cert").json["api_roots"] == ["/api/", "/other/"]
    assert lone.ask("/taxii2/", "stranger").json == {"title": "Test"}
    assert lone.ask("/taxii2/", None).status == 401


def test_4_2_api_root(lone: Site) -> None:
    root = lone.ask("/api/").json
    assert root["versions"] == [TAXII]
    assert root["max_content_length"] == 10 << 20
    assert root["title"]
    assert lone.ask("/other/").status == 404
    assert lone.ask("/other/", "cert").status == 200


def test_4_3_status(site: Site) -> None:
    good, bad = made("tool", "a"), made("malware", "b") | {"confidence": 101}
    name = {"type": "domain-name", "spec_version": "2.1", "value": "c2.example",
            "id": f"domain-name--{uuid.uuid4()}"}  # fmt: skip
    forged = good | {"description": "forged"}
    status = site.post([good, bad, "no object", good, forged, {"id": 5}, name])
    assert (status["total_count"], status["success_count"], status["failure_count"]) == (7, 3, 4)
    assert (status["status"], status["pending_count"]) == ("complete", 0)
    assert "pendings" not in status
    assert STAMP.fullmatch(status["request_timestamp"])
    assert uuid.UUID(status["id"]).version == 4
    assert [one["id"] for one in status["successes"]] == [good["id"], good["id"], name["id"]]
    assert status["successes"][0] == {"id": good["id"], "version": good["modified"]}
    told = {one["id"]: one["message"] for one in status["failures"]}
    assert "confidence" in told[bad["id"]]
    assert "later modified" in told[good["id"]]
    again = site.ask(f"/api/status/{status['id']}/", "cert")
    assert again.json == status
    record = next(one for one in site.all("cert", "shared/manifest/") if one["id"] == name["id"])
    assert record["version"] == status["successes"][2]["version"]
    for path, member in (("/api", "clear"), ("/other", "cert")):
        assert site.ask(f"{path}/status/{status['id']}/", member).status == 404
    for wrong in (str(uuid.uuid4()), "x", "%00"):
        assert site.ask(f"/api/status/{wrong}/", "cert").status == 404


def test_5_1_and_5_2_collections(lone: Site) -> None:
    listed = lone.ask("/api/collections/").json["collections"]
    assert [(one["alias"], one["can_read"], one["can_write"]) for one in listed] == [
        ("shared", True, False), ("inbox", False, True)
    ]  # fmt: skip
    for one in listed:
        assert uuid.UUID(one["id"]).version == 4
        assert one["media_types"][0] == "application/stix+json;version=2.1"
        for name in (one["id"], one["alias"]):
            assert lone.ask(f"/api/collections/{name}/").json == one
    for name in ("private", lone.ids["private"], lone.ids["far"], "nothing", "%2e%2e"):
        assert lone.ask(f"/api/collections/{name}/").status == 404


@pytest.mark.parametrize("path", FOUR)
def test_5_what_may_not_be_read(lone: Site, path: str) -> None:
    assert lone.ask(f"/api/collections/inbox/{path}").status == 403
    assert lone.ask(f"/api/collections/private/{path}").status == 404
    assert lone.ask(f"/api/collections/shared/{path}", None).status == 401


def test_5_3_manifest(site: Site) -> None:
    one, two = versions_of("a", V1, V2)
    site.post([one, two])
    records = site.all(path="shared/manifest/", query="match[version]=all&")
    assert [record["version"] for record in records] == [V1, V2]
    for record in records:
        assert record["id"] == one["id"]
        assert STAMP.fullmatch(record["date_added"])
        assert record["media_type"] == "application/stix+json;version=2.1"


def test_5_5_adding(site: Site) -> None:
    item = made("tool", "a")
    path = "/api/collections/{}/objects/"
    for member, name, status in (
        ("town", "inbox", 202), ("town", "shared", 403), ("town", "private", 404),
        ("stranger", "shared", 404), (None, "shared", 401),
    ):  # fmt: skip
        answer = site.ask(path.format(name), member, method="POST", body={"objects": [item]})
        assert answer.status == status
    assert site.post([item], name="inbox")["success_count"] == 1  # an exact duplicate is no error
    assert site.all("cert", "inbox/objects/") == [item]
    for body in (b"", b"[]", b"{}", b'{"objects": []}', b'{"objects": 5}', b"\xff", b'"x"', b"{"):
        answer = site.ask(path.format("shared"), "cert", method="POST", body=body)
        assert answer.status == 422


def test_5_6_an_object(site: Site) -> None:
    item = made("tool", "a")
    site.post([item])
    where = "/api/collections/shared/objects/"
    assert site.ask(f"{where}{item['id']}/").json == {"more": False, "objects": [item]}
    for wrong in (made("tool", "b")["id"], "tool--x", "..%2f", "%00", "a" * 3000):
        assert site.ask(f"{where}{wrong}/").status == 404
        assert site.ask(f"{where}{wrong}/versions/").status == 404
    late = site.ask(f"{where}{item['id']}/?added_after=2999-01-01T00:00:00Z")
    assert (late.status, late.json) == (200, {})


def test_5_7_deleting(site: Site) -> None:
    one, two = versions_of("a", V1, V2)
    other = made("tool", "b")
    site.post([one, two, other])
    site.post([one], name="inbox")
    path = "/api/collections/{}/objects/{}/"
    for member, name, status in (
        ("town", "shared", 403), ("town", "inbox", 403), ("town", "private", 404),
        ("stranger", "shared", 404), (None, "shared", 401),
    ):  # fmt: skip
        assert site.ask(path.format(name, one["id"]), member, method="DELETE").status == status
    where = path.format("shared", one["id"])
    gone = site.ask(f"{where}?match[version]={V2}", "cert", method="DELETE")
    assert (gone.status, gone.body, gone.headers["content-type"]) == (200, b"", TAXII)
    assert site.ask(f"{where}?match[version]={V2}").status == 404
    assert site.ask(where).json["objects"] == [one]
    assert site.ask(where, "cert", method="DELETE").status == 200
    assert site.ask(where).status == 404
    assert site.ask(f"{where}versions/").status == 404
    assert site.all() == [other]
    assert site.ask(where, "cert", method="DELETE").status == 404
    assert site.all("cert", "inbox/objects/") == [one]


def test_5_7_deleting_takes_every_version(site: Site) -> None:
    versions = versions_of("a", V1, V2, V3)
    site.post(versions)
    where = f"/api/collections/shared/objects/{versions[0]['id']}/"
    assert site.ask(where, "cert", method="DELETE").status == 200
    assert site.all(query="match[version]=all&") == []


def test_8_2_methods(lone: Site) -> None:
    full = lone.ask("/taxii2/")
    head = lone.ask("/taxii2/", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]
    options = lone.ask("/api/collections/shared/objects/", method="OPTIONS")
    assert (options.status, options.headers["allow"]) == (200, "GET, POST, HEAD, OPTIONS")
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        answer = lone.ask("/api/collections/shared/objects/", method=method)
        assert (answer.status, answer.json["http_status"]) == (405, "405")
        assert answer.headers["allow"] == "GET, POST, HEAD, OPTIONS"
    assert lone.ask("/taxii2/", None, method="OPTIONS").status == 401


def test_relationships_come_whole(site: Site) -> None:
    one, two = made("malware", "a"), made("tool", "b")
    items = [one, two, related(one, "uses", two)]
    site.post(items)
    assert site.all() == items
