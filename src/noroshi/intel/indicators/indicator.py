"""Indicators: values that, seen in an event, say that something is wrong."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum

from noroshi.intel.errors import IntelError


class IndicatorError(IntelError):
    """A value cannot be an indicator; the text says why."""


class IndicatorType(StrEnum):
    """What kind of value it is."""

    ADDRESS = "address"
    NETWORK = "network"
    DOMAIN = "domain"
    URL = "url"
    HASH = "hash"
    MAIL = "mail"
    FILE_NAME = "file-name"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator.

    Attributes:
        type: kind of value.
        value: normalised value, see :func:`normalised`.
        source: file, feed or report it came from.
        valid_from: µs since 1970 UTC; 0 is always.
        valid_until: µs since 1970 UTC, not included; 0 is never-ending.
        confidence: 0 to 100, STIX's scale; 50 where the source does not say.
        labels: what the source calls it: malware family, campaign, kind.
        description: the source's words about it.
        tlp: marking, e.g. ``TLP:AMBER``; empty where the source does not say.
    """

    type: IndicatorType
    value: str
    source: str
    valid_from: int = 0
    valid_until: int = 0
    confidence: int = 50
    labels: tuple[str, ...] = ()
    description: str = ""
    tlp: str = ""

    @property
    def id(self) -> str:
        """Deterministic id of type, value and source."""
        text = "\x1f".join((self.type, self.value, self.source))
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        return f"indicator--{digest[:32]}"


_DEFANGED = (
    (re.compile(r"^h(?:xx|\*\*|tt)ps?(?=[:\[]|$)", re.IGNORECASE), "http"),
    (re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|。|．", re.IGNORECASE), "."),
    (re.compile(r"\[:\]|\(:\)"), ":"),
    (re.compile(r"\[://\]|\[:\]//"), "://"),
    (re.compile(r"\[at\]|\(at\)|\[@\]", re.IGNORECASE), "@"),
)
_LABEL = r"(?!-)[^\s./:@\\\[\]{}()<>\"'`,;!?*|^$%&=+#~]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_HEX = re.compile(r"[0-9a-f]+")
_HASH_LENGTHS = frozenset({32, 40, 56, 64, 96, 128})
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s]+", re.IGNORECASE)
VALUE_LENGTH = 4096
DOMAIN_LENGTH = 253


def refanged(text: str) -> str:
    """Undo the usual ways of making a value harmless to click."""
    https = text[:5].lower() in ("hxxps", "h**ps", "https")
    for pattern, plain in _DEFANGED:
        replacement = "https" if plain == "http" and https else plain
        text = pattern.sub(replacement, text)
    return text.strip()


def normalised(kind: IndicatorType, text: str) -> str:
    """Return the form in which a value is stored and compared.

    Addresses and networks are in canonical form; domains lower case, IDNA-encoded, without a final
    dot; URLs with scheme and host in lower case; digests lower-case hex; mail addresses lower case;
    file names the last part of a path, lower case.

    Raises:
        IndicatorError: the text is not such a value, or one that must not be matched.
    """
    value = refanged(text)
    if not value or len(value) > VALUE_LENGTH:
        raise IndicatorError(f"{text[:60]!r} is empty or longer than {VALUE_LENGTH}")
    return _NORMALISERS[kind](value)


def guessed(text: str) -> tuple[IndicatorType, str]:
    """Return type and normalised value of a text that does not say what it is.

    Raises:
        IndicatorError: it looks like no indicator.
    """
    value = refanged(text).strip("\"'<>")
    low = value.lower()
    if _URL.fullmatch(value):
        kind = IndicatorType.URL
    elif "/" in value and _is_network(value):
        kind = IndicatorType.NETWORK
    elif _is_address(value):
        kind = IndicatorType.ADDRESS
    elif len(low) in _HASH_LENGTHS and _HEX.fullmatch(low):
        kind = IndicatorType.HASH
    elif value.count("@") == 1 and "/" not in value:
        kind = IndicatorType.MAIL
    elif _DOMAIN.fullmatch(low.rstrip(".").removeprefix("*.")):
        kind = IndicatorType.DOMAIN
    elif "/" in value and _DOMAIN.fullmatch(low.partition("/")[0]):
        return IndicatorType.URL, normalised(IndicatorType.URL, "http://" + value)
    else:
        raise IndicatorError(f"{text[:60]!r} is no address, name, URL, digest or mail address")
    return kind, normalised(kind, value)


