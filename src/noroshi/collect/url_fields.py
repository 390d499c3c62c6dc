"""Web requests under the names of the Sigma taxonomy, for proxies and for web servers.

Source of the names: Sigma specification 2.1, appendix "Taxonomy" (categories ``proxy`` and
``webserver``, the latter being those of the W3C extended log format).
"""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

from noroshi.collect.mapping import Expression, per_value
from noroshi.collect.record import Value


class UrlParts(NamedTuple):
    """A URL cut up, nothing decoded; what is not there is empty."""

    host: str
    port: str
    path: str
    query: str


def split_url(url: str) -> UrlParts:
    """Cut an absolute URL, a path, or the ``host:port`` of a CONNECT, in linear time."""
    _, scheme, rest = url.partition("://")
    if not scheme:
        if url.startswith("/") or url == "*":
            path, _, query = url.partition("?")
            return UrlParts("", "", path, query)
        rest = url
    before, mark, query = rest.partition("?")
    authority, slash, path = before.partition("/")
    if not scheme and mark and not slash:
        return UrlParts("", "", before, query)
    authority = authority.rpartition("@")[2]
    host, port = split_host(authority)
    return UrlParts(host, port, slash + path, query)


def split_host(authority: str) -> tuple[str, str]:
    """Cut ``host:port``; an IPv6 address stands in brackets. The host comes in lower case."""
    if authority.startswith("["):
        host, _, port = authority[1:].partition("]")
        return host.lower(), port.removeprefix(":")
    host, _, port = authority.partition(":")
    return host.lower().rstrip("."), port


def extension(path: str) -> str | None:
    """Return the ending of the path's last part, lower case, without the dot."""
    name = path.rpartition("/")[2]
    _, dot, ending = name.rpartition(".")
    return ending.lower() if dot and len(ending) <= 16 else None


def proxy_fields(url: str) -> dict[str, Value]:
    """Return the URL fields of the ``proxy`` category."""
    parts = split_url(url)
    return {
        "c-uri": url,
        "c-uri-stem": parts.path or None,
        "c-uri-query": parts.query or None,
        "c-uri-extension": extension(parts.path),
        "cs-uri": f"{parts.path}?{parts.query}" if parts.query else parts.path or None,
        "cs-host": parts.host or None,
        "r-dns": parts.host or None,
    }


def webserver_query(path: str, query: str) -> Value:
    """Return the values of ``cs-uri-query``.

    Rules in the wild mean two things by it: the query alone, and the whole request target. Both
    are given, so that either kind of rule matches.
    """
    return [query, f"{path}?{query}"] if query else path or None


def part(name: str, source: str) -> Expression:
    """One part of a URL field: ``host``, ``port``, ``path`` or ``query``; null if empty."""
    return per_value(lambda url: getattr(split_url(url), name) or None, source)


def http_outcome(source: str) -> Expression:
    """OCSF status of an HTTP status code: 1 below 400, else 2; null without a code."""
    return per_value(lambda code: 1 if 100 <= int(code[:9]) < 400 else 2, source, pa.int64())


def domain(source: Expression | str) -> Expression:
    """A host name in lower case; null where it is an address or nothing."""
    return per_value(as_domain, source)


def as_domain(text: str) -> str | None:
    """Return the name in lower case without its final dot, or None if it is no name."""
    name = text.strip("[]").rstrip(".").lower()
    return None if name in ("", "-") or ":" in name or _DIGITS.issuperset(name) else name


_DIGITS = frozenset("0123456789.")


def unplus(text: str) -> str:
    """Undo the plus signs that IIS writes for spaces in User-Agent and Referer."""
    return text if " " in text else text.replace("+", " ")
