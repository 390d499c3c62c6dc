"""Advisories: CSAF 2.0 and OSV, one file, a folder, an archive, or all that a provider lists.

Sources: OASIS CSAF 2.0 (section 3.2 on the document, 7.1 on provider metadata and ROLIE feeds);
OSV schema 1.6.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import Files
from noroshi.collect.feeds.kinds.values import (
    CVE,
    listed,
    load,
    mapping,
    moment,
    paragraphs,
    words,
)

_PRODUCTS = 200
_AFFECTED = ("known_affected", "first_affected", "last_affected")


def read_advisories(door: Door, position: dict[str, Any]) -> Iterator[Item]:
    """Yield what advisories say of each vulnerability."""

    def parse(got: Got) -> Iterator[Item]:
        yield from _followed(door, got, position, depth=0)

    return Files(door, parse, suffixes=(".json",), zipped=True).items()


def _followed(door: Door, got: Got, position: dict[str, Any], depth: int) -> Iterator[Item]:
    """Follow provider metadata to its ROLIE feeds, and those to the advisories that changed."""
    data = mapping(load(got.body, got.location))
    if "distributions" in data and depth == 0:
        for one in map(mapping, listed(data["distributions"])):
            for feed in map(mapping, listed(mapping(one.get("rolie")).get("feeds"))):
                inner = door.read(urljoin(got.location, words(feed.get("url"))))
                if inner is not None:
                    yield from _followed(door, inner, position, depth=1)
                    door.done(inner)
    elif "feed" in data:
        yield from _listed(door, got, mapping(data["feed"]), position)
    elif "document" in data:
        yield from _csaf(data)
    elif "id" in data and ("affected" in data or "modified" in data):
        yield _osv(data)
    else:
        raise FeedError(f"{got.location}: neither a CSAF nor an OSV advisory, nor a list of them")


def _listed(door: Door, got: Got, feed: dict[str, Any], position: dict[str, Any]) -> Iterator[Item]:
    known: dict[str, str] = position.setdefault("advisories", {})
    missing: list[str] = []
    for entry in map(mapping, listed(feed.get("entry"))):
        source, updated = (
            words(mapping(entry.get("content")).get("src")),
            words(entry.get("updated"), 60),
        )
        if not source or known.get(source) == updated:
            continue
        try:
            inner = door.read(urljoin(got.location, source), conditional=False)
            if inner is not None:
                yield from _followed(door, inner, position, depth=2)
        except FeedError as error:
            if door.seconds_left <= 0 or len(missing) >= 20:
                raise
            missing.append(str(error))
            continue
        known[source] = updated
    if missing:
        raise FeedError(f"{len(missing)} advisories could not be read, first: {missing[0]}")


def _csaf(data: dict[str, Any]) -> Iterator[Item]:
    document = mapping(data["document"])
    tracking = mapping(document.get("tracking"))
    advisory = words(tracking.get("id")) or words(document.get("title")) or "?"
    label = words(mapping(mapping(document.get("distribution")).get("tlp")).get("label"), 40)
    names = dict(_product_names(mapping(data.get("product_tree"))))
    for one in map(mapping, listed(data.get("vulnerabilities"))):
        cve = words(one.get("cve"))
        named = cve if CVE.fullmatch(cve) else f"{advisory}: {words(one.get('title'))}"
        status = mapping(one.get("product_status"))
        ids = [words(pid) for state in _AFFECTED for pid in listed(status.get(state))]
        notes = [paragraphs(mapping(note).get("text")) for note in listed(one.get("notes"))]
        fixes = [mapping(fix) for fix in listed(one.get("remediations"))]
        body = {
            "cve": named,
            "title": words(document.get("title")),
            "description": "\n".join(dict.fromkeys(filter(None, notes)))[:5000],
            "products": list(dict.fromkeys(names.get(pid, pid) for pid in ids))[:_PRODUCTS],
            "action": "\n".join(
                dict.fromkeys(filter(None, (paragraphs(f.get("details")) for f in fixes)))
            )[:2000],
            "advisory": advisory,
            "tlp": f"TLP:{label}" if label else "",
        }
        yield Item(
            f"{advisory} {named}", Form.FLAW, body, moment(tracking.get("current_release_date"))
        )


def _product_names(tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield product ids and names, branches and relationships alike, without recursion."""
    waiting: list[Any] = [tree]
    while waiting:
        piece = mapping(waiting.pop())
        waiting += listed(piece.get("branches")) + listed(piece.get("full_product_names"))
        for related in listed(piece.get("relationships")):
            waiting.append(mapping(related).get("full_product_name"))
        product = mapping(piece.get("product")) or piece
        if "product_id" in product:
            found = words(product["product_id"])
            yield found, words(product.get("name")) or found


def _osv(data: dict[str, Any]) -> Item:
    advisory = words(data["id"])
    aliases = [one for one in map(words, listed(data.get("aliases"))) if CVE.fullmatch(one)]
    packages = [mapping(mapping(one).get("package")) for one in listed(data.get("affected"))]
    products = (f"{words(p.get('ecosystem'))} {words(p.get('name'))}".strip() for p in packages)
    body = {
        "cve": aliases[0] if aliases else advisory,
        "title": words(data.get("summary")),
        "description": paragraphs(data.get("details")),
        "products": [one for one in dict.fromkeys(products) if one][:_PRODUCTS],
        "advisory": advisory,
        "withdrawn": bool(data.get("withdrawn")),
    }
    return Item(advisory, Form.FLAW, body, moment(data.get("modified")))
