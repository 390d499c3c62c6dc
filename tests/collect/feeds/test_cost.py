"""What a pull asks of the store grows with its batches, not with its items."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import event
from tests.collect.feeds.conftest import Desk

ROWS = 2000


def test_vulnerabilities_of_a_batch_are_looked_up_together(desk: Desk, tmp_path: Path) -> None:
    rows = "\n".join(f"CVE-2026-{at + 10_000},0.9" for at in range(ROWS))
    (tmp_path / "epss.csv").write_text(f"cve,epss\n{rows}\n")
    desk.add("epss", "epss", tmp_path / "epss.csv")
    asked: list[str] = []
    event.listen(
        desk.workspace.knowledge.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: asked.append(statement),
    )
    assert desk.pull("epss").new == ROWS
    assert len(asked) < ROWS / 10, Counter(asked).most_common(5)
