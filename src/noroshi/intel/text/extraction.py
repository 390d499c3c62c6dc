"""What is found in a report: indicators and names, each with the words that say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from noroshi.lang import Message


class ValueType(StrEnum):
    """Kinds of value; the strings stand in the JSON output."""

    __hash__ = str.__hash__  # that of an enumeration runs in Python, once for every look-up

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    CIDR = "cidr"
    DOMAIN = "domain"
    URL = "url"
    EMAIL = "email"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"
    IMPHASH = "imphash"
    SSDEEP = "ssdeep"
    CVE = "cve"
    ATTACK = "attack"
    ATLAS = "atlas"
    FILE_NAME = "file-name"
    FILE_PATH = "file-path"
    REGISTRY_KEY = "registry-key"
    MUTEX = "mutex"
    BTC = "btc"
    ETH = "eth"
    XMR = "xmr"
    LTC = "ltc"
    DOGE = "doge"
    TRX = "trx"
    BCH = "bch"
    ASN = "asn"
    USER_AGENT = "user-agent"
    JA3 = "ja3"
    JA4 = "ja4"
    YARA = "yara"
    SIGMA = "sigma"


NETWORK = frozenset(
    {
        ValueType.IPV4,
        ValueType.IPV6,
        ValueType.CIDR,
        ValueType.DOMAIN,
        ValueType.URL,
        ValueType.EMAIL,
    }
)
"""What is reached over a network."""
FILE_HASHES = frozenset(
    {
        ValueType.MD5,
        ValueType.SHA1,
        ValueType.SHA224,
        ValueType.SHA256,
        ValueType.SHA384,
        ValueType.SHA512,
    }
)
"""Digests of whole files."""
WALLETS = frozenset(
    {
        *(ValueType.BTC, ValueType.ETH, ValueType.XMR, ValueType.LTC, ValueType.DOGE),
        *(ValueType.TRX, ValueType.BCH),
    }
)
"""Where money is paid to."""


class Role(StrEnum):
    """What part a value plays in the report."""

    INDICATOR = "indicator"
    """Seen with the attack; worth searching for."""
    VICTIM = "victim"
    """Belongs to whom the attack hit or whom it imitates."""
    REFERENCE = "reference"
    """A link or source for the reader."""
    BENIGN = "benign"
    """Named, but harmless by itself."""
    MENTION = "mention"
    """Named; nothing says which of the others it is."""


class Indicator(NamedTuple):
    """One value at one place of a document.

    Attributes:
        type: kind of value.
        value: normalised value: refanged, host names in lower case, hashes in lower case.
        span: start and end in the document's text.
        quote: the text at the span, letter for letter.
        context: what part it plays.
        confidence: 0 to 1, of value and context together.
        reason: why this context, for people.
        line: the line around it, at most a few hundred characters.
    """

    type: ValueType
    value: str
    span: tuple[int, int]
    quote: str
    context: Role
    confidence: float
    reason: Message
    line: str


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """One known name at one place of a document.

    Attributes:
        type: actor, malware, tool, product, country, sector, or the galaxy's own type.
        name: the preferred name; aliases lead here.
        span: start and end in the document's text.
        quote: the text at the span, letter for letter.
        confidence: 0 to 1; lower for short or everyday words.
        ids: ids of the entries of this name, several where galaxies overlap.
        line: the line around it.
    """

    type: str
    name: str
    span: tuple[int, int]
    quote: str
    confidence: float
    ids: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one document, in the order of the text.

    Attributes:
        document: the document's name.
        text: the text that the spans point into.
        indicators: values.
        entities: names.
        problems: what was cut, skipped or unreadable.
    """

    document: str
    text: str
    indicators: tuple[Indicator, ...] = ()
    entities: tuple[NamedEntity, ...] = ()
    problems: tuple[Message, ...] = ()
