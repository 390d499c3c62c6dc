"""A case in two to four plain sentences, for somebody who has never seen a log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

from noroshi.case.report.words import Words
from noroshi.case.scene import scene
from noroshi.case.tactics import short_name
from noroshi.case.tasks import Scope, listed, scope
from noroshi.lang import Message
from noroshi.model import Case, Finding, Severity

_SENTENCES = 3


class Level(IntEnum):
    """How soon somebody has to look."""

    LATER = 0
    TODAY = 1
    NOW = 2


_NOW_SCORE = 80.0
_TODAY_SCORE = 30.0


def level(case: Case) -> Level:
    """Return how soon somebody has to look at a case."""
    if case.score >= _NOW_SCORE:
        return Level.NOW
    return Level.TODAY if case.score >= _TODAY_SCORE else Level.LATER


def sureness(findings: Sequence[Finding]) -> Message:
    """Return how sure a case is, and why."""
    serious = [item for item in findings if item.severity >= Severity.MEDIUM]
    rules = len({(item.analytic, item.rule_id) for item in serious})
    stages = len({short_name(name) for item in serious for name in item.tactics})
    if rules >= 4 and stages >= 3:
        return Message(
            "High: {rules} independent rules agree, over {stages} stages of an attack",
            {"rules": rules, "stages": stages},
        )
    if rules >= 2:
        return Message("Medium: {rules} rules point the same way", {"rules": rules})
    if any(item.severity >= Severity.HIGH for item in serious):
        return Message("Medium: one rule only, but one that is rarely wrong")
    return Message("Low: a single sign that may have a harmless reason")


def story(case: Case, findings: Sequence[Finding], words: Words) -> list[str]:
    """Return two to four plain sentences about a case."""
    if not findings:
        return [words.say(case.title)]
    seen = scope(findings)
    believed = [item for item in findings if item.severity >= Severity.MEDIUM]
    parts = [part for name, make in _STAGES if (part := _stage(name, make, believed, seen, words))]
    if len(parts) < 2 or len({item.rule_id for item in believed}) < 2:
        return _single(case, findings, words)
    told = sorted(parts[:_SENTENCES])
    return [_opening(case, seen, len(findings), words), *(sentence for _, sentence in told)]


def _opening(case: Case, seen: Scope, count: int, words: Words) -> str:
    when, hosts = words.span(case.first, case.last), words.names(seen.hosts)
    if not hosts:
        return words.word("{when}: {n} findings together point to an attack.", when=when, n=count)
    return words.word(
        "{when}: {n} findings on {host} together point to an attack.",
        when=when,
        n=count,
        host=hosts,
    )


def _single(case: Case, findings: Sequence[Finding], words: Words) -> list[str]:
    main = max(findings, key=lambda item: (item.severity, item.score, -item.first, item.id))
    params = {"when": words.time(main.first), "title": words.title(main.title)}
    hosts = scene(findings)
    if hosts:
        first = words.word(
            '{when}, on {host}: "{title}" was noticed.', host=words.names(hosts, 4), **params
        )
    else:
        first = words.word('{when}: "{title}" was noticed.', **params)
    rest = len(findings) - 1
    sentences = [first]
    if rest:
        sentences.append(words.word("{n} more findings belong to it.", n=rest))
    if main.severity <= Severity.MEDIUM:
        sentences.append(words.word("By itself this may well be harmless; ask before acting."))
    return sentences


_Make = Callable[[Sequence[Finding], Scope], Message]


def _stage(
    name: str, make: _Make, findings: Sequence[Finding], seen: Scope, words: Words
) -> tuple[int, str] | None:
    """Return when a stage was first seen, and its sentence."""
    fitting = [item for item in findings if name in map(short_name, item.tactics)]
    if not fitting:
        return None
    message = make(fitting, seen)
    when = words.clock(fitting[0].first)
    return fitting[0].first, words.word(message.template, when=when, **message.params)


def _impact(found: Sequence[Finding], _: Scope) -> Message:
    return Message(
        "On {host}, data or systems were damaged or were about to be ({when}).", _on(found)
    )


def _exfiltration(_: Sequence[Finding], seen: Scope) -> Message:
    if seen.outside:
        return Message(
            "Data was probably sent out to {outside} ({when}).", {"outside": listed(seen.outside)}
        )
    return Message("Data was probably taken out ({when}).")


def _lateral_movement(found: Sequence[Finding], _: Scope) -> Message:
    return Message("They moved on and reached {host} ({when}).", _on(found))


def _credential_access(found: Sequence[Finding], _: Scope) -> Message:
    return Message(
        "Passwords or other credentials were probably stolen on {host} ({when}).", _on(found)
    )


def _command_and_control(found: Sequence[Finding], seen: Scope) -> Message:
    if seen.outside:
        return Message(
            "A machine was in contact with {outside}, probably steered from there ({when}).",
            {"outside": listed(seen.outside)},
        )
    return Message("{host} was probably steered from outside ({when}).", _on(found))


def _initial_access(_: Sequence[Finding], __: Scope) -> Message:
    return Message("It probably began with a mail, a visit or a logon from outside ({when}).")


def _execution(found: Sequence[Finding], _: Scope) -> Message:
    return Message("A program that does not belong there was run on {host} ({when}).", _on(found))


def _on(findings: Sequence[Finding]) -> dict[str, str]:
    return {"host": listed(scene(findings))}


_STAGES: tuple[tuple[str, _Make], ...] = (
    ("impact", _impact),
    ("exfiltration", _exfiltration),
    ("lateral-movement", _lateral_movement),
    ("credential-access", _credential_access),
    ("initial-access", _initial_access),
    ("command-and-control", _command_and_control),
    ("execution", _execution),
)
"""What a reader must hear first, and how it is said."""
