"""STIX 2 objects: bundles as files, and TAXII 2.1 collections page by page.

Source: OASIS TAXII Version 2.1, sections 3.4 (filtering), 3.5 (pagination), 5.4 (objects).
``next`` is the server's and goes with the ``added_after`` it was given for; only when a server
says ``more`` and gives no ``next`` does the date of its last object take its place. The position is
kept after every page, so that thousands of pages need not come in one go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import Files
from noroshi.collect.feeds.kinds.values import listed, load, mapping, moment

ACCEPT = {"Accept": "application/taxii+json;version=2.1"}
_NAMES = (".json", ".stix", ".stix2")
_ADDRESS = (
    "the address must be that of one collection, such as "
    "https://taxii.example/api1/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/"
)
EMPTY_PAGES = 50
"""Pages in a row without an object, after which a server is not asked further."""


def read_stix(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the objects of a bundle, or of each bundle in a folder."""
    return Files(door, lambda got: _bundle(door, got), suffixes=_NAMES, zipped=True).items()


def _bundle(door: Door, got: Got) -> Iterator[Item]:
    data = load(got.body, got.location)
    objects = data.get("objects", [data]) if isinstance(data, dict) else data
    found = list(_objects(door, listed(objects)))
    if not found and objects:
        raise FeedError(f"{got.location}: JSON, but neither a STIX bundle nor objects")
    yield from found


def _objects(door: Door, objects: list[Any]) -> Iterator[Item]:
    """Yield objects as items; a version of an object is one item."""
    for item in objects:
        found = mapping(item)
        if not isinstance(found.get("id"), str) or found.get("type") == "bundle":
            door.refuse(str(item), "no STIX object: it has no id")
            continue
        version = found.get("modified") or found.get("created") or ""
        yield Item(f"{found['id']} {version}", Form.OBJECT, found, moment(found.get("modified")))


def read_taxii(door: Door, position: dict[str, Any]) -> Iterator[Item]:
    """Yield the objects of a collection that were added since the last pull.

    Raises:
        FeedError: the server goes in a circle, or says what TAXII does not know.
    """
    seen: set[str] = set()
    empty = 0
    while True:
        page, last = _page(door, position)
        objects = listed(page.get("objects"))
        yield from _objects(door, objects)
        empty = 0 if objects else empty + 1
        if last:
            position["latest"] = max(last, str(position.get("latest", "")))
        if page.get("more") is not True:
            position["added_after"] = position.get("latest") or position.get("added_after", "")
            position.pop("next", None)
            return
        _go_on(door, position, page.get("next"), last)
        mark = f"{position.get('added_after', '')} {position.get('next', '')}"
        if mark in seen or empty >= EMPTY_PAGES:
            position.pop("next", None)
            raise FeedError(f"{door.feed.location}: goes in a circle after {len(seen):,} pages")
        seen.add(mark)


def _go_on(door: Door, position: dict[str, Any], following: Any, last: str) -> None:
    if isinstance(following, str) and following:
        position["next"] = following
        return
    position.pop("next", None)
    if not last or last <= str(position.get("added_after", "")):
        raise FeedError(f"{door.feed.location}: says there is more, but not where")
    position["added_after"] = last


def _page(door: Door, position: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return a page, and the date of its last object; a lost ``next`` begins anew."""
    try:
        got = door.read(_url(door.feed.location, position), conditional=False, headers=ACCEPT)
    except FeedError as error:
        if error.status == 404 and "next" not in position:
            raise FeedError(f"{error}; {_ADDRESS}", error.wait, error.status) from error
        if "next" not in position or error.status not in (400, 404, 410):
            raise
        position.pop("next")
        got = door.read(_url(door.feed.location, position), conditional=False, headers=ACCEPT)
    if got is None:
        return {}, ""
    page = load(got.body, got.location) if got.body.strip() else {}
    if not isinstance(page, dict):
        raise FeedError(f"{got.location}: no TAXII envelope")
    if page and not page.keys() & {"objects", "more", "next"}:
        raise FeedError(f"{got.location}: no TAXII envelope; {_ADDRESS}")
    return page, got.headers.get("x-taxii-date-added-last", "")


def _url(location: str, position: dict[str, Any]) -> str:
    parts = urlsplit(location)
    path = parts.path.rstrip("/")
    path = path if path.endswith("/objects") else f"{path}/objects"
    given = {name: str(position[name]) for name in ("added_after", "next") if position.get(name)}
    query = urlencode({**dict(parse_qsl(parts.query)), **given})
    return urlunsplit((parts.scheme, parts.netloc, f"{path}/", query, ""))
