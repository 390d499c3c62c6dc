"""The form of a report: headings, guidance that is not counted as text, and the questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from noroshi.drill.grading.parts import PARTS, SCOPE_LINES, TIMELINE_HEADS, Part
from noroshi.drill.grading.questions import Question
from noroshi.lang import N_, Language, gettext, render


def template(questions: Sequence[Question], language: Language) -> str:
    """Return the form as Markdown."""
    return "\n".join(_lines(questions, language)) + "\n"


def _lines(questions: Sequence[Question], language: Language) -> Iterator[str]:
    yield f"# {gettext(N_('Incident report (exercise)'), language)}"
    for number, (part, about) in enumerate(PARTS.items(), 1):
        if part is Part.ANSWERS and not questions:
            continue
        yield from ("", f"## {number}. {gettext(about.heading, language)}")
        yield f"<!-- {gettext(about.guidance, language)} -->"
        if part is Part.SCOPE:
            yield from (f"- {gettext(label, language)}: " for label in SCOPE_LINES.values())
        elif part is Part.TIMELINE:
            heads = [gettext(head, language) for head in TIMELINE_HEADS]
            yield f"| {' | '.join(heads)} |"
            yield "|" + " --- |" * len(heads)
        elif part is Part.ANSWERS:
            for question in questions:
                yield f"- {question.id} {render(question.text, language)}: "
