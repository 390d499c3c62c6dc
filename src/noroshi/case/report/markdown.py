"""The report as Markdown, for tickets and chats, with everything from evidence neutralised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from noroshi.case.report.view import CaseView, Detail, View
from noroshi.case.report.words import Words

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#|~&@!$])")
_LINES = 30
_FINDINGS = 30


def escape(text: str) -> str:
    """Return text that Markdown renders as it stands: no link, image, table, code or HTML.

    Source: CommonMark 0.31 "Backslash escapes"; GitHub Flavored Markdown "Autolinks (extension)".
    """
    text = _MARKUP.sub(r"\\\1", text)
    return text.replace("://", ":\\//").replace("www.", "www\\.").replace("WWW.", "WWW\\.")


def to_markdown(view: View, words: Words) -> str:
    """Return the report as Markdown."""
    return "\n".join(_page(view, words)) + "\n"


def _page(view: View, words: Words) -> Iterator[str]:
    t = words.word
    yield f"# {t('Security report')} – {escape(view.home)}"
    yield ""
    yield t("Written {when}", when=view.generated)
    if view.covered:
        yield ""
        yield t("Logs from {span}", span=view.covered)
    if view.top:
        yield from ("", f"## {t('What happened')}")
        for case in view.top:
            yield from _told(case, words)
        yield from ("", f"## {t('What to do in the next hour')}")
        for case in view.top:
            if case.tasks:
                yield from ("", f"**{escape(case.title)}**", "")
            yield from (f"{n}. {escape(task)}" for n, task in enumerate(case.tasks, 1))
    yield from ("", f"## {t('What is not known')}", "")
    yield from (f"- {escape(sentence)}" for sentence in view.unknown)
    yield from _table_of_cases(view, words)
    for detail in view.details:
        yield from _detail(detail, words)
    yield from _intake(view, words)


def _told(case: CaseView, words: Words) -> Iterator[str]:
    t = words.word
    yield from ("", f"### {escape(case.title)} ({case.level})", "")
    yield " ".join(escape(sentence) for sentence in case.story)
    yield ""
    yield f"- {t('How sure')}: {escape(case.sure)}"
    if case.hosts:
        yield f"- {t('Machines')}: {escape(case.hosts)}"
    if case.users:
        yield f"- {t('Accounts')}: {escape(case.users)}"


def _table_of_cases(view: View, words: Words) -> Iterator[str]:
    t = words.word
    heads = ("Score", "Case", "When", "Machines", "Findings", "Status")
    yield from ("", f"## {t('All cases')}", "")
    yield "| " + " | ".join(t(head) for head in heads) + " |"
    yield "|" + " --- |" * len(heads)
    for case in view.cases:
        cells = (case.score, case.title, case.when, case.hosts, str(case.findings), case.status)
        yield "| " + " | ".join(map(escape, cells)) + " |"
    if view.more_cases:
        yield ""
        yield t(
            "{n} more cases of lower rank are in the JSON file beside this one.", n=view.more_cases
        )


def _detail(detail: Detail, words: Words) -> Iterator[str]:
    t, case = words.word, detail.case
    yield from ("", f"## {escape(case.title)}", "")
    yield f"{t('Case')} {escape(case.id)} · {escape(case.status)} · {escape(case.when)}"
    yield from ("", f"### {t('Why it ranks here')}", "")
    yield from (f"- {points}: {escape(text)}" for points, text in detail.reasons)
    yield f"- {t('Score')}: {case.score}"
    yield from ("", f"### {t('Timeline')}", "")
    for line in detail.lines[:_LINES]:
        times = t("{n} times, until {time}", n=line.count, time=line.until or line.time)
        folded = f" ({times})" if line.count > 1 else ""
        yield f"- {line.time} {escape(line.host)}: {escape(line.what)}{folded}"
    left_out = detail.more_lines + max(0, len(detail.lines) - _LINES)
    if left_out:
        yield ""
        yield t("{n} more lines were left out; all evidence is in the JSON file.", n=left_out)
    yield from ("", f"### {t('Findings')} ({case.findings})", "")
    for finding in detail.findings[:_FINDINGS]:
        yield f"- **{escape(finding.title)}** ({finding.severity}, {escape(finding.hosts)})"
        yield f"  {escape(finding.explanation)}"
        yield f"  {t('What would disprove it')}: {escape(finding.disproof)}"
        credit = " · ".join(filter(None, (finding.rule, finding.author, finding.licence)))
        yield f"  {t('Rule')}: {escape(credit)}"
    more = detail.more_findings + max(0, len(detail.findings) - _FINDINGS)
    if more > 0:
        yield ""
        yield t("{n} more findings were left out; all of them are in the JSON file.", n=more)


def _intake(view: View, words: Words) -> Iterator[str]:
    t = words.word
    yield from ("", f"## {t('What was read')}", "")
    yield from (f"- {escape(name)}: {escape(value)}" for name, value in view.intake)
    if view.skipped:
        yield from ("", f"### {t('What could not be read')}", "")
        yield from (f"- {escape(path)}: {escape(reason)}" for path, reason in view.skipped)
    if view.more_skipped:
        yield ""
        yield t("{n} more are in the JSON file.", n=view.more_skipped)
