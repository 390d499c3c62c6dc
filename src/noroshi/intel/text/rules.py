"""YARA and Sigma rules inside a report: each is one value, and what is in it is not loose.

A rule's strings are patterns, not sightings; only hashes that its ``meta`` section gives stay
values of their own, because authors put there the samples that the rule was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from noroshi.intel.text.candidate import Candidate
from noroshi.intel.text.extraction import ValueType

MAX_RULE = 65536
"""Longest rule taken, in characters."""
_YARA_HEAD = re.compile(
    r"^[ \t]{0,16}(?:(?:private|global)[ \t]{1,4}){0,2}rule[ \t]{1,4}([A-Za-z_]\w{0,127})"
    r"[ \t]{0,8}(?::[ \t\w]{0,200})?\s{0,8}\{",
    re.MULTILINE | re.ASCII,
)
_CONDITION = re.compile(r"\bcondition[ \t]{0,8}:")
_TOKEN = re.compile(r'["{}/\n]')
_SECTION = re.compile(r"^[ \t]{0,32}(strings|condition|meta)[ \t]{0,8}:", re.MULTILINE)
_SIGMA_LINE = re.compile(r"[ \t]*(?:[\w.|*-]+[ \t]*:|- |#|---)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule at a place of a document; ``meta`` is the part whose hashes still count."""

    type: ValueType
    value: str
    span: tuple[int, int]
    meta: tuple[int, int]


def rules_in(text: str) -> list[Rule]:
    """Return the rules of a text, in its order."""
    found = [*_yara(text), *_sigma(text)]
    return sorted(found, key=lambda rule: rule.span)


def _yara(text: str) -> Iterator[Rule]:
    if "condition" not in text or "rule" not in text:
        return
    heads = [(head.start(), head.end()) for head in _YARA_HEAD.finditer(text)]
    for place, (start, body) in enumerate(heads):
        following = heads[place + 1][0] if place + 1 < len(heads) else len(text)
        limit = min(following, body + MAX_RULE)
        end = _closing(text, body, limit)
        if end and _CONDITION.search(text, body, end):
            start += len(text[start:body]) - len(text[start:body].lstrip())
            yield Rule(ValueType.YARA, text[start:end], (start, end), _meta(text, body, end))


def _closing(text: str, place: int, limit: int) -> int:
    """Return where the rule's own brace closes, or 0; strings and hex patterns are stepped over."""
    depth = 1
    while depth and (token := _TOKEN.search(text, place, limit)):
        place, mark = token.end(), token[0]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        elif mark == '"':
            place = _past_string(text, place, limit)
        elif mark == "/" and text[place : place + 1] in ("/", "*"):
            close = "\n" if text[place] == "/" else "*/"
            after = text.find(close, place + 1, limit)
            place = after + len(close) if after >= 0 else limit
    return place if not depth else 0


def _past_string(text: str, place: int, limit: int) -> int:
    """Return the place after a string's closing quote, or at the line's end if it never closes."""
    while place < limit and text[place] not in '"\n':
        place += 2 if text[place] == "\\" else 1
    return min(place + 1, limit)


def _meta(text: str, start: int, end: int) -> tuple[int, int]:
    opened = -1
    for section in _SECTION.finditer(text, start, end):
        if opened >= 0:
            return opened, section.start()
        if section[1] == "meta":
            opened = section.end()
    return start, start


def _sigma(text: str) -> Iterator[Rule]:
    floor = 0
    anchors = re.finditer(r"^logsource[ \t]*:", text, re.M) if "\nlogsource" in text else ()
    for anchor in anchors:
        if anchor.start() < floor:
            continue
        start = _upwards(text, anchor.start(), max(floor, anchor.start() - MAX_RULE))
        end = _downwards(text, anchor.end(), min(len(text), anchor.end() + MAX_RULE))
        floor = end
        body = text[start:end].rstrip()
        if re.search(r"^title[ \t]*:", body, re.MULTILINE) and re.search(
            r"^detection[ \t]*:", body, re.MULTILINE
        ):
            span = (start, start + len(body))
            yield Rule(ValueType.SIGMA, body, span, (start, start))


def _upwards(text: str, place: int, limit: int) -> int:
    """Return where the YAML that a line belongs to begins."""
    while place > limit:
        begin = text.rfind("\n", limit, place - 1) + 1 or limit
        line = text[begin : place - 1]
        if not _belongs(line) or line.startswith("---"):
            break
        place = begin
    return place


def _downwards(text: str, place: int, limit: int) -> int:
    """Return where the YAML that a line belongs to ends."""
    place = text.find("\n", place, limit) + 1 or limit
    while place < limit:
        close = text.find("\n", place, limit)
        close = limit if close < 0 else close
        line = text[place:close]
        if not _belongs(line) or line.startswith(("---", "title:")):
            break
        place = close + 1
    return min(place, limit)


def _belongs(line: str) -> bool:
    return bool(line.strip()) and (line[0] in " \t" or _SIGMA_LINE.match(line) is not None)


def rule_candidate(rule: Rule) -> Candidate:
    """Return a rule as a candidate; its place is that in the document."""
    return Candidate(rule.type, rule.value, *rule.span, 0.98)
