"""Progress of long work on standard error: events a second, bytes, time left."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from noroshi.app.cli.output import Output
from noroshi.collect.intake import Progress as Intake


class IntakeView:
    """Shows an intake. Off a terminal it writes one line every :attr:`quiet_seconds`."""

    quiet_seconds = 30.0

    def __init__(self, out: Output, bar: Progress | None, total: int) -> None:
        self._out, self._bar = out, bar
        self._start = self._said = time.monotonic()
        self._task = bar.add_task("", total=total or None, detail="") if bar else None

    def step(self, template: str) -> None:
        """Name the step that begins."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, description=self._out.word(template))

    def update(self, intake: Intake) -> None:
        """Show how far the intake is."""
        now = time.monotonic()
        rate = intake.events / max(now - self._start, 0.001)
        text = self._out.text(
            "{events} events, {rate} a second, {size}, {path}",
            events=f"{intake.events:,}",
            rate=f"{rate:,.0f}",
            size=size_text(intake.size),
            path=intake.path[-60:],
        )
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=intake.disk, detail=text)
        elif now - self._said >= self.quiet_seconds and not self._out.as_json:
            self._said = now
            self._out.errors.print(text, highlight=False, soft_wrap=True)


@contextmanager
def intake_view(out: Output, paths: Sequence[Path]) -> Iterator[IntakeView]:
    """Show progress while the block runs."""
    if not out.errors.is_terminal or out.as_json:
        yield IntakeView(out, None, 0)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(20),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[detail]}"),
    )
    with Progress(*columns, console=out.errors, transient=True) as bar:
        view = IntakeView(out, bar, disk_size(paths))
        yield view


def disk_size(paths: Sequence[Path]) -> int:
    """Bytes on disk under the paths, links not followed."""
    total = 0
    for path in paths:
        files = (Path(root, name) for root, _, names in os.walk(path) for name in names)
        for file in files if path.is_dir() else (path,):
            with suppress(OSError):
                total += file.lstat().st_size
    return total


def size_text(size: float) -> str:
    """Bytes for people, in powers of 1,000."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
