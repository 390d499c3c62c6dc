"""The OASIS client, end to end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.intel.objects.conftest import made
from tests.share.conftest import SECRET, Site

taxii2client = pytest.importorskip("taxii2client.v21")


def test_the_oasis_client_reads_writes_and_deletes(site: Site) -> None:
    url = f"http://127.0.0.1:{site.port}/taxii2/"
    with taxii2client.Server(url, user="cert", password=SECRET) as server:
        assert server.title == "Test"
        root = server.default
        assert root.max_content_length == 10 << 20
        shared = next(one for one in root.collections if one.alias == "shared")
        items = [made("tool", str(number)) for number in range(25)]
        status = shared.add_objects({"objects": [*items, made("tool", "x") | {"confidence": 200}]})
        assert (status.status, status.success_count, status.failure_count) == ("complete", 25, 1)
        assert root.get_status(status.id).total_count == 26

        def pages(get: Any, **filters: Any) -> list[Any]:
            found = taxii2client.as_pages(get, per_request=10, **filters)
            return [item for page in found for item in page.get("objects", [])]

        assert pages(shared.get_objects) == items
        assert [one["id"] for one in pages(shared.get_manifest)] == [one["id"] for one in items]
        assert pages(shared.get_objects, type="malware") == []
        one = items[3]
        assert shared.get_object(one["id"])["objects"] == [one]
        assert shared.object_versions(one["id"])["versions"] == [one["modified"]]
        shared.delete_object(one["id"])
        assert len(pages(shared.get_objects)) == 24
        root.close()
