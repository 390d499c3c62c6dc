"""Which entries a value or text meets, and by which path, in words.

Values are looked up by the code that matches indicators (:class:`noroshi.intel.indicators.Probe`):
the watchlist is laid out as a segment of indicators, so that the cost is linear in what is new and
nearly free of how much is watched.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

import pyarrow as pa

from noroshi.intel.indicators import Indicator, IndicatorType, Probe
from noroshi.intel.indicators.store import Segment
from noroshi.intel.watch.entry import Entry, WatchKind, as_named
from noroshi.intel.watch.keywords import Keywords
from noroshi.lang import N_, Message

MOST_INSIDE = 100
"""Watched addresses named when a large network that holds them turns up."""

_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class Found(NamedTuple):
    """A value that meets an entry: its place among the values, the entry, and how."""

    place: int
    entry: Entry
    how: Message


class Finder:
    """The watchlist, ready to be asked.

    Args:
        entries: everything that is watched.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = {str(entry.number): entry for entry in entries}
        values = [entry for entry in entries if entry.kind is not WatchKind.KEYWORD]
        self.keywords = Keywords([one for one in entries if one.kind is WatchKind.KEYWORD])
        self._values = values

    def __bool__(self) -> bool:
        return bool(self._entries)

    @cached_property
    def probe(self) -> Probe:
        """The values among the entries, as what events are matched against."""
        return Probe([Segment.of(map(_as_indicator, self._values))])

    def entry_of(self, indicator: Indicator) -> Entry:
        """Return the entry that an indicator of the probe stands for."""
        return self._entries[indicator.source]

    def among(self, values: Sequence[str]) -> Iterator[Found]:
        """Yield what is met among loose values of any kind."""
        if not self._values or not values:
            return
        texts = pa.array([as_named(value) for value in values], pa.string())
        for place, indicator in self.probe.among(texts):
            entry = self.entry_of(indicator)
            yield Found(place, entry, path(entry, values[place]))
        networks = [(place, found) for place, v in enumerate(values) if (found := _network(v))]
        yield from self._around(values, networks)
        for place, network in networks:
            for entry in self._inside(network):
                yield Found(place, entry, _said(_COVERS, entry, values[place]))

    def _around(
        self, values: Sequence[str], networks: Sequence[tuple[int, _Network]]
    ) -> Iterator[Found]:
        """Yield the watched networks that networks lie in."""
        first = pa.array([str(network.network_address) for _, network in networks], pa.string())
        for at, indicator in self.probe.among(first) if networks else ():
            if indicator.type is IndicatorType.NETWORK:
                place, network = networks[at]
                if ipaddress.ip_network(indicator.value).prefixlen <= network.prefixlen:
                    entry = self.entry_of(indicator)
                    yield Found(place, entry, path(entry, values[place]))

    def _inside(self, network: _Network) -> Iterable[Entry]:
        listed = self._ordered[network.version]
        low = bisect_left(listed, int(network.network_address), key=lambda one: one[0])
        high = bisect_right(listed, int(network.broadcast_address), key=lambda one: one[0])
        for _, length, entry in listed[low : min(high, low + MOST_INSIDE)]:
            if length > network.prefixlen:
                yield entry

    @cached_property
    def _ordered(self) -> dict[int, list[tuple[int, int, Entry]]]:
        found: dict[int, list[tuple[int, int, Entry]]] = {4: [], 6: []}
        for entry in self._values:
            if entry.kind in (WatchKind.ADDRESS, WatchKind.NETWORK):
                network = ipaddress.ip_network(entry.value)
                row = (int(network.network_address), network.prefixlen, entry)
                found[network.version].append(row)
        for listed in found.values():
            listed.sort(key=lambda one: one[:2])
        return found


def _network(text: str) -> _Network | None:
    if "/" not in text or "://" in text or text[0] not in "0123456789abcdefABCDEF:":
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


_SAME = N_("{value} is watched as “{label}”")
_WITHIN = N_("{value} is inside {entry}, watched as “{label}”")
_BELOW = N_("{value} is below {entry}, watched as “{label}”")
_LEADS = N_("{value} leads to {entry}, watched as “{label}”")
_MAIL = N_("{value} is a mail address at {entry}, watched as “{label}”")
_COVERS = N_("{value} covers {entry}, watched as “{label}”")
_HOLDS = N_("the text holds “{entry}”, watched as “{label}”")


def path(entry: Entry, value: str) -> Message:
    """Say how a value meets an entry."""
    if entry.kind is WatchKind.KEYWORD:
        return _said(_HOLDS, entry, value)
    named = value.rstrip(".").casefold()
    if named == entry.value.casefold() or as_named(named) == entry.value:
        return _said(_SAME, entry, value)
    if "://" in value and entry.kind is not WatchKind.URL:
        return _said(_LEADS, entry, value)
    if "@" in value and entry.kind is WatchKind.DOMAIN:
        return _said(_MAIL, entry, value)
    if entry.kind is WatchKind.NETWORK:
        return _said(_WITHIN, entry, value)
    return _said(_BELOW if entry.kind is WatchKind.DOMAIN else _SAME, entry, value)


def _said(template: str, entry: Entry, value: str) -> Message:
    label = entry.label or entry.note or entry.owner or entry.value
    return Message(template, {"value": value[:300], "entry": entry.value, "label": label})


def _as_indicator(entry: Entry) -> Indicator:
    """An entry as what values are compared with; its source leads back to the entry."""
    return Indicator(IndicatorType(entry.kind.value), entry.value, str(entry.number))
