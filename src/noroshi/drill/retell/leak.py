"""Names of the real house, and whether one of them stands in a scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import yaml

from noroshi.drill.retell.document import PARTS, document
from noroshi.drill.retell.plan import plan
from noroshi.drill.steps import library
from noroshi.model import Case, EntityType, Finding

_SHORTEST = 3
_WORD = re.compile(r"[^\s\"'`,;:|<>()\[\]{}=]+")
_PARTED = frozenset({EntityType.HOST, EntityType.USER, EntityType.DOMAIN, EntityType.MAIL})
_PIECES = re.compile(r"[\\/@.]+")


def names(case: Case, findings: Iterable[Finding]) -> frozenset[str]:
    r"""Return what could tell the real house: machines, accounts, addresses, files, values.

    Of names with parts (``pc1.town.example``, ``TOWN\name``) the parts count too.
    """
    parted, whole = {*case.hosts, *case.users}, set()
    for finding in findings:
        parted |= {finding.subject, *finding.hosts, *(event.host for event in finding.evidence)}
        whole |= {value for event in finding.evidence for _, value in event.fields}
        for entity in finding.entities:
            (parted if entity.type in _PARTED else whole).add(entity.value)
    parts = {piece for each in parted for piece in _PIECES.split(each)}
    found = (each.casefold() for each in parted | parts | whole)
    return frozenset(each for each in found if len(each) >= _SHORTEST and not each.isdigit())


def leaks(real: Iterable[str], text: str, name: str) -> list[str]:
    """Return the real names that stand in a text and are not the town's own words.

    Args:
        real: names, lower case.
        text: a scenario.
        name: of the scenario.
    """
    said = _words(text.replace(name, "")) - _own_words()
    return sorted(each for each in real if each in said)


@cache
def _own_words() -> frozenset[str]:
    """Return every word that a scenario about nobody has, and the library's own."""
    ids = {word for step in library().values() for word in (step.id, step.technique)}
    nobody = document("nobody", plan([], {}), [])
    return frozenset(_words(f"{nobody} {yaml.safe_dump(PARTS)} {' '.join(sorted(ids))}"))


def _words(text: str) -> set[str]:
    whole = {word.strip(".").casefold() for word in _WORD.findall(text)}
    return whole | {piece for word in whole for piece in _PIECES.split(word)}
