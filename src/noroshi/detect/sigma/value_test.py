"""Tests of one value that are not about text alone: addresses, numbers, times."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from noroshi.detect.sigma.condition import Cidr, Compare, TimePart

_INTEGER = re.compile(r"[+-]?[0-9]{1,40}")
_REAL = re.compile(r"[+-]?(?:[0-9]{1,40}\.[0-9]{0,40}|\.?[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")


@lru_cache(maxsize=65_536)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address in a text; an IPv4 address mapped into IPv6 counts as IPv4."""
    try:
        address = ip_address(text.strip("[] ").split("%", 1)[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def cidr_test(atom: Cidr) -> Callable[[str], bool]:
    """Return a function that tells whether a value is an address inside the network."""
    network = ip_network(atom.network)

    def test(value: str) -> bool:
        if len(value) > 64:
            return False
        address = _address(value)
        return address is not None and address.version == network.version and address in network

    return test


def number(text: str) -> int | float | None:
    """Return the number that a text is, or None."""
    if len(text) > 100:
        return None
    text = text.strip()
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _REAL.fullmatch(text) else None


def compare_test(atom: Compare) -> Callable[[str], bool]:
    """Return a function that tells whether a value is a number for which the comparison holds."""
    limit = atom.number
    compare: Callable[[int | float], bool] = {
        "lt": lambda value: value < limit,
        "lte": lambda value: value <= limit,
        "gt": lambda value: value > limit,
        "gte": lambda value: value >= limit,
        "neq": lambda value: value != limit,
    }[atom.operator]

    def test(value: str) -> bool:
        found = number(value)
        return found is not None and compare(found)

    return test


def time_test(atom: TimePart) -> Callable[[str], bool]:
    """Return a function that tells whether a value is a time with the wanted part, in UTC."""
    wanted = atom.number
    part: Callable[[datetime], int] = {
        "minute": lambda moment: moment.minute,
        "hour": lambda moment: moment.hour,
        "day": lambda moment: moment.day,
        "week": lambda moment: moment.isocalendar().week,
        "month": lambda moment: moment.month,
        "year": lambda moment: moment.year,
    }[atom.part]

    def test(value: str) -> bool:
        moment = _moment(value)
        return moment is not None and part(moment) == wanted

    return test


def _moment(text: str) -> datetime | None:
    """Return the time in a text: ISO 8601, or seconds, ms, µs since 1970 by their size."""
    if len(text) > 40:
        return None
    try:
        if _INTEGER.fullmatch(text):
            count = int(text)
            for per_second in (1, 1_000, 1_000_000, 1_000_000_000):
                if abs(count) < 100_000_000_000 * per_second:
                    return datetime.fromtimestamp(count / per_second, UTC)
            return None
        moment = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError, OSError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
