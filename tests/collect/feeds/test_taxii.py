"""Our own TAXII server as a feed: page by page, none lost, none doubled."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra 'service' is not installed")

from tests.collect.feeds.conftest import Desk
from tests.share.conftest import SECRET, make_site, running

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, Match, ObjectStore, Provenance

ATTACK = "attack/enterprise-attack.json.gz"


def one(number: int, version: int = 1) -> dict[str, Any]:
    return {
        "type": "malware", "spec_version": "2.1", "is_family": True, "name": f"family {number}",
        "id": f"malware--00000000-0000-4000-8000-{number:012d}",
        "created": "2026-03-01T00:00:00.000Z", "modified": f"2026-03-{version:02d}T00:00:00.000Z",
    }  # fmt: skip


def versions(objects: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter((item["id"], str(item.get("modified", ""))) for item in objects)


def every(desk: Desk) -> list[dict[str, Any]]:
    match = Match(versions=("all",))
    return list(desk.workspace.objects.all(Clearance.everything(), match=match))


def test_pages_new_objects_and_new_versions(desk: Desk, tmp_path: Path) -> None:
    with Knowledge(tmp_path / "peer.sqlite") as knowledge:
        service = make_site(knowledge, tmp_path / "logs")
        name = next(item.id for item in service.collections.list() if item.name == "shared")
        peer, said = ObjectStore(knowledge), Provenance("peer", 1, "test")
        peer.add([one(number) for number in range(2500)], said, "shared")
        with running(service) as port:
            desk.add("peer", "taxii", f"http://127.0.0.1:{port}/api/collections/{name}/")
            first = desk.pull("peer", f"cert:{SECRET}")
            assert (first.outcome, first.new) == ("done", 2500)
            assert desk.pull("peer", f"cert:{SECRET}").entries == 0
            peer.add([one(7, 2), one(2500)], said, "shared")
            again = desk.pull("peer", f"cert:{SECRET}")
            assert (again.entries, again.new) == (2, 2)
            wrong = desk.pull("peer", "cert:not the secret")
            assert wrong.outcome == "failed"
    found = versions(every(desk))
    assert len(found) == 2502
    assert set(found.values()) == {1}


@pytest.mark.shared_data
def test_all_of_attack_comes_over(desk: Desk, tmp_path: Path, shared_data: Path) -> None:
    bundle = json.loads(gzip.decompress((shared_data / ATTACK).read_bytes()))["objects"]
    with Knowledge(tmp_path / "peer.sqlite") as knowledge:
        service = make_site(knowledge, tmp_path / "logs")
        name = next(item.id for item in service.collections.list() if item.name == "shared")
        ObjectStore(knowledge).add(bundle, Provenance("ATT&CK", 1, "test"), "shared")
        with running(service) as port:
            desk.add("attack", "taxii", f"http://127.0.0.1:{port}/api/collections/{name}/objects")
            pulled = desk.pull("attack", f"cert:{SECRET}")
    assert pulled.outcome == "done", pulled.told
    there, here = versions(bundle), versions(every(desk))
    assert here == there
    assert set(here.values()) == {1}
