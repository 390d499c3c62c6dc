"""RSS 2.0, RDF (RSS 1.0) and Atom: entries are reports.

Sources: RSS 2.0 specification; RDF Site Summary 1.0; RFC 4287. A document type is refused: entities
are never expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError, XMLParser

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import each_file
from noroshi.collect.feeds.kinds.kind import moment
from noroshi.intel.text import read_bytes

_DATES = ("updated", "pubDate", "date", "published", "modified")
_TEXTS = ("encoded", "content", "description", "summary")
_MOST = 10_000


def read_articles(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the entries; the page that one links to is only read where the feed is set to."""
    for got in each_file(door):
        for place, entry in enumerate(_entries(got)):
            if place >= _MOST:
                raise FeedError(f"{got.location}: more than {_MOST:,} entries")
            yield _item(door, got, entry)


def _entries(got: Got) -> list[Element]:
    if b"<!DOCTYPE" in got.body or b"<!ENTITY" in got.body:
        raise FeedError(f"{got.location}: has a document type; entities are not expanded")
    parser = XMLParser()  # noqa: S314 - no document type, so no entities of its own
    try:
        parser.feed(got.body)
        root = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise FeedError(f"{got.location}: not XML: {error}") from error
    found = [part for part in root.iter() if _name(part) in ("item", "entry")]
    if not found and _name(root) not in ("rss", "RDF", "feed"):
        raise FeedError(f"{got.location}: XML, but no RSS or Atom: <{_name(root)[:40]}>")
    return found


def _item(door: Door, got: Got, entry: Element) -> Item:
    parts: dict[str, Element] = {}
    for part in entry:
        parts.setdefault(_name(part), part)
    title = " ".join(_plain(_text(parts.get("title"))).split()) or "?"
    link = _link(entry, got.location)
    text = next((_text(parts[name]) for name in _TEXTS if name in parts and _text(parts[name])), "")
    date = next((found for name in _DATES if (found := moment(_text(parts.get(name))))), 0)
    said = _plain(text)
    if door.feed.linked and link:
        said = _linked(door, link, said)
    key = _text(parts.get("guid")) or _text(parts.get("id")) or link or title
    text = f"{title}\n\n{said}"[: door.limits.text]
    body = {"name": title[:500], "text": text, "link": link, "published": date}
    return Item(key[:1000], Form.REPORT, body, date)


def _linked(door: Door, link: str, said: str) -> str:
    """Return the text of the page behind a link; the entry's own where there is none."""
    try:
        got = door.read(link, conditional=False)
    except FeedError as error:
        if door.seconds_left <= 0:
            raise
        return f"{said}\n\n({error})"
    page = read_bytes(got.body, link).text if got else ""
    return page if len(page) > len(said) else said


def _link(entry: Element, base: str) -> str:
    links = [part for part in entry if _name(part) == "link"]
    best = min(links, key=lambda part: part.get("rel", "alternate") != "alternate", default=None)
    found = "" if best is None else (best.get("href") or _text(best)).strip()
    found = urljoin(base, found) if found and "://" in base else found
    return found if found.startswith(("http://", "https://")) else ""


def _plain(markup: str) -> str:
    text = markup.strip()
    return read_bytes(f"<html><body>{text}".encode(), "entry").text.strip() if "<" in text else text


def _text(part: Element | None) -> str:
    return "" if part is None else "".join(part.itertext()).strip()


def _name(part: Element) -> str:
    return str(part.tag).rpartition("}")[2]
