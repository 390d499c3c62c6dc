"""The main job: evidence in, cases and a report out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from noroshi import __version__
from noroshi.app.detection import EVERYTHING, Detection, detect, taps, update_cases
from noroshi.app.rules import rules_in_force
from noroshi.app.workspace import Workspace
from noroshi.case import Intake, ReportData, ReportFiles, write_report
from noroshi.collect.intake import Progress, ingest
from noroshi.detect.registry import Window
from noroshi.detect.sigma import RuleSet
from noroshi.lang import N_, Language
from noroshi.model import EVENT_CLASSES, Case


@dataclass(frozen=True, slots=True)
class Request:
    """What to do.

    Attributes:
        paths: evidence.
        rules: folders of rules beside the built-in ones and the packs.
        indicators: files of indicators to import first.
        window: only findings of this span of event time.
        language: of the report.
        engine: for the set-shaped analytics.
        report: folder for the report; None for the home's own.
        name: what the report is about; by default the names of the paths.
        zone: time zone of times in the evidence that name none.
    """

    paths: Sequence[Path]
    rules: Sequence[Path] = ()
    indicators: Sequence[Path] = ()
    window: Window = EVERYTHING
    language: Language = "en"
    engine: str = "duckdb"
    report: Path | None = None
    name: str = ""
    zone: tzinfo = UTC

    @property
    def about(self) -> str:
        """Return what the report is about."""
        return self.name or ", ".join(path.resolve().name for path in self.paths)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it.

    Attributes:
        intake: what was read.
        rules: rules that were in force.
        detection: what was found within the window.
        cases: cases, worst first.
        report: the report's files.
        seconds: from start to end.
    """

    intake: Progress
    rules: RuleSet
    detection: Detection
    cases: list[Case]
    report: ReportFiles
    seconds: float


def run(
    workspace: Workspace,
    request: Request,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Result:
    """Ingest, detect, correlate and report. Safe to repeat: what is known is not read again."""
    start = time.monotonic()
    on_step(N_("Loading rules"))
    rules = rules_in_force(workspace, request.rules)
    for path in request.indicators:
        workspace.indicators.add_file(path)
    on_step(N_("Reading evidence"))
    intake = ingest(
        request.paths,
        workspace.lake,
        workspace.intake,
        taps(workspace, rules),
        on_progress,
        zone=request.zone,
    )
    on_step(N_("Looking for attacks"))
    detection = detect(workspace, rules, request.window, request.engine)
    cases = update_cases(workspace, request.engine)
    on_step(N_("Writing the report"))
    seconds = time.monotonic() - start
    data = _report_data(
        workspace, request.about, detection, cases, rules, _intake(workspace, intake, seconds)
    )
    report = write_report(request.report or workspace.reports, data, request.language)
    return Result(intake, rules, detection, cases, report, time.monotonic() - start)


def _report_data(
    workspace: Workspace,
    about: str,
    detection: Detection,
    cases: Sequence[Case],
    rules: RuleSet,
    intake: Intake,
) -> ReportData:
    return ReportData(
        cases=tuple(cases),
        findings={finding.id: finding for finding in detection.findings},
        intake=intake,
        rules_loaded=len(rules.rules) + len(rules.correlations),
        generated=time.time_ns() // 1000,
        version=__version__,
        home=about,
        technique_names=workspace.technique_names,
    )


def _intake(workspace: Workspace, progress: Progress, seconds: float) -> Intake:
    """Describe everything that the lake holds, and what this run could not read."""
    sources = workspace.lake.table("sources", ["collector", "events", "size"])
    by_collector: Counter[str] = Counter()
    for collector, events in zip(
        sources["collector"].to_pylist(), sources["events"].to_pylist(), strict=True
    ):
        by_collector[collector] += events
    tables = [table for table in workspace.lake.statistics() if table.name in EVENT_CLASSES]
    return Intake(
        events=sum(table.rows for table in tables),
        bytes=sum(sources["size"].to_pylist()),
        seconds=seconds,
        sources=dict(by_collector.most_common()),
        classes={table.name: table.rows for table in tables},
        skipped=tuple((item.path, item.reason) for item in progress.skipped),
        first=progress.first,
        last=progress.last,
    )
