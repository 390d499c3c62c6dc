"""URLs in mail: in plain text, behind links, and links that show one host and go to another."""

from __future__ import annotations

import re
from html import unescape

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


_MARKUP = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)>|([^<]++)|<"
)
_ATTRIBUTE = re.compile(r"([A-Za-z-]{1,32})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]++))")


class LinkReader:
    """Collects the URLs of an HTML body.

    Not the standard library's parser: that takes quadratic time on unclosed tags.

    Attributes:
        urls: every URL that a reader could follow or that loads by itself, in order.
        mismatches: ``shown -> target`` for links whose text names another host than they go to.
    """

    def __init__(self, markup: str) -> None:
        self.urls: dict[str, None] = {}
        self.mismatches: list[str] = []
        self._target, self._shown = "", ""
        for found in _MARKUP.finditer(markup[:MAX_BODY]):
            closing, tag, attributes, text = found.groups("")
            if text:
                self._text(unescape(text[:65_536]))
            elif closing and tag.lower() == "a":
                self._end_of_link()
            elif tag:
                self._tag(tag.lower(), attributes)

    def _tag(self, tag: str, attributes: str) -> None:
        for found in _ATTRIBUTE.finditer(attributes):
            name = found[1].lower()
            url = unescape(found[2] or found[3] or found[4] or "").strip()[:2_048]
            if name not in _URL_ATTRIBUTES or not url:
                continue
            if url.lower().startswith(("http://", "https://", "ftp://", "//")):
                self._add(url)
            if tag == "a" and name == "href":
                self._target, self._shown = url, ""

    def _text(self, text: str) -> None:
        if self._target:
            self._shown = (self._shown + text[:512])[:512]
        elif "://" in text:
            for url in urls_in_text(text):
                self._add(url)

    def _end_of_link(self) -> None:
        shown = _HOST_LIKE.match(self._shown.strip())
        host = split_url(self._target).host
        if shown and host and not _same_site(shown[1].lower(), host) and len(self.mismatches) < 64:
            self.mismatches.append(f"{self._shown.strip()[:256]} -> {self._target[:1024]}")
        self._target = ""

    def _add(self, url: str) -> None:
        if len(self.urls) < MAX_URLS:
            self.urls[url] = None


def _same_site(first: str, second: str) -> bool:
    first, second = first.removeprefix("www."), second.removeprefix("www.")
    return first == second or first.endswith("." + second) or second.endswith("." + first)
