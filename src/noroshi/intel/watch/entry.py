"""One thing that somebody watches: an address, network, name, digest, mail address or word."""

from __future__ import annotations

import ipaddress
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from noroshi.intel.errors import IntelError
from noroshi.intel.indicators import IndicatorError, IndicatorType, guessed, normalised, refanged
from noroshi.intel.indicators.indicator import canonical_domain

_LEAST_PREFIX = {4: 8, 6: 16}
_SHORTEST, _LONGEST = 2, 200


class WatchError(IntelError):
    """Something cannot be watched; the text says why."""


class WatchKind(StrEnum):
    """What is watched."""

    ADDRESS = "address"
    NETWORK = "network"
    DOMAIN = "domain"
    URL = "url"
    HASH = "hash"
    MAIL = "mail"
    KEYWORD = "keyword"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the watchlist.

    Attributes:
        number: given when it was added, never given again.
        kind: what it is.
        value: normalised: networks in canonical form, names lower case in IDNA, words by NFKC.
        owner: whom it concerns.
        label: what it is to them: "our DMZ".
        note: what to do when it turns up.
        added: µs since 1970 UTC.
    """

    number: int
    kind: WatchKind
    value: str
    owner: str = ""
    label: str = ""
    note: str = ""
    added: int = 0


def as_entry(text: str, kind: WatchKind | None = None) -> tuple[WatchKind, str]:
    """Return kind and normalised value of what a person wants watched.

    Args:
        text: as a person writes it; defanged is fine.
        kind: without it, what the text looks like; what looks like nothing is a word.

    Raises:
        WatchError: it is not of that kind, or would match nearly everything.
    """
    if kind is None:
        kind = _looks_like(text)
    if kind is WatchKind.KEYWORD:
        return kind, _word(text)
    if kind in (WatchKind.ADDRESS, WatchKind.NETWORK):
        return _network(text, kind)
    if kind is WatchKind.DOMAIN:
        text = refanged(text).removeprefix("*.").removeprefix(".")
    try:
        return kind, normalised(IndicatorType(kind.value), text)
    except IndicatorError as error:
        raise WatchError(f"{text[:80]!r} cannot be watched as {kind}: {error}") from error


def plain(text: str) -> str:
    """Return text as words are compared: NFKC, case folded, NFKC again (Unicode, section 3.13)."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def as_named(value: str) -> str:
    """Return a value that an object names in the form in which entries are compared."""
    if value.isascii() or "://" in value:
        return value
    try:
        return canonical_domain(value)
    except IndicatorError:
        return value


def _looks_like(text: str) -> WatchKind:
    value = refanged(text)
    try:
        network = ipaddress.ip_network(value.strip("[]"), strict=False)
    except ValueError:
        pass
    else:
        whole = network.prefixlen == network.max_prefixlen
        return WatchKind.ADDRESS if whole and "/" not in value else WatchKind.NETWORK
    try:
        return WatchKind(guessed(value)[0].value)
    except (IndicatorError, ValueError):
        return WatchKind.KEYWORD


def _network(text: str, kind: WatchKind) -> tuple[WatchKind, str]:
    """Addresses and networks, private ones too: sensors see those."""
    try:
        network = ipaddress.ip_network(refanged(text).strip("[]"), strict=False)
    except ValueError as error:
        raise WatchError(f"{text[:80]!r} cannot be watched as {kind}: {error}") from error
    if network.prefixlen == network.max_prefixlen:
        return WatchKind.ADDRESS, str(network.network_address)
    if kind is WatchKind.ADDRESS:
        raise WatchError(f"{text[:80]!r} is a network; watch it with --kind network")
    if network.prefixlen < _LEAST_PREFIX[network.version]:
        least = _LEAST_PREFIX[network.version]
        raise WatchError(f"{network} is too large: nearly everything would match; /{least} or more")
    return WatchKind.NETWORK, str(network)


def _word(text: str) -> str:
    word = " ".join(plain(text).split())
    if not _SHORTEST <= len(word) <= _LONGEST:
        raise WatchError(f"{text[:80]!r}: a word to watch has {_SHORTEST} to {_LONGEST} letters")
    if not any(character.isalnum() for character in word):
        raise WatchError(f"{text[:80]!r} has no letter or digit")
    return word
