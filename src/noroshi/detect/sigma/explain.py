"""A rule in words, for people who must decide whether to trust it."""

from __future__ import annotations

from dataclasses import dataclass

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
    Wild,
    atoms,
    fields_of,
)
from noroshi.detect.sigma.rule import Rule
from noroshi.lang import N_, Language, Message, render


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a condition.

    Attributes:
        depth: how far to indent.
        message: what it says.
    """

    depth: int
    message: Message


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule taken apart.

    Attributes:
        rule: the rule.
        fields: the fields it looks at.
        atoms: number of single questions in it.
        lines: the condition, one line per question or group of questions.
    """

    rule: Rule
    fields: tuple[str, ...]
    atoms: int
    lines: tuple[Line, ...]

    def text(self, language: Language) -> str:
        """Return the condition in a language, indented."""
        return "\n".join(
            "  " * line.depth + "- " + render(line.message, language) for line in self.lines
        )


def explain(rule: Rule) -> Explanation:
    """Return a rule in words."""
    return Explanation(
        rule=rule,
        fields=fields_of(rule.condition),
        atoms=sum(1 for _ in atoms(rule.condition)),
        lines=tuple(_lines(rule.condition, 0)),
    )


def _lines(condition: Condition, depth: int) -> list[Line]:
    if isinstance(condition, Not):
        return [Line(depth, Message(N_("not the case:"))), *_lines(condition.child, depth + 1)]
    if isinstance(condition, And | Or):
        every = isinstance(condition, And)
        head = Message(N_("all of these:") if every else N_("at least one of these:"))
        below = [line for child in condition.children for line in _lines(child, depth + 1)]
        return [Line(depth, head), *below]
    return [Line(depth, _said(condition))]


_CONTAINS = N_("{field} contains “{value}”")
_EXACT_CASE = N_("{field} has the form “{value}”, upper and lower case as written")
_COMPARED = {
    "lt": N_("{field} is less than {value}"),
    "lte": N_("{field} is at most {value}"),
    "gt": N_("{field} is greater than {value}"),
    "gte": N_("{field} is at least {value}"),
    "neq": N_("{field} is a number other than {value}"),
}
_REFERRED = {
    "equals": N_("{field} is the same as {value}"),
    "startswith": N_("{field} starts with the value of {value}"),
    "endswith": N_("{field} ends with the value of {value}"),
    "contains": N_("{field} contains the value of {value}"),
}
_TIMES = {
    "minute": N_("{field} is a time in minute {value} (UTC)"),
    "hour": N_("{field} is a time in hour {value} (UTC)"),
    "day": N_("{field} is a time on day {value} of the month (UTC)"),
    "week": N_("{field} is a time in calendar week {value} (UTC)"),
    "month": N_("{field} is a time in month {value} (UTC)"),
    "year": N_("{field} is a time in the year {value} (UTC)"),
}


def _said(atom: Atom) -> Message:
    match atom:
        case Text():
            return _text(atom)
        case Regex(field=None):
            return Message(
                N_("the record matches the expression “{value}”"), {"value": atom.pattern}
            )
        case Regex():
            template = N_("{field} matches the expression “{value}”")
            return Message(template, {"field": atom.field or "", "value": atom.pattern})
        case Cidr():
            template = N_("{field} is an address in {value}")
            return Message(template, {"field": atom.field, "value": atom.network})
        case Compare():
            return Message(_COMPARED[atom.operator], {"field": atom.field, "value": atom.number})
        case TimePart():
            return Message(_TIMES[atom.part], {"field": atom.field, "value": atom.number})
        case Exists():
            template = N_("{field} is present") if atom.wanted else N_("{field} is missing")
            return Message(template, {"field": atom.field})
        case FieldReference():
            return Message(_REFERRED[atom.mode], {"field": atom.field, "value": atom.other})


def _text(atom: Text) -> Message:
    if atom.field is None:
        inner = _written(atom.parts[1:-1])
        return Message(N_("the record contains “{value}”"), {"value": inner})
    values = {"field": atom.field, "value": _written(atom.parts)}
    if atom.cased:
        return Message(_EXACT_CASE, values)
    match atom.parts:
        case ():
            return Message(N_("{field} is empty"), {"field": atom.field})
        case (str(),):
            return Message(N_("{field} is “{value}”"), values)
        case (str(text), Wild.MANY):
            return Message(N_("{field} starts with “{value}”"), values | {"value": text})
        case (Wild.MANY, str(text)):
            return Message(N_("{field} ends with “{value}”"), values | {"value": text})
        case (Wild.MANY, str(text), Wild.MANY):
            return Message(_CONTAINS, values | {"value": text})
    return Message(N_("{field} has the form “{value}”"), values)


def _written(parts: tuple[str | Wild, ...]) -> str:
    return "".join(
        {Wild.ONE: "?", Wild.MANY: "*"}.get(p, "") if isinstance(p, Wild) else p for p in parts
    )
