"""URLs, with a scheme or without (RFC 3986; what people really write around them)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from noroshi.intel.text.addresses import ipv4
from noroshi.intel.text.candidate import Candidate, Taken, Trait
from noroshi.intel.text.extraction import ValueType
from noroshi.intel.text.hosts import is_domain
from noroshi.intel.text.refang import Refanged
from noroshi.intel.text.suffixes import Suffixes
from noroshi.intel.text.wordlist import words

MAX_URL = 8192
"""Longest URL taken, in characters; browsers and proxies refuse longer ones."""

_REAL = words("""
    http https ftp ftps sftp ws wss tcp udp ssh ldap ldaps rmi smb file tftp socks5 socks4 mms rtsp
    stratum+tcp
""")
_ALTERED = words("hxxp hxtp htxp h**p h__p hxxx xxxp meow htp")
SCHEMES = {
    **{name: name for name in _REAL},
    **dict.fromkeys(_ALTERED, "http"),
    **{f"{name}s": "https" for name in _ALTERED},
    **{"fxp": "ftp", "fxps": "ftps", "sfxp": "sftp"},
}
"""Schemes as they are written, and what each stands for."""
_SCHEME_BYTES = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789*_+"
_PLAIN = bytes(byte for byte in range(0x21, 0x7F) if byte not in b'<>"`\\^{}|')
_BODY = _PLAIN + b"\x91"
_AUTHORITY = re.compile(
    rb"(?:[^\s@/?#\[\]]{1,128}+@)?(\[[0-9a-fA-F:.]{2,45}\]|[^\s@/?#:\[\]()'*,;!$&=]{1,255})"
    rb"(?::(\d{1,5})(?!\d))?"
)
_HOST = re.compile(rb"[%s]*" % re.escape(_BODY + b"\x90\x81"))
_REST = re.compile(rb"[/?#:][%s]*" % re.escape(_BODY))
_BRACKET = re.compile(rb"[()\[\]]")
_BRACKET_OR_QUERY = re.compile(rb"[()\[\]?]")
_PORT = re.compile(rb":\d{1,5}(?=/)")
_TRAILING = b".,;:!?'*_~\"-+&$@=%(["
_PROTOCOLS = (b"/tcp", b"/udp", b"/icmp")
_ASSETS = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".bmp", ".css", ".woff2")


def url_candidates(block: Refanged, taken: Taken, suffixes: Suffixes) -> Iterator[Candidate]:
    """Yield URLs with a scheme, leftmost first; one inside another's query belongs to that one."""
    data, place = block.data, block.data.find(b"://")
    while place >= 0:
        found = _url(block, place, suffixes)
        if found is not None and taken.take(found.start, found.end):
            yield found
            place = max(place, found.end - 3)
        place = data.find(b"://", place + 3)


def _url(block: Refanged, colon: int, suffixes: Suffixes) -> Candidate | None:
    data = block.data
    word = data[max(0, colon - 14) : colon]
    written = word[len(word.rstrip(_SCHEME_BYTES)) :].lower().decode("ascii")
    scheme = _scheme(written)
    if scheme is None:
        return None
    name, start = scheme[1], colon - len(scheme[0])
    limit = colon + 3 + MAX_URL
    authority = _AUTHORITY.match(data, colon + 3, limit)
    if authority is None:
        return None
    left, right = authority.span(1)
    host = _host(block, left, right, suffixes)
    if host is None:
        return None
    text, length = host
    end = _end_of_body(data, authority.end() if length == right - left else left + length, limit)
    value = f"{name}://{block.string(colon + 3, left)}{text}{block.string(left + length, end)}"
    return Candidate(
        ValueType.URL,
        value,
        start,
        end,
        certainty=0.95,
        trait=_trait(data, start, end, value),
        host=text.strip("[]"),
        defanged=scheme[0] != name,
    )


def _scheme(written: str) -> tuple[str, str] | None:
    """Return the scheme as written and as meant, the longest that ends the word."""
    for begin in range(len(written)):
        if (plain := SCHEMES.get(written[begin:])) is not None:
            # "xhttp" is no scheme unless what precedes is not of the word at all.
            return (written[begin:], plain) if begin == 0 or plain[:4] in ("http", "ftp") else None
    return None


