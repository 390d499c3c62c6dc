"""Questions made from the evidence that lay there when the alarm came, each one proven.

A question is asked only if the emitted files answer it in one way: every line that names the
intruder's address is looked up, and exactly one machine (or account) of the organisation may stand
in those lines. The lines are the proof that is shown with the right answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from noroshi.drill.clock import MINUTE, SECOND, local
from noroshi.drill.exercise.injects import is_outside
from noroshi.drill.exercise.outcome import Outcome, StepFact
from noroshi.drill.exercise.state import Settings
from noroshi.drill.grading.questions import Question
from noroshi.lang import N_, Message

_PASSING_ON = frozenset({"proxy", "firewall", "dc", "mail", "resolver", "dns", "router"})
"""Roles of machines that only pass on what others ask for."""
_TOLERANCE = 5 * MINUTE
MOST = 6
"""Most questions of one exercise."""


_Found: TypeAlias = tuple[Message, tuple[str, ...], int, tuple[str, ...]]


@dataclass
class _Sightings:
    """Lines of the evidence that name an artefact: where, and who stands in them."""

    lines: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)


def ask(settings: Settings, untouched: Outcome, evidence: Path) -> list[Question]:
    """Return the questions of an exercise; the same at whatever time they are asked for."""
    own, known = _own(settings, untouched, evidence)
    steps = [step for step in untouched.done(settings.alert) if 0 < step.seen <= settings.alert]
    artefacts: dict[str, StepFact] = {}
    for step in steps:
        for artefact in filter(is_outside, step.artefacts):
            artefacts.setdefault(artefact, step)
    seen = _look_up(evidence, list(artefacts), untouched, settings)
    secret = {answer for _, answers, *_ in own for answer in answers}
    asked = (
        each
        for artefact, step in artefacts.items()
        if artefact not in secret  # a question must not tell the answer to another
        for kind, each in _about(artefact, step, seen[artefact])
        if (artefact, kind) not in known
    )
    return [
        Question(f"Q{number}", text, answers, tolerance, proof)
        for number, (text, answers, tolerance, proof) in enumerate([*own, *asked][:MOST], 1)
    ]


def _own(
    settings: Settings, outcome: Outcome, evidence: Path
) -> tuple[list[_Found], set[tuple[str, str]]]:
    """Return the scenario's questions, as far as the evidence answers them in one way.

    Beside them: of which artefact they ask for what, so that it is not asked again.
    """
    questions = outcome.brief.questions
    seen = _look_up(evidence, [each.needle for each in questions], outcome, settings)
    found: list[_Found] = []
    known: set[tuple[str, str]] = set()
    for each in questions:
        before = len(found)
        sighted = seen[each.needle]
        proof = tuple(sighted.lines[:3])
        named = {"machine": sighted.hosts, "account": sighted.accounts}.get(each.kind)
        if each.kind == "time":
            first = next((s.seen for s in outcome.steps if s.id == each.answer and s.seen), 0)
            if proof and 0 < first <= settings.alert:
                found.append((each.text, (str(first),), _TOLERANCE, proof))
        elif proof and (named is None or named == {each.answer}):
            found.append((each.text, (each.answer,), 0, proof))
        if len(found) > before:
            known.add((each.needle, each.kind))
    return found, known


def _about(artefact: str, step: StepFact, seen: _Sightings) -> Iterator[tuple[str, _Found]]:
    """Yield what can be asked of an artefact: what for, and the question."""
    proof = tuple(seen.lines[:3])
    about = {"artefact": artefact}
    if len(seen.hosts) == 1 and seen.hosts <= set(step.hosts):
        text = Message(
            N_("Which machine of the organisation is in contact with {artefact}?"), about
        )
        yield "machine", (text, tuple(seen.hosts), 0, proof)
        when = Message(N_("At what time does {artefact} appear for the first time?"), about)
        yield "time", (when, (str(step.seen),), _TOLERANCE, proof)
    if len(seen.accounts) == 1:
        whose = Message(N_("Under whose account is {artefact} contacted?"), about)
        yield "account", (whose, tuple(seen.accounts), 0, proof)


def _look_up(
    evidence: Path, artefacts: Sequence[str], outcome: Outcome, settings: Settings
) -> Mapping[str, _Sightings]:
    found = {artefact: _Sightings() for artefact in artefacts}
    needles = {artefact: artefact.encode() for artefact in artefacts}
    machines = {
        name: (name.encode(), host.ip.encode())
        for name, host in outcome.hosts.items()
        if host.role not in _PASSING_ON
    }
    until = f"{local(settings.alert + SECOND):%Y%m%dT%H%M%S}"
    windows = sorted(each for each in evidence.iterdir() if each.name.rpartition("-")[2] <= until)
    for path in (path for window in windows for path in sorted(window.rglob("*"))):
        if not path.is_file():
            continue
        data = path.read_bytes()
        for artefact, needle in needles.items():
            for number, line in _lines_with(data, needle):
                _note(found[artefact], line, machines, outcome.people)
                name = path.relative_to(evidence).as_posix()
                found[artefact].lines.append(f"{name}:{number}")
    return found


def _lines_with(data: bytes, needle: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield numbered lines that hold a needle, without cutting the whole file into lines."""
    number, counted, place = 1, 0, data.find(needle)
    while place >= 0:
        begin = data.rfind(b"\n", 0, place) + 1
        end = data.find(b"\n", place)
        end = len(data) if end < 0 else end
        number += data.count(b"\n", counted, begin)
        counted = begin
        yield number, data[begin:end]
        place = data.find(needle, end)


def _note(
    seen: _Sightings, line: bytes, machines: Mapping[str, tuple[bytes, bytes]],
    people: Mapping[str, object],
) -> None:  # fmt: skip
    for name, (word, ip) in machines.items():
        if _has(line, word) or _has(line, ip) or _has(line, word.lower()):
            seen.hosts.add(name)
    seen.accounts |= {login for login in people if _has(line, login.encode())}


def _has(line: bytes, word: bytes) -> bool:
    """Whether a whole word is in a line: 10.20.10.1 is not in 10.20.10.11."""
    place = line.find(word)
    while place >= 0:
        after = line[place + len(word) : place + len(word) + 1]
        before = line[place - 1 : place] if place else b""
        if not (after.isalnum() or before.isalnum()):
            return True
        place = line.find(word, place + 1)
    return False