def canonical_url(value: str) -> str:
    """Lower the scheme and host of a URL; a bare host gets the path ``/``; the fragment goes."""
    scheme, _, rest = value.partition("://")
    rest = rest.partition("#")[0]
    host, slash, path = rest.partition("/")
    return (
        f"{scheme.lower()}://{host.lower()}/{path}"
        if slash
        else f"{scheme.lower()}://{host.lower()}/"
    )


def canonical_domain(value: str) -> str:
    """Lower case, IDNA, no final dot.

    Raises:
        IndicatorError: not a domain name.
    """
    name = value.rstrip(".").lower().removeprefix("*.")
    if not _DOMAIN.fullmatch(name) or len(name) > DOMAIN_LENGTH:
        raise IndicatorError(f"{value[:60]!r} is no domain name")
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise IndicatorError(f"{value[:60]!r} is no domain name: {error}") from error


def _address(value: str) -> str:
    try:
        address = ipaddress.ip_address(value.strip("[]"))
    except ValueError as error:
        raise IndicatorError(f"{value[:60]!r} is no address") from error
    _refuse_special(address, value)
    return str(address)


def _network(value: str) -> str:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError as error:
        raise IndicatorError(f"{value[:60]!r} is no network") from error
    if network.prefixlen < (8 if network.version == 4 else 19):
        raise IndicatorError(f"{value} is too large a network to match")
    if any(network.version == other.version and network.overlaps(other) for other in _SPECIAL):
        raise IndicatorError(f"{value} holds private or special-purpose addresses (RFC 6890)")
    return str(network)


def _refuse_special(address: ipaddress.IPv4Address | ipaddress.IPv6Address, value: str) -> None:
    """Private and special-purpose addresses (RFC 6890) say nothing about the outside world."""
    if not (address.is_global or any(address in network for network in _DOCUMENTATION)):
        raise IndicatorError(f"{value} is a private or special-purpose address (RFC 6890)")


_DOCUMENTATION = [
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
"""Never routed, and used in exercises as the outside world: these may be indicators."""

_SPECIAL = [
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"),
        *(
            "::/96",
            "::ffff:0:0/96",
            "64:ff9b:1::/48",
            "100::/64",
            "fc00::/7",
            "fe80::/10",
            "ff00::/8",
        ),
    )
]
"""No network that touches one of these may be an indicator. Source: RFC 6890."""


def _url(value: str) -> str:
    host = value.lower().partition("/")[0].partition(":")[0]
    if "://" not in value and (_DOMAIN.fullmatch(host) or _is_address(host)):
        value = f"http://{value}"
    if not _URL.fullmatch(value):
        raise IndicatorError(f"{value[:60]!r} is no URL")
    return canonical_url(value)


def _hash(value: str) -> str:
    low = value.lower()
    if len(low) not in _HASH_LENGTHS or not _HEX.fullmatch(low):
        raise IndicatorError(f"{value[:60]!r} is no MD5, SHA-1 or SHA-2 digest")
    return low


def _mail(value: str) -> str:
    local, at, domain = value.lower().rpartition("@")
    if not at or not local or any(character.isspace() for character in local):
        raise IndicatorError(f"{value[:60]!r} is no mail address")
    return f"{local}@{canonical_domain(domain)}"


def _file_name(value: str) -> str:
    name = re.split(r"[\\/]", value)[-1].lower()
    if len(name) < 4 or "." not in name:
        raise IndicatorError(f"{value[:60]!r} is too common for a file name to match")
    return name


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value.strip("[]"))
    except ValueError:
        return False
    return True


def _is_network(value: str) -> bool:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return True


_NORMALISERS = {
    IndicatorType.ADDRESS: _address,
    IndicatorType.NETWORK: _network,
    IndicatorType.DOMAIN: canonical_domain,
    IndicatorType.URL: _url,
    IndicatorType.HASH: _hash,
    IndicatorType.MAIL: _mail,
    IndicatorType.FILE_NAME: _file_name,
}