def _host(block: Refanged, start: int, end: int, suffixes: Suffixes) -> tuple[str, int] | None:
    """Return the host in lower case and how many bytes it takes, or None."""
    raw = block.data[start:end]
    if raw.startswith(b"["):
        return raw.decode("ascii").lower(), len(raw)
    run = _HOST.match(raw)
    assert run is not None
    for piece in _host_choices(run[0]):
        text = block.string(start, start + len(piece)).lower()
        if ipv4(text) or is_domain(text, suffixes) or _unknown_domain(text):
            return text, len(piece)
    return None


def _host_choices(raw: bytes) -> Iterator[bytes]:
    """A host may run into Japanese that follows it without a blank: try with and without."""
    raw = raw.rstrip(b".-_\x81")
    if raw.isascii():
        yield raw
        return
    head = re.split(rb"[\x80-\x82\x90]", raw, maxsplit=1)[0]
    if b"." in head.rstrip(b"."):
        yield head.rstrip(b".-_")
    yield raw


def _unknown_domain(text: str) -> bool:
    """A name under an ending that nobody registered; the scheme says that it is meant as one."""
    labels = text.split(".")
    return (
        len(labels) > 1
        and labels[-1].isalpha()
        and len(labels[-1]) > 1
        and len(text) <= 253
        and all(label and label.replace("-", "").replace("_", "").isalnum() for label in labels)
    )


def _end_of_body(data: bytes, place: int, limit: int) -> int:
    """Return where a URL ends: at a foreign byte, the next URL, or before closing marks."""
    body = _REST.match(data, place, limit)
    if body is None:
        return place
    rest: bytes = body[0]
    if (bracket := _stop(rest)) is not None:
        rest = rest[:bracket]
    following = rest.find(b"://")
    while following >= 0:
        scheme = rest[:following].rstrip(_SCHEME_BYTES)
        if scheme[-1:] in (b",", b";", b"|"):
            rest = scheme
            break
        following = rest.find(b"://", following + 3)
    return place + len(_trimmed(rest))


def _stop(rest: bytes) -> int | None:
    """Return where an unopened closing bracket, or an opening one outside a query, ends it."""
    if not _BRACKET.search(rest):
        return None
    depth = 0
    for found in _BRACKET_OR_QUERY.finditer(rest):
        mark = found[0]
        if mark == b"?":
            depth += 1 << 20
        elif mark == b"(":
            depth += 1
        elif mark == b"[" and depth < 1 << 20:
            return found.start()
        elif mark == b")":
            if depth % (1 << 20) == 0:
                return found.start()
            depth -= 1
    return None


def _trimmed(rest: bytes) -> bytes:
    if rest.count(b"[") > rest.count(b"]"):  # of words that stand for a part: "?id=[your mail]"
        rest = rest[: rest.rindex(b"[")]
    rest = rest.rstrip(_TRAILING)
    while rest[-1:] in (b")", b"]") and rest.count(rest[-1:]) > rest.count(
        b"(" if rest[-1:] == b")" else b"["
    ):
        rest = rest[:-1].rstrip(_TRAILING)
    return rest


def _trait(data: bytes, start: int, end: int, value: str) -> Trait:
    before = data[max(0, start - 14) : start]
    if before.endswith((b"](", b'="', b"='")):
        path = value.partition("?")[0].lower()
        if path.endswith(_ASSETS):
            return Trait.ASSET
    # The last of these are the references of a Snort or Suricata rule.
    if before.endswith((b"](", b"<", b"reference:url,")) or data[end : end + 1] == b"[":
        return Trait.LINK
    return Trait.PLAIN


def bare_url(block: Refanged, word: str, start: int, end: int) -> Candidate | None:
    """Return ``host/path`` written without a scheme, if what follows the host is a path."""
    data, limit = block.data, end + MAX_URL
    port = _PORT.match(data, end, limit)
    place = port.end() if port else end
    if data[place : place + 1] != b"/" or not data[place + 1 : place + 2].isalnum():
        return None
    stop = _end_of_body(data, place, limit)
    path = data[place:stop]
    if len(path) < 3 or path.lower() in _PROTOCOLS:
        return None
    if not (_path_like(path) or block.defanged(start, end)):
        return None
    value = word.lower() + block.string(end, stop)
    return Candidate(ValueType.URL, value, start, stop, 0.85, host=word.lower())


def _path_like(path: bytes) -> bool:
    """``/a/b``, ``/x.php``, ``/?id=``; not the second half of "evil.com/evil.net"."""
    return path.count(b"/") > 1 or b"?" in path or b"." in path.rpartition(b"/")[2][1:-1]
