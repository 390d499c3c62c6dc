"""HTML to text with a small scanner of our own: one pass, no tree, no limit on bad markup.

It keeps what extraction needs: headings as ``#`` lines, list items, table cells parted by ``|``,
and links as ``[words](address)`` so that an address for readers can be told from one in the text.
Scripts, styles and navigation go. Names of elements are those of the WHATWG HTML standard.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from noroshi.intel.text.document import Document
from noroshi.intel.text.wordlist import words
from noroshi.lang import Message

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_ATTRIBUTE = re.compile(
    r"([a-zA-Z:_-]{1,40})\s{0,8}=\s{0,8}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
)
_HIDDEN = words("script style noscript template svg nav footer aside iframe object")
_BLOCKS = words("""
    p div section article main header ul ol dl dt dd table thead tbody tr blockquote pre figure
    figcaption form fieldset address hr br title body h1 h2 h3 h4 h5 h6 li option
    """)
_LONGEST_TAG = 1 << 16
_SPACE = re.compile(r"[ \t\r\n\f\v]+")


def read_html(text: str, name: str, problems: tuple[Message, ...] = ()) -> Document:
    """Return the readable text of a page."""
    page = _Page(text)
    page.scan()
    return Document(
        name,
        "".join(page.out),
        "html",
        places=tuple(page.places),
        sites=frozenset(page.sites),
        problems=problems,
    )


class _Page:
    """A pass over a page; what is read gathers in ``out``."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lower = source.lower() if source.isascii() else _lower(source)
        self.out: list[str] = []
        self.places: list[tuple[int, int]] = []
        self.sites: set[str] = set()
        self._length = 0
        self._fresh = True
        self._pre = 0
        self._link: tuple[str, int] | None = None
        self._unclosed: set[str] = set()

    def scan(self) -> None:
        place, size = 0, len(self.source)
        while place < size:
            opening = self.source.find("<", place)
            if opening < 0:
                opening = size
            if opening > place:
                self._text(place, opening)
            place = self._markup(opening) if opening < size else size
        self._end_link()

    def _markup(self, place: int) -> int:
        source = self.source
        if source.startswith("<!--", place):
            end = source.find("-->", place + 4)
            return end + 3 if end >= 0 else len(source)
        tag = _TAG.match(source, place)
        if tag is None:
            if source[place + 1 : place + 2] not in ("!", "?"):
                self._write("<", place)
                return place + 1
            end = source.find(">", place, place + _LONGEST_TAG)
            return end + 1 if end >= 0 else place + 2
        end = source.find(">", tag.end(), place + _LONGEST_TAG)
        if end < 0:
            return tag.end()
        element = tag[1].lower()
        if source[place + 1] == "/":
            self._close(element)
            return end + 1
        if element in _HIDDEN and (after := self._past(element, end + 1)):
            return after
        self._open(element, source[tag.end() : end])
        return end + 1

    def _past(self, element: str, place: int) -> int:
        """Return the place after an element's end; 0 where it has none, which is asked once."""
        if element in self._unclosed:
            return 0
        end = self.lower.find(f"</{element}", place)
        if end < 0:
            self._unclosed.add(element)
            return len(self.source) if element in ("script", "style") else 0
        close = self.source.find(">", end)
        return close + 1 if close >= 0 else len(self.source)

    def _open(self, element: str, attributes: str) -> None:
        if element in ("td", "th"):
            if not self._fresh:
                self._write(" | ")
        elif element in _BLOCKS:
            self._break()
            if element == "pre":
                self._pre += 1
            elif element == "li":
                self._write("- ")
            elif len(element) == 2 and element[0] == "h" and element[1].isdigit():
                self._write("#" * int(element[1]) + " ")
            elif element == "title":
                self._write("# ")
        elif element == "a":
            self._end_link()
            address = _attribute(attributes, "href")
            if address.startswith(("http://", "https://")):
                self._link = (address, len(self.out))
        elif element in ("link", "meta"):
            self._own_site(element, attributes)

    def _close(self, element: str) -> None:
        if element == "a":
            self._end_link()
        elif element in _BLOCKS:
            self._pre -= element == "pre" and self._pre > 0
            self._break()

    def _end_link(self) -> None:
        if self._link is None:
            return
        (address, begin), self._link = self._link, None
        words = "".join(self.out[begin:]).strip()
        if words and words not in (address, address.rstrip("/")):
            self._write(f" [link]({_SPACE.sub('', address)}) ")

    def _own_site(self, element: str, attributes: str) -> None:
        named = _attribute(attributes, "rel" if element == "link" else "property").lower()
        if named in ("canonical", "og:url"):
            address = _attribute(attributes, "href" if element == "link" else "content")
            try:
                host = urlsplit(address).hostname
            except ValueError:
                host = None
            if host:
                self.sites.add(host.lower())

    def _text(self, start: int, end: int) -> None:
        piece = html.unescape(self.source[start:end])
        if self._pre:
            self._write(piece, start)
            return
        bare = _SPACE.sub(" ", piece)
        if self._fresh:
            bare = bare.lstrip(" ")
        if bare:
            self._write(bare, start)

    def _write(self, piece: str, source: int | None = None) -> None:
        if source is not None:
            self.places.append((self._length, source))
        self.out.append(piece)
        self._length += len(piece)
        self._fresh = piece.endswith("\n")

    def _break(self) -> None:
        self._end_link()
        if not self._fresh and self._length:
            self._write("\n")


def _lower(text: str) -> str:
    """Lower-case ASCII only, so that every offset stays."""
    return text.translate({upper: upper + 32 for upper in range(65, 91)})


def _attribute(attributes: str, wanted: str) -> str:
    for found in _ATTRIBUTE.finditer(attributes[:8192]):
        if found[1].lower() == wanted:
            return html.unescape(found[2] or found[3] or found[4] or "").strip()
    return ""
