"""What two products that speak TAXII 2.1 ask of each other, asked by the OASIS client.

Cases of the TAXII 2.1 specification: finding a server and its collections under each account,
filtering, versions, pages, adding with a status, deleting, and being told no.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.intel.objects.conftest import made
from tests.share.conftest import SECRET, Site

taxii2client = pytest.importorskip("taxii2client.v21")
requests = pytest.importorskip("requests")


@contextmanager
def as_member(site: Site, name: str, secret: str = SECRET) -> Iterator[Any]:
    url = f"http://127.0.0.1:{site.port}/taxii2/"
    with taxii2client.Server(url, user=name, password=secret) as server:
        yield server
        for root in server.api_roots:
            root.close()


def collection(server: Any, name: str) -> Any:
    return next(one for root in server.api_roots for one in root.collections if one.alias == name)


def refused(ask: Any, *arguments: Any, **filters: Any) -> int:
    with pytest.raises(requests.exceptions.HTTPError) as error:
        ask(*arguments, **filters)
    return int(error.value.response.status_code)


def names(answer: Any) -> list[str]:
    return [one["name"] for one in answer.get("objects", [])]


def versions(*years: int) -> list[dict[str, Any]]:
    first = made("tool", "in three versions")
    return [first | {"modified": f"{year}-01-01T00:00:00.000Z", "name": str(year),
                     "created": "2020-01-01T00:00:00.000Z"} for year in years]  # fmt: skip


def test_every_root_and_what_an_account_may_do_there_is_found(lone: Site) -> None:
    with as_member(lone, "cert") as server:
        assert {one.alias for root in server.api_roots for one in root.collections} == {
            "shared", "inbox", "private", "far",
        }  # fmt: skip
        assert all("application/taxii+json;version=2.1" in root.versions
                   for root in server.api_roots)  # fmt: skip
    with as_member(lone, "town") as server:
        found = {one.alias: (one.can_read, one.can_write)
                 for root in server.api_roots for one in root.collections}  # fmt: skip
    assert found == {"shared": (True, False), "inbox": (False, True)}


def test_filters_by_type_id_version_and_specification(site: Site) -> None:
    three = versions(2021, 2022, 2023)
    malware = made("malware", "kuma")
    site.post([*three, malware])
    with as_member(site, "town") as server:
        shared = collection(server, "shared")
        assert names(shared.get_objects()) == ["2023", "kuma"]
        assert names(shared.get_objects(type="malware")) == ["kuma"]
        assert names(shared.get_objects(type=["malware", "tool"])) == ["2023", "kuma"]
        assert names(shared.get_objects(id=malware["id"])) == ["kuma"]
        assert names(shared.get_objects(version="first", type="tool")) == ["2021"]
        assert names(shared.get_objects(version="all", type="tool")) == ["2021", "2022", "2023"]
        middle = three[1]["modified"]
        assert names(shared.get_objects(version=middle)) == ["2022"]
        assert names(shared.get_objects(spec_version="2.1")) == ["2023", "kuma"]
        assert names(shared.get_objects(spec_version="2.0")) == []
        assert names(shared.get_object(three[0]["id"], version="first")) == ["2021"]
        told = shared.object_versions(three[0]["id"])["versions"]
        assert told == [one["modified"] for one in three]
        listed = shared.get_manifest(version="all", type="tool")["objects"]
        assert [one["version"] for one in listed] == told
        assert {one["media_type"] for one in listed} == {"application/stix+json;version=2.1"}


def test_who_comes_back_gets_what_was_added_since(site: Site) -> None:
    site.post([made("tool", "first")])
    with as_member(site, "town") as server:
        shared = collection(server, "shared")
        seen = shared.get_manifest()["objects"][-1]["date_added"]
        assert shared.get_objects(added_after=seen) == {}
        site.post([made("tool", str(number)) for number in range(5)])
        pages = list(taxii2client.as_pages(shared.get_objects, per_request=2, added_after=seen))
        assert [name for page in pages for name in names(page)] == list("01234")
        assert [page.get("more", False) for page in pages] == [True, True, False]


def test_a_status_tells_each_object_apart(site: Site) -> None:
    good, bad = made("tool", "good"), made("tool", "bad") | {"confidence": 200}
    with as_member(site, "cert") as server:
        status = collection(server, "shared").add_objects({"objects": [good, bad]})
        assert [one["id"] for one in status.successes] == [good["id"]]
        assert [one["id"] for one in status.failures] == [bad["id"]]
        assert "confidence" in status.failures[0]["message"]
        assert (status.pending_count, status.status) == (0, "complete")


def test_one_version_is_deleted_and_the_others_stay(site: Site) -> None:
    three = versions(2021, 2022, 2023)
    site.post(three)
    with as_member(site, "cert") as server:
        shared = collection(server, "shared")
        shared.delete_object(three[0]["id"], version=three[2]["modified"])
        assert names(shared.get_objects()) == ["2022"]
        shared.delete_object(three[0]["id"], version="all")
        assert refused(shared.get_object, three[0]["id"]) == 404


def test_who_may_not_is_told_so(lone: Site) -> None:
    lone.post([made("tool", "x")])
    with as_member(lone, "town") as server:
        shared, inbox = collection(server, "shared"), collection(server, "inbox")
        given = {"objects": [made("tool", "y")]}
        base = f"http://127.0.0.1:{lone.port}/api/collections/"
        with requests.Session() as session:
            session.auth = ("town", SECRET)
            head = {"Accept": "application/taxii+json;version=2.1"}
            asked = {
                f"{inbox.id}/objects/": 403, f"{shared.id}/objects/": 200,
                "private/objects/": 404, "nothing/objects/": 404,
                f"{shared.id}/objects/?limit=none": 400,
            }  # fmt: skip
            for path, status in asked.items():
                assert session.get(base + path, headers=head).status_code == status, path
            post = head | {"Content-Type": "application/taxii+json;version=2.1"}
            answer = session.post(f"{base}{shared.id}/objects/", json=given, headers=post)
            assert answer.status_code == 403
        assert inbox.add_objects(given).success_count == 1
    for name, secret in (("town", "wrong"), ("nobody", SECRET)):
        server = taxii2client.Server(f"http://127.0.0.1:{lone.port}/taxii2/", user=name,
                                     password=secret)  # fmt: skip
        assert refused(lambda there=server: there.title) == 401
        server.close()
