"""Detection: matches, indicators and statistics to findings, and findings to cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.app.rules import headers
from noroshi.app.workspace import Workspace
from noroshi.case import correlate, survey_ground
from noroshi.collect.intake import Tap
from noroshi.detect import sigma
from noroshi.detect.analyse import Silence, analyse
from noroshi.detect.indicators import (
    IndicatorMatcher,
    Suppressed,
    indicator_findings,
    suppressed,
)
from noroshi.detect.registry import Window
from noroshi.detect.sigma import RuleSet, SigmaMatcher
from noroshi.detect.watched import Watched
from noroshi.lake import Lake, day_of, finding_rows, findings_of
from noroshi.lake.engine import open_engine
from noroshi.model import EVENT_CLASSES, MATCH_SCHEMA, Case, Finding

EVERYTHING = Window()


@dataclass(frozen=True, slots=True)
class Detection:
    """What a detection found, and what it kept back and why.

    Attributes:
        findings: of the window, earliest first.
        suppressed: indicators silenced by warning lists and by people.
        silent: analytics that did not speak.
    """

    findings: list[Finding]
    suppressed: list[Suppressed]
    silent: list[Silence]


def taps(workspace: Workspace, rules: RuleSet) -> list[Tap]:
    """Return what every batch of events is shown to: rules, known indicators, the watchlist."""
    found: list[Tap] = [
        SigmaMatcher(rules),
        IndicatorMatcher(workspace.indicators, workspace.warning_lists),
    ]
    watched = workspace.watch.finder
    if watched:
        found.append(Watched(watched, workspace.watch.notify))
    return found


def detect(
    workspace: Workspace, rules: RuleSet, window: Window = EVERYTHING, engine: str = "duckdb"
) -> Detection:
    """Make findings out of what the lake holds and store them.

    Findings of rules that are not loaded now stay as they were: a rule folder that was named once
    need not be named again.

    Args:
        workspace: where to look and store.
        rules: rules in force.
        window: span of event time that findings are wanted for.
        engine: what runs the set-shaped analytics.
    """
    lake = workspace.lake
    matches = _matches(lake, window)
    dismissed = workspace.life.dismissed()
    with open_engine(engine) as opened:
        spoken = list(analyse(opened, lake.files, window))
    found = [
        *sigma.findings(matches, rules),
        *indicator_findings(matches, dismissed),
        *(item for item in spoken if isinstance(item, Finding)),
    ]
    found += _of_rules_not_loaded(lake, window, rules, {finding.id for finding in found})
    found.sort(key=lambda finding: (finding.first, finding.id))
    lake.replace("findings", finding_rows(found), *_days(window))
    silent = [item for item in spoken if isinstance(item, Silence)]
    return Detection(found, suppressed(matches, dismissed), silent)


def stored_findings(lake: Lake) -> Iterator[Finding]:
    """Yield every finding in the lake."""
    return findings_of(lake.table("findings"))


def update_cases(workspace: Workspace, engine: str = "duckdb") -> list[Case]:
    """Put all findings into cases, keep people's decisions, and return the cases, worst first."""
    findings = list(stored_findings(workspace.lake))
    with open_engine(engine) as opened:
        ground = survey_ground(opened, workspace.lake.files, findings)
    return workspace.cases.update(correlate(findings, ground))


def rescan(workspace: Workspace, taps: Sequence[Tap], window: Window) -> Iterator[int]:
    """Show stored events to taps again (new rules, new indicators) and add the new matches.

    Yields:
        How many events were looked at, batch by batch.
    """
    lake = workspace.lake
    known = set(_matches(lake, window)["match_id"].to_pylist())
    for name in EVENT_CLASSES:
        for batch in lake.batches(name, window.start if window.start > 1 else None, window.end):
            fresh = pa.concat_tables(
                [MATCH_SCHEMA.empty_table(), *(_unknown(tap(batch), known) for tap in taps)]
            )
            if fresh.num_rows:
                lake.append("matches", fresh)
            yield batch.num_rows


def _of_rules_not_loaded(
    lake: Lake, window: Window, rules: RuleSet, known: set[str]
) -> Iterator[Finding]:
    loaded = {header.id for header in headers(rules)}
    for finding in stored_findings(lake):
        inside = window.start <= finding.first < window.end or window == EVERYTHING
        kept = finding.analytic == "sigma" and finding.rule_id not in loaded
        if kept and inside and finding.id not in known:
            yield finding


def _unknown(matches: pa.Table, known: set[str]) -> pa.Table:
    ids = matches["match_id"].to_pylist()
    fresh = [match_id not in known for match_id in ids]
    known.update(ids)
    return matches.filter(pa.array(fresh, pa.bool_()))


def _matches(lake: Lake, window: Window) -> pa.Table:
    """Matches of the window by time; undated ones belong to the window that has no bounds."""
    matches = lake.table("matches")
    if window != EVERYTHING:
        time = matches["time"]
        inside = pc.and_(pc.greater_equal(time, window.start), pc.less(time, window.end))
        matches = matches.filter(inside)
    return matches.sort_by([("time", "ascending"), ("match_id", "ascending")])


def _days(window: Window) -> tuple[str, str]:
    """First and last day of a window; undated findings belong to the one without bounds."""
    first = "0000" if window.start == EVERYTHING.start else day_of(window.start)
    last = "9999" if window.end == EVERYTHING.end else day_of(window.end - 1)
    return first, last
