"""Warning lists: values that are benign or shared by so many that a match says little.

Source of the format: MISP warninglists, ``list.json`` with ``name``, ``type`` (string, substring,
hostname, cidr, regex), ``list`` and ``matching_attributes``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import re2

from noroshi.intel.errors import IntelError
from noroshi.intel.indicators.indicator import IndicatorType
from noroshi.lang import Message


class WarningListError(IntelError):
    """A file is no warning list."""


@dataclass(frozen=True, slots=True)
class _Level:
    version: int
    length: int


@dataclass
class WarningLists:
    """All lists together, asked one value at a time."""

    _exact: dict[str, str] = field(default_factory=dict)
    _hostnames: dict[str, str] = field(default_factory=dict)
    _substrings: list[tuple[str, str]] = field(default_factory=list)
    _networks: dict[_Level, dict[int, str]] = field(default_factory=dict)
    _patterns: list[tuple[Any, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def load(cls, files: Iterable[Path]) -> WarningLists:
        """Read lists; a file that is none is noted in ``problems``, the rest goes on."""
        found = cls()
        for path in files:
            try:
                found.add(orjson.loads(path.read_bytes()))
            except (OSError, orjson.JSONDecodeError, WarningListError) as error:
                found.problems.append((str(path), str(error)))
        return found

    def add(self, data: Any) -> None:
        """Add one list.

        Raises:
            WarningListError: not a list in this format.
        """
        if not isinstance(data, dict) or not isinstance(data.get("list"), list):
            raise WarningListError("no `list` in it")
        name, kind = str(data.get("name", "?")), data.get("type", "string")
        values = [str(value) for value in data["list"]]
        if kind == "cidr":
            self._add_networks(name, values)
        elif kind == "hostname":
            self._hostnames |= {value.strip(".").lower(): name for value in values}
        elif kind == "substring":
            self._substrings += [(value.lower(), name) for value in values]
        elif kind == "regex":
            self._add_patterns(name, values)
        else:
            self._exact |= {value.lower(): name for value in values}

    def reason(self, kind: IndicatorType, value: str) -> Message | None:
        """Return why a value counts as benign, or None."""
        name = next(self._names(kind, value), None)
        if name is None:
            return None
        return Message("{value} is on the list “{list}”", {"value": value, "list": name})

    def _names(self, kind: IndicatorType, value: str) -> Iterator[str]:
        text = value.lower()
        if text in self._exact:
            yield self._exact[text]
        if kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
            yield from self._of_address(text)
        else:
            host = _host(kind, text)
            # A URL on a shared host says more than the host: only the bare name is benign.
            if kind is not IndicatorType.URL:
                yield from self._of_hostname(host)
        yield from (name for part, name in self._substrings if part in text)
        yield from (name for pattern, name in self._patterns if pattern.search(text))

    def _of_hostname(self, host: str) -> Iterator[str]:
        while host:
            if host in self._hostnames:
                yield self._hostnames[host]
            host = host.partition(".")[2]

    def _of_address(self, text: str) -> Iterator[str]:
        try:
            address = ipaddress.ip_network(text).network_address
        except ValueError:
            return
        number, bits = int(address), address.max_prefixlen
        for level, networks in self._networks.items():
            if level.version == address.version:
                name = networks.get(number >> (bits - level.length))
                if name is not None:
                    yield name

    def _add_networks(self, name: str, values: Iterable[str]) -> None:
        for value in values:
            try:
                network = ipaddress.ip_network(value, strict=False)
            except ValueError:
                self.problems.append((name, f"{value!r} is no network"))
                continue
            level = _Level(network.version, network.prefixlen)
            shift = network.max_prefixlen - network.prefixlen
            self._networks.setdefault(level, {})[int(network.network_address) >> shift] = name

    def _add_patterns(self, name: str, values: Iterable[str]) -> None:
        for value in values:
            try:
                self._patterns.append((re2.compile(value.strip("/")), name))
            except re2.error as error:
                self.problems.append((name, f"{value!r}: {error}"))


def _host(kind: IndicatorType, text: str) -> str:
    return text.rpartition("@")[2] if kind is IndicatorType.MAIL else text
