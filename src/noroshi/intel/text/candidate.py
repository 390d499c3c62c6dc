"""A value seen in a block of text, before the context has said what part it plays."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from noroshi.intel.text.extraction import ValueType
from noroshi.intel.text.shadow import Bytes, Offsets


class Trait(StrEnum):
    """What a finder saw that matters for the role."""

    PLAIN = "plain"
    LINK = "link"
    """The target of a Markdown or AsciiDoc link, or a footnote."""
    ASSET = "asset"
    """An image, style sheet or script of the page itself."""
    SPECIAL = "special"
    """Private, loopback, documentation or otherwise not of the public Internet."""
    CODE = "code"
    """An identifier of knowledge: CVE, ATT&CK, ATLAS, ASN."""
    RULE = "rule"
    SYSTEM = "system"
    """A program or path that every machine has."""
    PART = "part"
    """The last word of a name with blanks in it."""
    BRAND = "brand"
    """Written as a name, with a capital: Amazon.com."""


class Candidate(NamedTuple):
    """One value at one place of a block.

    Attributes:
        type: kind of value.
        value: normalised value.
        start: first byte in the block's plain form.
        end: byte after the last.
        certainty: 0 to 1, that it is such a value at all.
        trait: what matters for the role.
        host: host name or address inside a URL or mail address.
        defanged: whether its scheme was altered; brackets are seen by comparing with the text.
    """

    type: ValueType
    value: str
    start: int
    end: int
    certainty: float = 0.95
    trait: Trait = Trait.PLAIN
    host: str = ""
    defanged: bool = False


class Taken:
    """Which bytes of a block already belong to a value; the first finder wins."""

    def __init__(self, size: int) -> None:
        self._bytes = bytearray(size)

    def take(self, start: int, end: int) -> bool:
        """Mark bytes as used, unless one of them is; return whether they were free."""
        if self._bytes.find(1, start, end) >= 0:
            return False
        self._bytes[start:end] = b"\x01" * (end - start)
        return True

    def hide(self, start: int, end: int) -> None:
        """Mark bytes as used, whether they are or not."""
        self._bytes[start:end] = b"\x01" * (end - start)

    def marks(self) -> Bytes:
        """Return the bytes that are used at this moment as an array of 0 and 1."""
        return np.frombuffer(bytes(self._bytes), dtype=np.uint8)


def runs(mask: npt.NDArray[np.bool_]) -> tuple[Offsets, Offsets]:
    """Return starts and ends of the stretches where a mask is true."""
    edges = np.empty(len(mask) + 1, dtype=bool)
    edges[0], edges[-1] = (bool(mask[0]), bool(mask[-1])) if len(mask) else (False, False)
    np.not_equal(mask[1:], mask[:-1], out=edges[1:-1])
    places = np.flatnonzero(edges)
    return places[::2], places[1::2]


def mask_of(data: bytes, members: bytes) -> npt.NDArray[np.bool_]:
    """Return where data holds one of some bytes."""
    return np.frombuffer(data.translate(_table(members)), dtype=bool)


@cache
def _table(members: bytes) -> bytes:
    return bytes(byte in members for byte in range(256))


def distinct(ascending: Offsets) -> Offsets:
    """Return the different numbers of an ascending array."""
    if not len(ascending):
        return ascending
    return ascending[np.concatenate(([True], ascending[1:] != ascending[:-1]))]
