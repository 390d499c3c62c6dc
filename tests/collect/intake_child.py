"""Run an intake in a process of its own and, if asked, die at a chosen commit.

Arguments: home, evidence folder, flush rows, number of the commit at which to die (-1: never),
and whether to die ``before`` or ``after`` it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
from tests.collect.toy import TOY, every_tenth

from noroshi.collect import intake
from noroshi.lake import Lake


class DyingLake(Lake):
    def __init__(self, folder: Path, at: int, when: str) -> None:
        super().__init__(folder)
        self._left, self._when = at, when

    def append(self, name: str, rows: pa.Table, positions: Mapping[str, int] | None = None) -> None:
        die, self._left = self._left == 0, self._left - 1
        if die and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        super().append(name, rows, positions)
        if die:
            os.kill(os.getpid(), signal.SIGKILL)


def main(home: str, evidence: str, rows: str, at: str, when: str) -> None:
    intake.FLUSH_ROWS = int(rows)
    lake = DyingLake(Path(home, "lake"), int(at), when)
    state = Path(home, "intake")
    intake.ingest([Path(evidence)], lake, state, [every_tenth], chooser=lambda _: TOY)


if __name__ == "__main__":
    main(*sys.argv[1:])
