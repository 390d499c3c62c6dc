"""A condition -> a function that decides it for one row.

A function gets the values of all slots and a row. A slot is a field, raw or folded; the rule says
which slots it needs, and whoever calls fills exactly those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from noroshi.detect.sigma.columns import Value
from noroshi.detect.sigma.condition import (
    And,
    Atom,
    Cidr,
    Compare,
    Condition,
    Exists,
    FieldReference,
    Not,
    Or,
    Regex,
    Text,
    TimePart,
)
from noroshi.detect.sigma.regex import searcher
from noroshi.detect.sigma.text_test import TextTest, any_of
from noroshi.detect.sigma.value_test import cidr_test, compare_test, time_test

Values: TypeAlias = Sequence[Sequence[Value]]
"""Values of every slot, one list per slot, one value per row."""

Decide: TypeAlias = Callable[[Values, int], bool]

KEYWORDS = ""
"""Name of the field that stands for everything in the record."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What is to be looked at: a field (or :data:`KEYWORDS`), folded or as it is."""

    field: str
    folded: bool


class Slots:
    """Numbers for slots, given out in the order in which rules first ask for them."""

    def __init__(self) -> None:
        self._numbers: dict[Slot, int] = {}

    def number(self, slot: Slot) -> int:
        """Return the number of a slot, a new one if it is new."""
        return self._numbers.setdefault(slot, len(self._numbers))

    @property
    def known(self) -> tuple[Slot, ...]:
        """All slots by number."""
        return tuple(self._numbers)


@dataclass(frozen=True, slots=True)
class Program:
    """A rule made executable.

    Attributes:
        decide: the whole condition.
        slots: numbers of the slots it looks at.
        telling: for each field in a positive part, a function that tells whether it contributed.
    """

    decide: Decide
    slots: tuple[int, ...]
    telling: tuple[tuple[str, Decide], ...]


def compile_condition(condition: Condition, slots: Slots) -> Program:
    """Return the condition as a program over the slots."""
    compiler = _Compiler(slots)
    decide = compiler.node(condition)
    telling = tuple(
        (field, compiler.node(Or(tuple(found))))
        for field, found in _positive(condition, True).items()
    )
    return Program(decide, tuple(compiler.used), telling)


def _positive(condition: Condition, positive: bool) -> dict[str, list[Condition]]:
    """Atoms outside of any exclusion, by field."""
    found: dict[str, list[Condition]] = {}
    if isinstance(condition, Not):
        return _positive(condition.child, not positive)
    if isinstance(condition, And | Or):
        for child in condition.children:
            for field, inner in _positive(child, positive).items():
                found.setdefault(field, []).extend(inner)
    elif positive:
        found[condition.field or KEYWORDS] = [condition]
    return found


class _Compiler:
    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self.used: dict[int, None] = {}

    def node(self, condition: Condition) -> Decide:
        """Compile any condition."""
        if isinstance(condition, Not):
            inner = self.node(condition.child)
            return lambda values, row: not inner(values, row)
        if isinstance(condition, And):
            children = sorted(condition.children, key=_expense)
            return _conjunction([self.node(child) for child in children])
        if isinstance(condition, Or):
            return self._or(condition)
        return self._atom(condition)

    def _or(self, condition: Or) -> Decide:
        """Alternatives; those that ask for text in the same slot become one test."""
        texts: dict[Slot, list[Text]] = {}
        others: list[Condition] = []
        for child in condition.children:
            if isinstance(child, Text):
                texts.setdefault(_slot(child), []).append(child)
            else:
                others.append(child)
        grouped = [
            self._on_value(slot, any_of(atom.parts for atom in group))
            for slot, group in texts.items()
        ]
        others.sort(key=_expense)
        return _disjunction(grouped + [self.node(child) for child in others])

    def _atom(self, atom: Atom) -> Decide:
        match atom:
            case Text():
                return self._on_value(_slot(atom), any_of([atom.parts]))
            case Regex():
                return self._on_value(_slot(atom), searcher(atom.pattern, atom.flags))
            case Cidr():
                return self._on_value(_slot(atom), cidr_test(atom))
            case Compare():
                return self._on_value(_slot(atom), compare_test(atom))
            case TimePart():
                return self._on_value(_slot(atom), time_test(atom))
            case Exists():
                return self._exists(atom)
            case FieldReference():
                return self._reference(atom)

    def _number(self, slot: Slot) -> int:
        number = self._slots.number(slot)
        self.used[number] = None
        return number

    def _on_value(self, slot: Slot, test: TextTest) -> Decide:
        number = self._number(slot)

        def decide(values: Values, row: int) -> bool:
            value = values[number][row]
            if type(value) is str:
                return test(value)
            return value is not None and any(test(item) for item in value)

        return decide

    def _exists(self, atom: Exists) -> Decide:
        number, wanted = self._number(_slot(atom)), atom.wanted
        return lambda values, row: (values[number][row] is not None) is wanted

    def _reference(self, atom: FieldReference) -> Decide:
        number = self._number(Slot(atom.field, True))
        other = self._number(Slot(atom.other, True))
        holds: Callable[[str, str], bool] = {
            "equals": lambda mine, theirs: mine == theirs,
            "startswith": str.startswith,
            "endswith": str.endswith,
            "contains": str.__contains__,
        }[atom.mode]

        def decide(values: Values, row: int) -> bool:
            mine, theirs = _several(values[number][row]), _several(values[other][row])
            return any(holds(one, two) for one in mine for two in theirs)

        return decide


def _several(value: Value) -> Sequence[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _slot(atom: Atom) -> Slot:
    """Text without ``cased`` looks at folded values; everything else at what was recorded."""
    folded = isinstance(atom, Text) and not atom.cased
    return Slot(atom.field or KEYWORDS, folded)


def _expense(condition: Condition) -> int:
    """Rank by what a test costs, so that the cheap ones go first."""
    if isinstance(condition, And | Or):
        return 2 + sum(map(_expense, condition.children))
    if isinstance(condition, Not):
        return 20 + _expense(condition.child)
    return {Regex: 30, Cidr: 10, TimePart: 10, FieldReference: 8}.get(type(condition), 1) + (
        50 if condition.field is None else 0
    )


def _conjunction(tests: list[Decide]) -> Decide:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda values, row: first(values, row) and second(values, row)

    def decide(values: Values, row: int) -> bool:
        for test in tests:  # noqa: SIM110 - all() with a generator takes twice the time
            if not test(values, row):
                return False
        return True

    return decide


def _disjunction(tests: list[Decide]) -> Decide:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda values, row: first(values, row) or second(values, row)

    def decide(values: Values, row: int) -> bool:
        for test in tests:  # noqa: SIM110 - any() with a generator takes twice the time
            if test(values, row):
                return True
        return False

    return decide
