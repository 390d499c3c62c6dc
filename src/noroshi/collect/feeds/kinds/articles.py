"""RSS 2.0, RDF (RSS 1.0) and Atom: entries are reports.

Sources: RSS 2.0 specification; RDF Site Summary 1.0; RFC 4287. A document type is refused: entities
are never expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.parsers import expat

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import Files
from noroshi.collect.feeds.kinds.values import moment
from noroshi.intel.text import read_bytes

_DATES = ("updated", "pubDate", "date", "published", "modified")
_TEXTS = ("encoded", "content", "description", "summary")
_ROOTS = ("rss", "RDF", "feed")
_MOST = 10_000
_DEEPEST = 200


def read_articles(door: Door, position: dict[str, Any]) -> Iterator[Item]:
    """Yield the entries; the page that one links to is only read where the feed is set to."""
    pages: dict[str, str] = {}

    def parse(got: Got) -> Iterator[Item]:
        entries = _Entries(got.location).read(got.body)
        if len(entries) > _MOST:
            raise FeedError(f"{got.location}: more than {_MOST:,} entries")
        for entry in entries:
            item = _item(door, got, entry)
            link, mark = str(item.body["link"]), item.digest.hex()
            if door.feed.linked and link and position.get("pages", {}).get(link) != mark:
                item = _with_page(door, link, item)
            yield item
            if door.feed.linked and link:
                pages[link] = mark

    yield from Files(door, parse, suffixes=(".xml", ".rss", ".atom", ".rdf")).items()
    if pages:
        position["pages"] = pages


class _Entries:
    """The entries of a document: texts by the local name of their element, links apart."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._found: list[dict[str, str]] = []
        self._path: list[str] = []
        self._entry: dict[str, str] | None = None
        self._level = 0
        self._text: list[str] = []

    def read(self, data: bytes) -> list[dict[str, str]]:
        """Return the entries.

        Raises:
            FeedError: not XML, a document type, too deep, or no feed.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text_of
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise FeedError(f"{self._where}: not XML: {error}") from error
        return self._found

    def _doctype(self, *_: object) -> None:
        raise FeedError(f"{self._where}: has a document type; entities are not expanded")

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        name = full.rpartition(" ")[2]
        if not self._path and name not in _ROOTS:
            raise FeedError(f"{self._where}: XML, but no RSS or Atom: <{name[:40]}>")
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise FeedError(f"{self._where}: elements more than {_DEEPEST} deep")
        if self._entry is None:
            if name in ("item", "entry"):
                self._entry, self._level = {}, len(self._path)
            return
        if len(self._path) == self._level + 1:
            self._text = []
            if name == "link" and attributes.get("href"):
                kept = "link" if attributes.get("rel", "alternate") == "alternate" else "other"
                self._entry.setdefault(kept, attributes["href"])

    def _text_of(self, text: str) -> None:
        if self._entry is not None:
            self._text.append(text)

    def _end(self, full: str) -> None:
        name = full.rpartition(" ")[2]
        if self._entry is not None:
            if len(self._path) == self._level:
                self._found.append(self._entry)
                self._entry = None
            elif len(self._path) == self._level + 1:
                text = "".join(self._text).strip()
                if text:
                    self._entry.setdefault(name, text)
        self._path.pop()


def _item(door: Door, got: Got, entry: dict[str, str]) -> Item:
    title = " ".join(_plain(entry.get("title", "")).split())
    link = _link(entry, got.location)
    markup = next((entry[name] for name in _TEXTS if entry.get(name)), "")
    date = next((found for name in _DATES if (found := moment(entry.get(name)))), 0)
    key = entry.get("guid") or entry.get("id") or link or title or markup[:200]
    said = _plain(markup)
    title = title or said.partition("\n")[0][:200] or "?"
    body = {
        "name": title[:500],
        "text": f"{title}\n\n{said}"[: door.limits.text],
        "link": link,
        "published": date,
        "sites": [host] if (host := urlsplit(link).hostname) else [],
    }
    # What the entry itself says makes it a new version: a page behind it changes with every visit.
    return Item(key[:1000], Form.REPORT, body, date, [title, markup, link])


def _with_page(door: Door, link: str, item: Item) -> Item:
    """Return a report with the text of the page behind its link, where that says more."""
    try:
        got = door.read(link, conditional=False)
    except FeedError as error:
        if door.seconds_left <= 0:
            raise
        door.refuse(link, str(error))
        return item
    page = read_bytes(got.body, link).text[: door.limits.text] if got else ""
    if len(page) <= len(item.body["text"]):
        return item
    return replace(item, body={**item.body, "text": page})


def _link(entry: dict[str, str], base: str) -> str:
    found = (entry.get("link") or entry.get("other") or "").strip()
    try:
        found = urljoin(base, found) if found and "://" in base else found
    except ValueError:
        return ""
    return found[:2000] if found.startswith(("http://", "https://")) and _usable(found) else ""


def _usable(link: str) -> bool:
    try:
        return bool(urlsplit(link).hostname)
    except ValueError:
        return False


_MARKUP = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")


def _plain(markup: str) -> str:
    if not _MARKUP.search(markup):
        return markup.strip()
    return read_bytes(f"<html><body>{markup}".encode(), "entry").text.strip()
