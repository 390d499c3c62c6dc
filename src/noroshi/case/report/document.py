"""The report as JSON: everything, for other programs. Times are ISO 8601 in UTC."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from noroshi.case.coverage import coverage
from noroshi.case.report.data import ReportData
from noroshi.lang import Language, Message, gettext, render
from noroshi.model import Case, Finding

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_json(data: ReportData, language: Language) -> Iterator[str]:
    """Yield the document piece by piece; a million findings need not be one string in memory.

    Escapes everything beyond ASCII, so that printing the file to a terminal does nothing either.
    """
    head = {
        "noroshi": data.version,
        "generated": _iso(data.generated),
        "language": language,
        "home": data.home,
        "intake": _intake(data),
        "rules_loaded": data.rules_loaded,
        "coverage": [
            asdict(item) for item in coverage(data.findings.values(), data.technique_names)
        ],
    }
    yield json.dumps(head, indent=1)[:-2]
    yield ',\n "cases": ['
    yield from _items(_case(case, language) for case in data.cases)
    yield '],\n "findings": ['
    yield from _items(_finding(data.findings[key], language) for key in sorted(data.findings))
    yield "]\n}\n"


def _items(items: Iterator[dict[str, Any]]) -> Iterator[str]:
    for number, item in enumerate(items):
        yield ("," if number else "") + "\n  " + json.dumps(item)


def _iso(time: int | None) -> str | int | None:
    """Return a time as text; a number where no calendar has it."""
    if time is None:
        return None
    try:
        return (_EPOCH + timedelta(microseconds=time)).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return time


def _intake(data: ReportData) -> dict[str, Any]:
    intake = data.intake
    return {
        "events": intake.events,
        "bytes": intake.bytes,
        "seconds": intake.seconds,
        "sources": dict(intake.sources),
        "classes": dict(intake.classes),
        "skipped": [{"path": path, "reason": reason} for path, reason in intake.skipped],
        "first": _iso(intake.first),
        "last": _iso(intake.last),
    }


def _case(case: Case, language: Language) -> dict[str, Any]:
    return {
        "id": case.id,
        "title": _say(case.title, language),
        "status": case.status.value,
        "score": case.score,
        "reasons": [
            {"points": reason.points, "text": _say(reason.message, language)}
            for reason in case.reasons
        ],
        "findings": list(case.finding_ids),
        "hosts": list(case.hosts),
        "users": list(case.users),
        "tactics": list(case.tactics),
        "techniques": list(case.techniques),
        "first": _iso(case.first),
        "last": _iso(case.last),
        "merged_into": case.merged_into,
        "note": case.note,
    }


def _finding(finding: Finding, language: Language) -> dict[str, Any]:
    return {
        "id": finding.id,
        "analytic": finding.analytic,
        "rule_id": finding.rule_id,
        "title": gettext(finding.title, language),
        "severity": finding.severity.name.lower(),
        "score": finding.score,
        "subject": finding.subject,
        "first": _iso(finding.first),
        "last": _iso(finding.last),
        "count": finding.count,
        "explanation": _say(finding.explanation, language),
        "disproof": _say(finding.disproof, language),
        "next_steps": [_say(step, language) for step in finding.next_steps],
        "techniques": list(finding.techniques),
        "tactics": list(finding.tactics),
        "hosts": list(finding.hosts),
        "entities": [{"type": e.type.value, "value": e.value} for e in finding.entities],
        "evidence": [
            {
                "event_id": item.event_id,
                "class_name": item.class_name,
                "time": _iso(item.time),
                "host": item.host,
                "fields": dict(item.fields),
            }
            for item in finding.evidence
        ],
        "author": finding.author,
        "licence": finding.licence,
        "references": list(finding.references),
    }


def _say(message: Message, language: Language) -> str:
    return render(message, language, lambda text: gettext(text, language))
