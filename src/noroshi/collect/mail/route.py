"""Where a mail came from: the first outside address of its Received chain."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

_FROM = re.compile(r"\bfrom\s(.{0,512}?)(?:\sby\s|;|$)", re.DOTALL)
_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{3,45})\]|\(([0-9.]{7,15})\)")


def originating(named: Sequence[str], received: Sequence[str]) -> str | None:
    """Return the address that handed the mail in.

    ``X-Originating-IP`` counts first. Otherwise the hops are read from the oldest on (they are
    written newest first) until one came from an address of the public Internet. Whoever sends the
    mail can write older hops himself: a claim, not proof.
    """
    for text in named:
        if found := _public(text.strip(" []")):
            return found
    for hop in reversed(received[-64:]):
        part = _FROM.search(hop[:4_096])
        for first, second in _ADDRESS.findall(part[1] if part else ""):
            if found := _public(first or second):
                return found
    return None


def _public(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    inside = (
        address.is_loopback or address.is_link_local or address.is_unspecified
        or any(address in net for net in _PRIVATE if net.version == address.version)
    )  # fmt: skip
    return None if inside else str(address)


_PRIVATE = tuple(
    ipaddress.ip_network(net)
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
