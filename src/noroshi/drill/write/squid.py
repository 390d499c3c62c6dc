"""The proxy's access log in squid's native format.

Source: Squid documentation, ``logformat squid``: time, elapsed ms, client, result/status, bytes,
method, URL, user, hierarchy/peer, MIME type.
"""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.drill.event import Event, ProxyRequest
from noroshi.drill.write.sheet import Sheet


def write_squid(events: Iterable[Event]) -> Sheet:
    """Write what the proxy served, in the order in which it finished."""
    sheet = Sheet("proxy/access.log")
    served = [event for event in events if isinstance(event, ProxyRequest)]
    sheet.lines_of(map(_line, served), (event.step for event in served))
    return sheet


def _peer(event: ProxyRequest) -> str:
    """Return where the request was sent: to the site, or to the parent that went there."""
    inner, outer = event.inner, event.outer
    direct = outer.source == inner.target
    return f"HIER_DIRECT/{outer.target}" if direct else f"FIRSTUP_PARENT/{outer.source}"


def _line(event: ProxyRequest) -> str:
    inner, method, status = event.inner, event.method, event.status
    seconds, micro = divmod(event.time, 1_000_000)
    elapsed = (event.time - inner.time) // 1000
    result = (
        "TCP_TUNNEL" if method == "CONNECT"
        else "TCP_REFRESH_UNMODIFIED" if status == 304 else "TCP_MISS"
    )  # fmt: skip
    return (
        f"{seconds}.{micro // 1000:03d} {elapsed:6d} {inner.source} "
        f"{result}/{status:03d} {inner.received} {method} "
        f"{event.url} {event.user} {_peer(event)} {event.mime}"
    )
