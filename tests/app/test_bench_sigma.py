"""The Sigma benchmark on a few rules of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.app.bench.sigma import run
from noroshi.app.errors import AppError
from noroshi.app.made_up.windows import windows_batches

RULE = """\
title: Odd tool
logsource: {product: windows, category: process_creation}
detection: {one: {Image|endswith: '\\\\cmd.exe'}, condition: one}
"""


def test_it_reports_what_it_measured(tmp_path: Path) -> None:
    (tmp_path / "windows-rule.yml").write_text(RULE, "utf-8")
    result = run(tmp_path, events=2_000)
    assert result["rules"] == 1
    assert result["matches"] > 0
    assert result["events_per_cpu_second"] > 0


def test_it_says_so_when_there_are_no_rules(tmp_path: Path) -> None:
    with pytest.raises(AppError, match="--data"):
        run(tmp_path, events=100)


def test_the_same_seed_gives_the_same_events_and_hardly_a_command_line_twice() -> None:
    one, other = ([batch.native for batch in windows_batches(1_000, 500)] for _ in range(2))
    assert one == other
    lines = one[0].column("CommandLine")
    assert len(lines.unique()) > 0.99 * len(lines)
