"""Warning lists: values that are benign or shared by so many that a match says little.

Source of the format: MISP warninglists, ``list.json`` with ``name``, ``type`` (string, substring,
hostname, cidr, regex), ``list`` and ``matching_attributes``.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import orjson
import re2

from noroshi.intel.errors import IntelError
from noroshi.intel.indicators.indicator import IndicatorType
from noroshi.lang import N_, Message

_K = TypeVar("_K")


class WarningListError(IntelError):
    """A file is no warning list."""


@dataclass(frozen=True, slots=True)
class _Level:
    version: int
    length: int


@dataclass(frozen=True, slots=True)
class _List:
    """A list's name and the types of indicator that it speaks about."""

    name: str
    kinds: frozenset[IndicatorType]


_Lists: TypeAlias = dict[_K, list[_List]]


@dataclass
class WarningLists:
    """All lists together, asked one value at a time."""

    _exact: _Lists[str] = field(default_factory=dict)
    _hostnames: _Lists[str] = field(default_factory=dict)
    _substrings: list[tuple[str, _List]] = field(default_factory=list)
    _networks: dict[_Level, _Lists[int]] = field(default_factory=dict)
    _patterns: list[tuple[Any, _List]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether any list holds anything."""
        held = (self._exact, self._hostnames, self._substrings, self._networks, self._patterns)
        return any(held)

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

        A list of category "Known identifier" names things without calling them harmless (the
        ranges of a cloud, say) and silences nothing.

        Raises:
            WarningListError: not a list in this format.
        """
        if not isinstance(data, dict) or not isinstance(data.get("list"), list):
            raise WarningListError("no `list` in it")
        if str(data.get("category", "")).lower() in ("known", "known identifier"):
            return
        this = _List(str(data.get("name", "?")), _kinds(data.get("matching_attributes")))
        kind = data.get("type", "string")
        values = [str(value) for value in data["list"]]
        if kind == "cidr":
            self._add_networks(this, values)
        elif kind == "hostname":
            for value in values:
                self._hostnames.setdefault(value.strip(".").lower(), []).append(this)
        elif kind == "substring":
            self._substrings += [(value.lower(), this) for value in values if value]
        elif kind == "regex":
            self._add_patterns(this, values)
        else:
            for value in values:
                self._exact.setdefault(value.lower(), []).append(this)

    def reason(self, kind: IndicatorType, value: str) -> Message | None:
        """Return why a value counts as benign, or None."""
        name = next(self.names(kind, value), None)
        if name is None:
            return None
        return Message(N_("{value} is on the list “{list}”"), {"value": value, "list": name})

    def names(self, kind: IndicatorType, value: str) -> Iterator[str]:
        """Yield the names of the lists that a value stands on."""
        return (listed.name for listed in self._holding(kind, value) if kind in listed.kinds)

    def _holding(self, kind: IndicatorType, value: str) -> Iterator[_List]:
        text = value.lower()
        yield from self._exact.get(text, ())
        if kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
            yield from self._of_address(text)
        elif kind is not IndicatorType.URL:
            # A URL on a shared host says more than the host: only the bare name is benign.
            yield from self._of_hostname(_host(kind, text))
        yield from (listed for part, listed in self._substrings if part in text)
        yield from (listed for pattern, listed in self._patterns if pattern.search(text))

    def _of_hostname(self, host: str) -> Iterator[_List]:
        while host:
            yield from self._hostnames.get(host, ())
            host = host.partition(".")[2]

    def _of_address(self, text: str) -> Iterator[_List]:
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            return
        number, bits = int(network.network_address), network.max_prefixlen
        for level, networks in self._networks.items():
            if level.version == network.version and level.length <= network.prefixlen:
                yield from networks.get(number >> (bits - level.length), ())

    def _add_networks(self, this: _List, values: Iterable[str]) -> None:
        for value in values:
            try:
                network = ipaddress.ip_network(value, strict=False)
            except ValueError:
                self.problems.append((this.name, f"{value!r} is no network"))
                continue
            level = self._networks.setdefault(_Level(network.version, network.prefixlen), {})
            shift = network.max_prefixlen - network.prefixlen
            level.setdefault(int(network.network_address) >> shift, []).append(this)

    def _add_patterns(self, this: _List, values: Iterable[str]) -> None:
        for value in values:
            try:
                self._patterns.append((re2.compile(_expression(value)), this))
            except re2.error as error:
                self.problems.append((this.name, f"{value!r}: {error}"))


_PERL = re.compile(r"/(?P<body>.*)/(?P<flags>[imsux]*)", re.DOTALL)


def _expression(value: str) -> str:
    """Return a regular expression written bare or as ``/…/i``, without regard to case."""
    found = _PERL.fullmatch(value)
    return "(?i)" + (found["body"] if found else value)


def _kinds(attributes: Any) -> frozenset[IndicatorType]:
    """Return the types that MISP attribute names stand for; all where none are given."""
    if not isinstance(attributes, list) or not attributes:
        return frozenset(IndicatorType)
    parts = {part for name in attributes for part in str(name).split("|")}
    return frozenset(kind for part in parts for kind in _KINDS.get(part, ()))


_KINDS: dict[str, tuple[IndicatorType, ...]] = {
    **dict.fromkeys(("ip-src", "ip-dst", "ip"), (IndicatorType.ADDRESS, IndicatorType.NETWORK)),
    **dict.fromkeys(("domain", "hostname"), (IndicatorType.DOMAIN,)),
    **dict.fromkeys(("url", "uri"), (IndicatorType.URL,)),
    **dict.fromkeys(
        ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "imphash"), (IndicatorType.HASH,)
    ),
    **dict.fromkeys(
        ("email", "email-src", "email-dst", "email-reply-to", "target-email"),
        (IndicatorType.MAIL,),
    ),
    "filename": (IndicatorType.FILE_NAME,),
}


def _host(kind: IndicatorType, text: str) -> str:
    return text.rpartition("@")[2] if kind is IndicatorType.MAIL else text
