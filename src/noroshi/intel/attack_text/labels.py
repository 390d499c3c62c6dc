"""Which techniques a model tells apart, and which of a source's labels mean the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from noroshi.intel.attack_text.corpus import Example, Knowledge
from noroshi.intel.attack_text.learn import Flags

_FEWEST = 25
"""Procedure examples that a technique needs to be learnt without annotated reports."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The techniques of a model.

    Attributes:
        ids: in order; first those annotated in reports.
        annotated: how many of them are.
        successors: ids that ATT&CK has revoked, and what took their place.
    """

    ids: tuple[str, ...]
    annotated: int
    successors: dict[str, str]

    @classmethod
    def choose(cls, phrases: Iterable[Example], knowledge: Knowledge) -> Labels:
        """Take the techniques annotated in reports, and those with enough procedure examples."""
        successors = knowledge.successors
        marked = {successors.get(t, t) for phrase in phrases for t in phrase.techniques}
        told = Counter(
            technique for example in knowledge.procedures for technique in example.techniques
        )
        # The annotators put all kinds of obfuscation, injection, … under their parent.
        parents = {technique for technique in marked if "." not in technique}
        more = {
            technique
            for technique, count in told.items()
            if count >= _FEWEST and technique.split(".")[0] not in parents
        }
        return cls(tuple(sorted(marked)) + tuple(sorted(more - marked)), len(marked), successors)

    def of(self, technique: str) -> int | None:
        """Number of the label that stands for a technique: its own, or its parent's."""
        technique = self.successors.get(technique, technique)
        for known in (technique, technique.split(".")[0]):
            if known in self.ids:
                return self.ids.index(known)
        return None

    def truth(self, examples: Iterable[Example]) -> Flags:
        """Table of examples by labels."""
        rows = [[self.of(technique) for technique in e.techniques] for e in examples]
        table = np.zeros((len(rows), len(self.ids)), dtype=np.bool_)
        for row, columns in enumerate(rows):
            table[row, [column for column in columns if column is not None]] = True
        return table
