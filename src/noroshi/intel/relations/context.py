"""Two things of a sentence with the text around them, and the words found there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Context:
    """Two things of a sentence with the text around them.

    Attributes:
        before: up to the first.
        middle: between the two.
        after: from the second on.
        first: the kind of the first.
    """

    before: str
    middle: str
    after: str
    first: str = ""


class Words(NamedTuple):
    """How much of the text around two things states a relation, beyond what is between them.

    Attributes:
        back: characters before the first.
        ahead: characters after the second.
    """

    back: int = 0
    ahead: int = 0
