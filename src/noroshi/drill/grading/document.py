"""A report that was handed in: Markdown by the template, or the same as JSON.

Headings are known by their number or by their words in either language, so that a team may write
in Japanese on an English form. Guidance (HTML comments) is not text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from noroshi.drill.grading.errors import GradingError
from noroshi.drill.grading.moments import moments
from noroshi.drill.grading.parts import PARTS, SCOPE_LINES, Part
from noroshi.lang import LANGUAGES, gettext

MAX_SIZE = 2_000_000
"""Longest document that is read, in characters."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#{1,4}\s*(?:(\d{1,2})[.．、]?\s*)?(.*)$")
_BETWEEN = re.compile(r"[,，、;；]+")
_TECHNIQUE = re.compile(r"\bT\d{4}(?:\.\d{3})?\b", re.IGNORECASE)
_ANSWER = re.compile(
    r"^[-*]?\s*(Q\d{1,3})\b(?:.*[?？]\s*[:：]?|\s*[:：]|.*?(?:：|:(?=\s|$)|(?<=。):))?(.*)$",
    re.IGNORECASE,
)
"""An answer behind its question, which ends with a question mark or the colon of the form."""
_OTHER_LABELS = {
    "host": "hosts", "端末": "hosts", "サーバ": "hosts",
    "user": "accounts", "アカウント": "accounts", "データ": "data", "情報": "data",
}  # fmt: skip
_NOTHING = frozenset({"", "-", "–", "—", "none", "なし", "無し", "ー", "n/a"})


@dataclass(frozen=True, slots=True)
class Claimed:
    """One line of a reported timeline; ``time`` is 0 where none could be read."""

    time: int
    host: str
    what: str
    technique: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A report, taken apart.

    Attributes:
        sections: text of each part without guidance.
        scope: ``hosts``, ``accounts``, ``data`` -> what the team names.
        timeline: in the order in which the team wrote it.
        answers: question id -> answer.
    """

    sections: Mapping[Part, str] = field(default_factory=dict)
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timeline: tuple[Claimed, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    time: str = ""
    host: str = ""
    what: str = ""
    technique: str = ""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sections: dict[Part, str] = Field(default_factory=dict)
    scope: dict[str, list[str]] = Field(default_factory=dict)
    timeline: list[_Line] = Field(default_factory=list)
    answers: dict[str, str] = Field(default_factory=dict)


def read_document(text: str, name: str, begin: int, end: int) -> Document:
    """Take a report apart.

    Args:
        text: what was handed in.
        name: its file name; ``.json`` is read as JSON.
        begin: first moment that the exercise covers, µs since 1970 UTC, for times without a date.
        end: last moment.

    Raises:
        GradingError: too long, or JSON of another shape.
    """
    if len(text) > MAX_SIZE:
        raise GradingError(f"{name}: longer than {MAX_SIZE:,} characters; hand in text only")
    if name.lower().endswith(".json"):
        return _from_json(text, name, begin, end)
    sections = _sections(_COMMENT.sub("", text))
    return Document(
        sections,
        _scope(sections.get(Part.SCOPE, "")),
        tuple(_timeline(sections.get(Part.TIMELINE, "").splitlines(), begin, end)),
        _answers(sections.get(Part.ANSWERS, "")),
    )


def _from_json(text: str, name: str, begin: int, end: int) -> Document:
    try:
        form = _Form.model_validate(json.loads(text))
    except (ValueError, RecursionError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise GradingError(
            f"{name}: not a report as JSON ({reason}); see: noroshi drill template --json"
        ) from error
    scope = {key: tuple(_names(",".join(form.scope.get(key, ())))) for key in SCOPE_LINES}
    lines = tuple(
        Claimed(
            next(moments(line.time, begin, end), 0), line.host.strip(), line.what.strip(),
            line.technique.strip().upper(),
        )
        for line in form.timeline
    )  # fmt: skip
    sections = dict(form.sections)
    if form.timeline:
        sections.setdefault(Part.TIMELINE, "\n".join(line.what for line in form.timeline))
    if any(scope.values()):
        named = "\n".join(f"{key}: {', '.join(names)}" for key, names in scope.items() if names)
        sections.setdefault(Part.SCOPE, named)
    return Document(sections, scope, lines, form.answers)


def _sections(text: str) -> dict[Part, str]:
    parts = list(PARTS)
    known = {
        gettext(about.heading, language).casefold(): part
        for part, about in PARTS.items()
        for language in LANGUAGES
    }
    found: dict[Part, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if not heading:
            current.append(line)
            continue
        number = int(heading[1] or 0)
        part = known.get(heading[2].strip().casefold())
        if part is None and 0 < number <= len(parts):
            part = parts[number - 1]
        current = found.setdefault(part, []) if part else current
    return {part: "\n".join(lines).strip() for part, lines in found.items()}


def _scope(text: str) -> dict[str, tuple[str, ...]]:
    labels = _OTHER_LABELS | {
        gettext(label, language).casefold(): key
        for key, label in SCOPE_LINES.items()
        for language in LANGUAGES
    }
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        label, colon, names = line.lstrip("-* \t").replace("：", ":").partition(":")
        words = label.strip().casefold()
        key = next((key for known, key in labels.items() if known in words), None)
        if colon and key:
            found[key] = (*found.get(key, ()), *_names(names))
    return found


def _names(text: str) -> list[str]:
    names = (name.strip().strip("`*") for name in _BETWEEN.split(text))
    return list(dict.fromkeys(name for name in names if name.casefold() not in _NOTHING))


def _timeline(lines: Sequence[str], begin: int, end: int) -> list[Claimed]:
    found = []
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if set(line) <= set("|-: \t") or len(cells) < 2:
            continue
        time = next(moments(cells[0], begin, end), 0)
        if not time:
            continue
        technique = _TECHNIQUE.search(line)
        what = cells[2] if len(cells) > 2 else cells[1]
        host = cells[1] if len(cells) > 2 else ""
        found.append(Claimed(time, host, what, technique.group().upper() if technique else ""))
    return found


def _answers(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        answer = _ANSWER.match(line.strip())
        if answer:
            found[answer[1].upper()] = answer[2].strip(" 　:：")
    return found
