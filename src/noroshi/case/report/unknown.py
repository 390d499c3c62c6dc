"""What a report cannot know: missing logs, files that could not be read, times not covered."""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.case.report.data import ReportData
from noroshi.case.report.words import Words
from noroshi.lang import N_

_KINDS = (
    (("process_activity",), N_("No log of program starts was among them.")),
    (("authentication",), N_("No log of logons was among them.")),
    (
        ("network_activity", "http_activity", "dns_activity", "tls_activity"),
        N_("No network log (firewall, proxy, name server) was among them."),
    ),
    (("email_activity",), N_("No mail log was among them.")),
)


def unknown(data: ReportData, words: Words) -> Iterator[str]:
    """Yield sentences on what the report cannot say, most important first."""
    intake = data.intake
    if intake.first is None or intake.last is None:
        yield words.word("No events were read, so nothing at all can be said.")
    else:
        yield words.word(
            "The logs cover {span}. What happened before or after is not known.",
            span=words.span(intake.first, intake.last),
        )
    if intake.skipped:
        yield words.word(
            "{n} sources could not be read, wholly or in part; they are listed below.",
            n=len(intake.skipped),
        )
    if intake.classes:
        missing = [text for names, text in _KINDS if not any(map(intake.classes.get, names))]
        yield from map(words.word, missing)
    yield words.word(
        "An account's name says whose account was used, not who used it. Whether the person acted "
        "or somebody with the password must be asked."
    )
    yield words.word(
        "Only what a rule, an indicator or a statistic describes can be found. No finding is no "
        "proof that nothing happened."
    )
