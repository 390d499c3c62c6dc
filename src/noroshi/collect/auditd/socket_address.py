"""``saddr`` of a SOCKADDR record: a ``struct sockaddr`` in hex.

Source: Linux ``socket.h``, ``in.h``, ``in6.h``, ``un.h``; the family is little-endian on every
platform that matters here, the port is in network order.
"""

from __future__ import annotations

import ipaddress

_UNIX, _INET, _INET6 = 1, 2, 10


def socket_address(text: str) -> dict[str, str]:
    """Return it as the fields that ``log_format = ENRICHED`` writes; none if it is no address."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return {}
    family = int.from_bytes(data[:2], "little")
    port = str(int.from_bytes(data[2:4], "big"))
    if family == _INET and len(data) >= 8:
        address = str(ipaddress.IPv4Address(data[4:8]))
        return {"saddr_fam": "inet", "laddr": address, "lport": port}
    if family == _INET6 and len(data) >= 24:
        address = str(ipaddress.IPv6Address(data[8:24]))
        return {"saddr_fam": "inet6", "laddr": address, "lport": port}
    if family == _UNIX:
        path = data[2:].strip(b"\x00").split(b"\x00")[0].decode("utf-8", "replace")
        return {"saddr_fam": "local", "path": path}
    return {}
