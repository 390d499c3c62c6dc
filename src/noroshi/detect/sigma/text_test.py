"""Tests of one text against many: what a list of alternatives over one field comes down to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from noroshi.detect.sigma.condition import Parts, Wild
from noroshi.detect.sigma.glob import glob_test

TextTest: TypeAlias = Callable[[str], bool]


@dataclass
class _Shapes:
    """Alternatives sorted by the cheapest way to test them."""

    equal: set[str] = field(default_factory=set)
    start: list[str] = field(default_factory=list)
    end: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    other: list[TextTest] = field(default_factory=list)

    def add(self, parts: Parts) -> None:
        """Take one alternative."""
        match parts:
            case ():
                self.equal.add("")
            case (str(text),):
                self.equal.add(text)
            case (str(text), Wild.MANY):
                self.start.append(text)
            case (Wild.MANY, str(text)):
                self.end.append(text)
            case (Wild.MANY, str(text), Wild.MANY):
                self.inside.append(text)
            case (Wild.MANY,):
                self.inside.append("")
            case _:
                self.other.append(glob_test(parts))

    def tests(self) -> list[TextTest]:
        """Return the tests, cheapest first."""
        tests: list[TextTest] = []
        if len(self.equal) == 1:
            (only,) = self.equal
            tests.append(lambda value: value == only)
        elif self.equal:
            tests.append(frozenset(self.equal).__contains__)
        if self.end:
            ends = tuple(self.end)
            tests.append(lambda value: value.endswith(ends))
        if self.start:
            starts = tuple(self.start)
            tests.append(lambda value: value.startswith(starts))
        if len(self.inside) == 1:
            (needle,) = self.inside
            tests.append(lambda value: needle in value)
        elif self.inside:
            tests.append(_contains_any(tuple(self.inside)))
        return tests + self.other


def _contains_any(needles: tuple[str, ...]) -> TextTest:
    def test(value: str) -> bool:
        for needle in needles:  # noqa: SIM110 - any() with a generator takes twice the time
            if needle in value:
                return True
        return False

    return test


def any_of(alternatives: Iterable[Parts]) -> TextTest:
    """Return a function that tells whether a value has the form of any alternative."""
    shapes = _Shapes()
    for parts in alternatives:
        shapes.add(parts)
    tests = shapes.tests()
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda value: first(value) or second(value)
    return lambda value: any(test(value) for test in tests)
