"""A store as an older version left it gives the same after it was opened."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from tests.intel.objects import postgresql
from tests.intel.objects.conftest import SOURCE, made, related

from noroshi.intel import schema
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, Match, ObjectStore, clock
from noroshi.intel.objects.artefacts import artefacts, title
from noroshi.intel.objects.packing import packer
from noroshi.intel.objects.references import references
from noroshi.intel.objects.tables import ADDITIONS, COUNTERS

ALL = Clearance.everything()
RAKE = made("malware", "Rake", labels=[f"family-{number}" for number in range(5_100)])
NEWER = RAKE | {"modified": "2026-06-01T00:00:00.000Z"}
HOST = {"type": "domain-name", "spec_version": "2.1", "value": "c2.example",
        "id": "domain-name--2F7A5F0C-0B0B-5B0B-8B0B-0B0B0B0B0B0B"}  # fmt: skip
OURS = made("x-our-thing", "own")
LINK = related(RAKE, "uses", HOST)
ITEMS = [RAKE, HOST, OURS, LINK, NEWER]
ADDED = 1_770_000_000_000_000


def _objects() -> list[dict[str, Any]]:
    pack = packer()
    return [
        {
            "number": number, "id": item["id"],
            "version": item.get("modified", clock.text(ADDED)),
            "moment": clock.parse(item.get("modified")) or ADDED,
            "type": item["type"], "spec": "2.1", "tlp": 0, "first": item is not NEWER,
            "last": item is not RAKE, "date_added": ADDED, "addition": 1, "title": title(item),
            "digest": hashlib.sha256(orjson.dumps(item)).digest()[:16],
            "body": pack(orjson.dumps(item)),
        }
        for number, item in enumerate(ITEMS, 1)
    ]  # fmt: skip


def _entries() -> list[dict[str, Any]]:
    return [
        {
            "number": number, "collection": "shared", "object": number, "id": item["id"],
            "first": True, "last": True, "date_added": ADDED + number, "addition": 1,
        }
        for number, item in enumerate(ITEMS[:4], 1)
    ]  # fmt: skip


def _fill(connection: sa.Connection) -> None:
    """Write what the version before wrote."""
    counters = {"objects": 5, "entries": 4, "date": ADDED + 9, "additions": 1}
    connection.execute(
        COUNTERS.insert(), [{"name": name, "value": value} for name, value in counters.items()]
    )
    connection.execute(
        ADDITIONS.insert(),
        {"number": 1, "source": SOURCE.source, "retrieved": 0, "taken_by": "", "added": ADDED},
    )
    pointing = [
        {"object": number, "property": name, "target": target}
        for number, item in enumerate(ITEMS, 1)
        for name, target in references(item)
    ]
    naming = [
        {"object": number, "kind": kind, "value": value}
        for number, item in enumerate(ITEMS, 1)
        for kind, value in artefacts(item)
    ]
    for name, rows in (
        ("objects", _objects()), ("object_entries", _entries()),
        ("object_references", pointing), ("object_artefacts", naming),
    ):  # fmt: skip
        table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        connection.execute(table.insert(), rows)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str | Path:
    location: str | Path = tmp_path / "knowledge.sqlite"
    if request.param == "postgresql":
        location = postgresql.new_database(request.getfixturevalue("postgresql_server"))

    def to_0004(config: Config, _head: str) -> None:
        upgrade(config, "0004")

    upgrade = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", to_0004)
        with Knowledge(location) as knowledge, knowledge.write() as connection:
            assert schema.current(connection) == "0004"
            _fill(connection)
    return location


def test_all_that_was_there_is_found_as_before(old_store: str | Path) -> None:
    with Knowledge(old_store) as knowledge:
        store = ObjectStore(knowledge)
        assert list(store.all(ALL, match=Match(versions=("all",)))) == ITEMS
        assert [store.get(item["id"], ALL) for item in ITEMS[1:]] == ITEMS[1:]
        assert store.get(RAKE["id"], ALL, version=RAKE["modified"]) == RAKE
        page = store.page(ALL, collection="shared", limit=9)
        assert [(one.object, one.version, one.date_added) for one in page.entries] == [
            (item, item.get("modified", clock.text(ADDED)), ADDED + number)
            for number, item in enumerate(ITEMS[:4], 1)
        ]
        assert store.naming("C2.example", ALL) == [HOST]
        assert store.naming("family-5099", ALL) == [NEWER]
        assert {one.verb for one in store.neighbours(HOST["id"], ALL)} == {"uses"}


def test_what_comes_again_is_known_and_what_goes_leaves_nothing(old_store: str | Path) -> None:
    with Knowledge(old_store) as knowledge:
        store = ObjectStore(knowledge)
        again = store.add(ITEMS, SOURCE, "shared")
        assert (again.new, again.versions, again.unchanged) == (0, 0, len(ITEMS))
        store.undo(1)
        with knowledge.read() as connection:
            for name in ("objects", "object_entries", "object_references", "object_artefacts"):
                left = connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()
                assert left == 0, name
