"""IP addresses and ranges: told from versions, section numbers and clock times."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

import numpy as np

from noroshi.intel.text.candidate import Candidate, Taken, Trait, mask_of, runs
from noroshi.intel.text.extraction import ValueType
from noroshi.intel.text.refang import Refanged
from noroshi.intel.text.shadow import CJK

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_V4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}\Z", re.ASCII)
_PREFIX = re.compile(rb"/(\d{1,3})(?![\d/.])")
_PARTLY_SPECIAL = frozenset(
    str(octet) for octet in (0, 10, 100, 127, 169, 172, 192, 198, 203, *range(224, 256))
)
"""First octets under which an IPv4 range of special use lies (IANA registry, RFC 6890)."""
_LONGEST_V6 = 45
_CJK = bytes([CJK])
_JAPANESE_VERSION = re.compile(r"(?:第|版|バージョン|ビルド|リリース|ファームウェア)\Z")
_VERSION_TAIL = re.compile(
    rb"(?:\b(?:versions?|ver|v|release|build|firmware|rev|revision|section|chapter|sdk|oid|patch"
    rb"|edition|chrome|firefox|safari|framework|java)\b[\s.:=_-]{0,3}"
    rb"(?:(?:(?:earlier|older|lower|newer|later|higher) than|prior to|before|below|after|up to)\s)?"
    rb"(?:[\d.]{1,24}(?:\s?(?:,|and|or|to|through|-|/)\s?)){0,4})\Z"
)


def ipv4(word: str) -> bool:
    """Whether a word is an address in four decimal octets, without leading zeros."""
    return _V4.match(word) is not None


def ipv4_candidate(block: Refanged, word: str, start: int, end: int) -> Candidate | None:
    """Return an IPv4 address or range at a place, unless its surroundings call it a version."""
    if not ipv4(word) or _is_version(block, start, end):
        return None
    found = _PREFIX.match(block.data, end, end + 5)
    if found and int(found[1]) <= 32:
        return _range(f"{word}/{int(found[1])}", start, found.end())
    if found and word.endswith(".0"):
        return None
    special = word.partition(".")[0] in _PARTLY_SPECIAL
    trait = _trait(ipaddress.IPv4Address(word)) if special else Trait.PLAIN
    only_digits = len(word) == len("1.2.3.4")
    return Candidate(ValueType.IPV4, word, start, end, 0.6 if only_digits else 0.97, trait)


def ipv6_candidates(block: Refanged, taken: Taken) -> Iterator[Candidate]:
    """Yield IPv6 addresses and ranges (RFC 4291 section 2.2)."""
    colons = np.flatnonzero(block.array == ord(":"))
    if len(colons) < 2:
        return
    starts, ends = runs(mask_of(block.data, b"0123456789abcdefABCDEF:."))
    owner, counts = np.unique(np.searchsorted(starts, colons, "right") - 1, return_counts=True)
    valid = owner[(counts >= 2) & (owner >= 0)]
    short = valid[(ends[valid] - starts[valid] <= _LONGEST_V6 + 2)]
    for start, end in zip(starts[short].tolist(), ends[short].tolist(), strict=True):
        if (found := _ipv6(block, start, end)) and taken.take(found.start, found.end):
            yield found


def _ipv6(block: Refanged, start: int, end: int) -> Candidate | None:
    data = block.data
    if data[start : start + 1] == b":" and data[start : start + 2] != b"::":
        start += 1
    while end > start and data[end - 1 : end] in (b".", b":") and data[end - 2 : end] != b"::":
        end -= 1
    if data[start - 1 : start].isalnum() or data[end : end + 1].isalnum():
        return None
    word = data[start:end].decode("ascii")
    if not _looks_v6(word):
        return None
    try:
        address = ipaddress.IPv6Address(word)
    except ValueError:
        return None
    found = _PREFIX.match(data, end, end + 5)
    if found and int(found[1]) <= 128:
        return _range(f"{address}/{int(found[1])}", start, found.end())
    # RFC 5952 section 5: a mapped address is written with the dots of the one inside.
    value = f"::ffff:{address.ipv4_mapped}" if address.ipv4_mapped else str(address)
    return Candidate(ValueType.IPV6, value, start, end, 0.95, _trait(address))


def _looks_v6(word: str) -> bool:
    """``a::b`` is a C++ name to most readers; an address has digits and some length."""
    if word.count(":") < (2 if "::" in word else 6) or ":::" in word:
        return False
    return word == "::1" or (len(word) >= 6 and any(char.isdigit() for char in word))


def _range(text: str, start: int, end: int) -> Candidate | None:
    network = ipaddress.ip_network(text, strict=False)
    if network.prefixlen == 0:
        return None
    trait = _trait(network.network_address)
    return Candidate(ValueType.CIDR, str(network), start, end, 0.95, trait)


def _trait(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Trait:
    """Documentation ranges are left to the warning lists: exercises use them as real ones."""
    special = (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or (address.is_private and not _documentation(address))
    )
    return Trait.SPECIAL if special else Trait.PLAIN


def _documentation(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(
        address in network for network in _DOCUMENTATION if network.version == address.version
    )


_DOCUMENTATION = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)


def _is_version(block: Refanged, start: int, end: int) -> bool:
    """A number of four parts after "version", a product and a slash, or before a closing tag."""
    before = block.lower[max(0, start - 40) : start]
    last = before[-1:]
    if last == _CJK and _JAPANESE_VERSION.search(block.string(max(0, start - 8), start)):
        return True
    if last == b"/" and before[-2:-1].isalpha() and b"//" not in before[-12:]:
        return True
    if last.isalpha() or last in (b"_", b"$"):
        return True
    return before.islower() and _VERSION_TAIL.search(before) is not None
