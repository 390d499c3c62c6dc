"""Pull every feed of a home in a process of its own and, if asked, die at a chosen step.

Arguments: home, step such as ``FeedStore.keep``, ``before`` or ``after`` it, and at which time it
is taken (-1: never). Small batches, so that there are many steps.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from noroshi.app.feeds import puller
from noroshi.app.workspace import Workspace
from noroshi.collect.feeds import FeedStore, Keeper
from noroshi.collect.feeds import pull as pulling
from noroshi.intel.objects import ObjectStore

OWNERS: dict[str, Any] = {"FeedStore": FeedStore, "Keeper": Keeper, "ObjectStore": ObjectStore}
BATCH = 10


def die_at(step: str, when: str, nth: int) -> None:
    owner, _, name = step.partition(".")
    real = getattr(OWNERS[owner], name)
    left = nth

    def dying(*given: Any, **named: Any) -> Any:
        nonlocal left
        dies, left = left == 0, left - 1
        if dies and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*given, **named)
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(OWNERS[owner], name, dying)


def pull_all(home: Path) -> None:
    workspace = Workspace(home)
    store = FeedStore(workspace.knowledge)
    with mock.patch.object(pulling, "BATCH_ITEMS", BATCH):
        for state in store.states():
            pulled = puller(workspace, store).pull(state.feed.name)
            assert pulled.outcome == "done", pulled
    workspace.knowledge.close()


def main(home: str, step: str, when: str, nth: str) -> None:
    if int(nth) >= 0:
        die_at(step, when, int(nth))
    pull_all(Path(home))


if __name__ == "__main__":
    main(*sys.argv[1:])
