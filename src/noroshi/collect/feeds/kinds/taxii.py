"""TAXII 2.1 collections, page by page (OASIS TAXII Version 2.1, sections 3.4, 3.5 and 5.4).

``next`` is the server's and goes with the ``added_after`` it was given for; only when a server
says ``more`` and gives no ``next`` does the date of its last object take its place. The position is
kept after every page, so that thousands of pages need not come in one go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from noroshi.collect.feeds.door import Door
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Item
from noroshi.collect.feeds.kinds.kind import listed, load, mapping
from noroshi.collect.feeds.kinds.listing import object_item, read_stix

ACCEPT = {"Accept": "application/taxii+json;version=2.1"}
EMPTY_PAGES = 50
"""Pages in a row without an object, after which a server is not asked further."""


def read_taxii(door: Door, position: dict[str, Any]) -> Iterator[Item]:
    """Yield the objects of a collection that were added since the last pull.

    Raises:
        FeedError: the server goes in a circle, or says what TAXII does not know.
    """
    if not door.feed.is_remote:
        yield from read_stix(door, position)
        return
    seen: set[str] = set()
    empty = 0
    while True:
        page, last = _page(door, position)
        objects = listed(page.get("objects"))
        yield from filter(None, map(object_item, objects))
        empty = 0 if objects else empty + 1
        if last:
            position["latest"] = max(last, str(position.get("latest", "")))
        more, following = page.get("more") is True, page.get("next")
        if not more:
            position["added_after"] = position.get("latest") or position.get("added_after", "")
            position.pop("next", None)
            return
        if isinstance(following, str) and following:
            position["next"] = following
        elif last and last > str(position.get("added_after", "")):
            position["added_after"] = last
            position.pop("next", None)
        else:
            position.pop("next", None)
            raise FeedError(f"{door.feed.location}: says there is more, but not where")
        mark = f"{position.get('added_after', '')} {position.get('next', '')}"
        if mark in seen or empty >= EMPTY_PAGES:
            position.pop("next", None)
            raise FeedError(f"{door.feed.location}: goes in a circle after {len(seen):,} pages")
        seen.add(mark)


def _page(door: Door, position: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return a page, and the date of its last object; a lost ``next`` begins anew."""
    try:
        got = door.read(_url(door.feed.location, position), conditional=False, headers=ACCEPT)
    except FeedError as error:
        if "next" not in position or not any(f": {code} " in str(error) for code in (400, 404)):
            raise
        position.pop("next")
        got = door.read(_url(door.feed.location, position), conditional=False, headers=ACCEPT)
    if got is None:
        return {}, ""
    return (
        mapping(load(got.body, got.location)) if got.body.strip() else {},
        got.headers.get("x-taxii-date-added-last", ""),
    )


def _url(location: str, position: dict[str, Any]) -> str:
    parts = urlsplit(location)
    path = parts.path.rstrip("/")
    path = path if path.endswith("/objects") else f"{path}/objects"
    given = {name: str(position[name]) for name in ("added_after", "next") if position.get(name)}
    query = urlencode({**dict(parse_qsl(parts.query)), **given})
    return urlunsplit((parts.scheme, parts.netloc, f"{path}/", query, ""))
