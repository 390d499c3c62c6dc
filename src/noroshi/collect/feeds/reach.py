"""Where a feed may lead: to which addresses, through which redirects, and who gets its key.

A feed's own address was written by a person and may be a private one. Where redirects and links
lead was not: those go to public addresses only, and never from TLS to plain HTTP. A name may stand
for a private address only where the feed is set so, since whoever owns the name decides where it
leads. A feed on this machine may lead to this machine.
"""

from __future__ import annotations

import base64
import ipaddress
from urllib.parse import urljoin, urlsplit

from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.feed import Feed
from noroshi.courier import Address, Request

_CARRIES_LAST = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
"""Networks with an IPv4 address in the last 32 bits: RFC 6052, RFC 8215, RFC 4291 2.5.5.1."""


def following(url: str, target: str) -> str:
    """Return where a redirect leads.

    Raises:
        FeedError: not to http or https, or away from TLS.
    """
    try:
        found = urljoin(url, target)
        new = urlsplit(found)
        usable = new.scheme in ("http", "https") and new.hostname
    except ValueError:
        usable = False
    if not usable:
        raise FeedError(f"{url}: leads to {target[:200]!r}, which is no http or https address")
    if urlsplit(url).scheme == "https" and new.scheme == "http":
        raise FeedError(f"{url}: leads away from TLS, to {found[:200]}")
    return found


def may_ask(feed: Feed, url: str, address: Address) -> bool:
    """Tell whether a feed may be answered from an address that a host's name stands for."""
    own, host = _host(feed.location), _host(url)
    address = _meant(address)
    if address.is_loopback:
        return _is_here(own)
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if address.is_global and not getattr(address, "is_site_local", False):
        return True
    return host == own and (feed.private or _is_literal(own))


def credentials(feed: Feed, key: str, url: str) -> dict[str, str]:
    """Return the headers that show a key: to the feed's own scheme, host and port only.

    A key is a bearer token, ``name:password``, or a whole header ``X-Name: value``.

    Raises:
        FeedError: it would go out without TLS, or cannot stand in a header. The key itself is
            never in the error.
    """
    key = key.strip()
    if not key or _origin(url) != _origin(feed.location):
        return {}
    if urlsplit(url).scheme == "http" and not _is_here(_host(url)):
        raise FeedError(f"{url}: a key is not sent without TLS; use https")
    if not key.isascii() or not key.isprintable():
        raise FeedError(
            f"feed {feed.name}: its key holds a line end or a character that no header may hold; "
            f"look at the environment variable {feed.key}"
        )
    name, header, value = key.partition(": ")
    if header:
        return {name.strip(): value.strip()}
    if ":" in key:
        return {"Authorization": f"Basic {base64.b64encode(key.encode()).decode('ascii')}"}
    return {"Authorization": f"Bearer {key}"}


def _meant(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address carries and is translated to, or the address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if any(address in network for network in _CARRIES_LAST):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_here(host: str) -> bool:
    return bool(host) and Request(f"http://[{host}]" if ":" in host else f"http://{host}").is_here


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _origin(url: str) -> tuple[str, str | None, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
