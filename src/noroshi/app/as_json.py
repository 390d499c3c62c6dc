"""The JSON objects that commands print. Times are µs since 1970 UTC everywhere."""

from __future__ import annotations

from typing import Any

from noroshi import __version__
from noroshi.app.main_job import Result
from noroshi.case import printable
from noroshi.collect.intake import Progress
from noroshi.lang import Language, Message, gettext, render
from noroshi.model import Case, Finding


def result_json(result: Result, language: Language) -> dict[str, Any]:
    """Return the object of ``noroshi run``."""
    return {
        "version": __version__,
        **intake_json(result.intake),
        "seconds": round(result.seconds, 3),
        "rules": {
            "loaded": len(result.rules.rules) + len(result.rules.correlations),
            "rejected": len(result.rules.problems),
        },
        "suppressed": [
            {"value": item.value, "warning_list": item.warning_list, "count": item.count}
            for item in result.detection.suppressed
        ],
        "silent": [
            {"analytic": item.analytic, "reason": text(item.reason, language)}
            for item in result.detection.silent
        ],
        "findings": [finding_json(item, language) for item in result.detection.findings],
        "cases": [case_json(case, language) for case in result.cases],
        "report": {
            "html": str(result.report.html),
            "markdown": str(result.report.markdown),
            "json": str(result.report.json),
        },
    }


def intake_json(intake: Progress) -> dict[str, Any]:
    """Return what was read and what was not."""
    return {
        "events": intake.events,
        "bytes": intake.size,
        "sources": intake.sources,
        "known_sources": intake.known,
        "matches": intake.matches,
        "quarantined": intake.quarantined,
        "zoneless_sources": intake.zoneless,
        "skipped": [{"path": item.path, "reason": item.reason} for item in intake.skipped],
    }


def finding_json(finding: Finding, language: Language) -> dict[str, Any]:
    """Return a finding."""
    return {
        "id": finding.id,
        "analytic": finding.analytic,
        "rule_id": finding.rule_id,
        "title": finding.title,
        "severity": finding.severity.name.lower(),
        "score": round(finding.score, 3),
        "technique": list(finding.techniques),
        "tactic": list(finding.tactics),
        "subject": finding.subject,
        "count": finding.count,
        "hosts": list(finding.hosts),
        "first": finding.first,
        "last": finding.last,
        "explanation": text(finding.explanation, language),
        "events": [item.event_id for item in finding.evidence],
        "author": finding.author,
        "licence": finding.licence,
    }


def case_json(case: Case, language: Language) -> dict[str, Any]:
    """Return a case."""
    return {
        "id": case.id,
        "title": text(case.title, language),
        "status": case.status.value,
        "score": round(case.score, 1),
        "reasons": [
            {"points": round(reason.points, 1), "reason": text(reason.message, language)}
            for reason in case.reasons
        ],
        "findings": list(case.finding_ids),
        "hosts": list(case.hosts),
        "users": list(case.users),
        "tactics": list(case.tactics),
        "techniques": list(case.techniques),
        "first": case.first,
        "last": case.last,
        "merged_into": case.merged_into,
        "note": case.note,
    }


def text(message: Message, language: Language) -> str:
    """Render a message; control characters of evidence are made visible here too.

    A parameter that is itself a known title (a rule's, an analytic's) is translated.
    """
    return render(message, language, lambda value: printable(gettext(value, language)))
