"""A document as a list of blocks: the same for the page, the PDF and the Word file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``lead`` is the one that everybody reads."""

    text: str
    lead: bool = False
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``widths`` are shares of the line, ``marks`` names a kind for each row."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    marks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """Marks as bars: label, share from 0 to 1, what stands behind the bar."""

    rows: Sequence[tuple[str, float, str]]


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Bars
