"""URLs in mail: in plain text, behind links, and links that show one host and go to another."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from noroshi.collect.url_fields import split_url

MAX_URLS = 256
MAX_BODY = 2 * 1_048_576
"""Characters of a body that are searched; mail that people read is far shorter."""

_URL = re.compile(r"(?:https?|hxxps?|ftp)(?::|\[:\])//[^\s<>\"'`{}|\\^]{3,2048}", re.IGNORECASE)
_TRAILING = ".,;:!?)]}>」』）】、。"
_HOST_LIKE = re.compile(r"(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?:[/:?#]|$)", re.I)
_URL_ATTRIBUTES = ("href", "src", "action", "background", "formaction", "data")


def urls_in_text(text: str) -> list[str]:
    """Return the URLs of a plain text in order, each once; defanged ones are made whole."""
    found: dict[str, None] = {}
    for match in _URL.finditer(text[:MAX_BODY]):
        found[_whole(match.group())] = None
        if len(found) >= MAX_URLS:
            break
    return list(found)


def _whole(url: str) -> str:
    url = url.replace("[.]", ".").replace("[:]", ":").rstrip(_TRAILING)
    return "http" + url[4:] if url[:4].lower() == "hxxp" else url


class LinkReader(HTMLParser):
    """Collects the URLs of an HTML body.

    Attributes:
        urls: every URL that a reader could follow or that loads by itself, in order.
        mismatches: ``shown -> target`` for links whose text names another host than they go to.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.urls: dict[str, None] = {}
        self.mismatches: list[str] = []
        self._target, self._shown = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the URLs of a tag's attributes."""
        for name, value in attrs:
            if name in _URL_ATTRIBUTES and value and len(self.urls) < MAX_URLS:
                url = value.strip()[:2048]
                if url.lower().startswith(("http://", "https://", "ftp://", "//")):
                    self.urls[url] = None
                if tag == "a" and name == "href":
                    self._target, self._shown = url, ""

    def handle_data(self, data: str) -> None:
        """Take the text, for URLs in it and as what a link shows."""
        if self._target:
            self._shown = (self._shown + data[:512])[:512]
        elif "://" in data:
            for url in urls_in_text(data):
                if len(self.urls) < MAX_URLS:
                    self.urls[url] = None

    def handle_endtag(self, tag: str) -> None:
        """Compare what a link shows with where it goes."""
        if tag != "a" or not self._target:
            return
        shown = _HOST_LIKE.match(self._shown.strip())
        host = split_url(self._target).host
        if shown and host and not _same_site(shown[1].lower(), host) and len(self.mismatches) < 64:
            self.mismatches.append(f"{self._shown.strip()[:256]} -> {self._target[:1024]}")
        self._target = ""


def _same_site(first: str, second: str) -> bool:
    first, second = first.removeprefix("www."), second.removeprefix("www.")
    return first == second or first.endswith("." + second) or second.endswith("." + first)


def read_links(html: str) -> LinkReader:
    """Read an HTML body; markup that cannot be parsed ends the reading, not the mail."""
    reader = LinkReader()
    try:
        reader.feed(html[:MAX_BODY])
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        pass
    return reader
