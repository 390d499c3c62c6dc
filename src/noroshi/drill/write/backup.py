"""The backup product's job log (an invented product): begin, what it skipped, end.

Lines of ``time [level] job: text`` in UTF-8, local time.
"""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.drill.event import Event
from noroshi.drill.kind.office import BackedUp
from noroshi.drill.write.paper import Page, slashed


def write_backup(events: Iterable[Event]) -> Page:
    """Write the jobs line by line as a table, in the order of time."""
    lines: list[tuple[int, str, str, str, str]] = []
    for event in events:
        if isinstance(event, BackedUp):
            told = [(event.started, "情報", f"ジョブを開始しました。対象: \\\\{event.source.name}")]
            share = (event.time - event.started) // (len(event.warnings) + 2)
            told += [
                (event.started + share * (index + 1), "警告", text)
                for index, text in enumerate(event.warnings)
            ]
            told.append((event.time, *_end(event)))
            lines += [(time, level, event.job, text, event.step) for time, level, text in told]
    page = Page("backup/hozon-jobs.csv")
    page.head(("日時", "ホスト名", "レベル", "ジョブ名", "メッセージ"))
    for time, level, job, text, step in sorted(lines, key=lambda line: line[0]):
        page.row((slashed(time), "BK01", level, job, text), step)
    return page


def _end(event: BackedUp) -> tuple[str, str]:
    if event.failed:
        return "エラー", f"ジョブは失敗しました。{event.failed}"
    level = "警告" if event.warnings else "情報"
    word = f"警告{len(event.warnings)}件で完了" if event.warnings else "正常に完了"
    return level, f"ジョブは{word}しました。{event.files:,}ファイル {event.size:,}バイト"
