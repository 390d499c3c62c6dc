"""A response policy zone: names do not exist, with all below them; answers with bad addresses too.

Source: draft-vixie-dnsop-dns-rpz-00, sections 3 (actions: ``CNAME .`` answers NXDOMAIN), 4.1.2
(rpz-ip: prefix length, then the address backwards, ``zz`` for ``::``) and 4.1.1 (names, ``*.``).
The serial number is the time of the export in seconds since 1970 (RFC 1035, section 3.3.13), so
that it grows from one export to the next.
"""

from __future__ import annotations

import ipaddress

from noroshi.intel.indicators import IndicatorType
from noroshi.lang import N_
from noroshi.share.exports.errors import ExportError
from noroshi.share.exports.format import Format, Job, comments
from noroshi.share.exports.row import Row
from noroshi.share.exports.safe import host_name
from noroshi.share.exports.writing import Target

TTL = 300
"""Seconds for which a resolver may remember an answer."""

_REFRESH, _RETRY, _EXPIRE = 300, 60, 604_800
_LONGEST = 253


def write(job: Job, target: Target) -> None:
    """Write the zone."""
    origin = job.origin.rstrip(".").lower()
    if not host_name(origin):
        raise ExportError(f"{job.origin!r} is no name for a zone; write it like rpz.noroshi")
    with target.file("rpz.zone") as sink:
        sink.write(comments(job.head(), ";") + _start(origin, job.policy.now // 1_000_000))
        for row in job.rows:
            owners = _owners(row)
            if any(len(owner) + 1 + len(origin) > _LONGEST for owner in owners) or not owners:
                job.refuse(row.value)
            else:
                sink.write("".join(f"{owner} CNAME .\n" for owner in owners).encode())
        sink.write(comments(job.tail(), ";"))


def _start(origin: str, serial: int) -> bytes:
    return (
        f"$ORIGIN {origin}.\n$TTL {TTL}\n"
        f"@ IN SOA localhost. hostmaster.localhost. "
        f"{serial % 2**32} {_REFRESH} {_RETRY} {_EXPIRE} {TTL}\n"
        "@ IN NS localhost.\n"
    ).encode()


def _owners(row: Row) -> tuple[str, ...]:
    if row.kind is not IndicatorType.DOMAIN:
        return (f"{_backwards(ipaddress.ip_network(row.value))}.rpz-ip",)
    return (row.value, f"*.{row.value}") if host_name(row.value) else ()


def _backwards(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    address = network.network_address
    if isinstance(address, ipaddress.IPv4Address):
        parts = str(address).split(".")
    else:
        text = str(address)
        text = f"zz{text[1:]}" if text.startswith("::") else text.replace("::", ":zz:")
        parts = [part for part in text.split(":") if part]
    return ".".join([str(network.prefixlen), *reversed(parts)])


FORMAT = Format(
    "rpz", N_("DNS response policy zone for BIND, Knot, PowerDNS, Unbound"),
    frozenset((IndicatorType.DOMAIN, IndicatorType.ADDRESS, IndicatorType.NETWORK)),
    write, "rpz.zone",
)  # fmt: skip
