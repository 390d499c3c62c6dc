"""A store in memory of its own, with a clock that stands still until it is moved."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.intel.objects import postgresql

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import ObjectStore, Provenance

SOURCE = Provenance("a partner", 1_000, "test")


class Clock:
    """µs since 1970 UTC."""

    def __init__(self) -> None:
        self.now = 1_779_000_000_000_000

    def __call__(self) -> int:
        return self.now


def made(kind: str, name: str = "", **properties: Any) -> dict[str, Any]:
    """Return a good object of a kind; the name also makes its id."""
    item: dict[str, Any] = {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{uuid.uuid5(uuid.NAMESPACE_DNS, f'{kind}/{name}')}",
        "created": "2026-05-20T00:00:00.000Z",
        "modified": "2026-05-20T00:00:00.000Z",
    }
    if kind == "malware":
        item |= {"is_family": True}
    if kind not in ("relationship", "sighting", "indicator"):
        item["name"] = name
    return item | properties


def related(
    source: dict[str, Any], verb: str, target: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """Return a relationship between two objects."""
    return made(
        "relationship", f"{source['id']}{verb}{target['id']}", relationship_type=verb,
        source_ref=source["id"], target_ref=target["id"], **more,
    )  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    with postgresql.server() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[ObjectStore]:
    location: str | Path = tmp_path / "knowledge.sqlite"
    if request.param == "postgresql":
        location = postgresql.new_database(request.getfixturevalue("postgresql_server"))
    with Knowledge(location) as knowledge:
        yield ObjectStore(knowledge, clock)
