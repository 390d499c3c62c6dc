"""A process that is killed during a pull, wherever: at the next pull nothing is lost or doubled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.collect.feeds.conftest import Web, says, serving
from tests.collect.feeds.pull_child import pull_all
from tests.collect.feeds.test_pull import RSS

from noroshi.app.workspace import Workspace
from noroshi.collect.feeds import Feed, FeedStore
from noroshi.intel.objects import Clearance, Match
from noroshi.intel.watch import Entry, as_entry

ROOT = Path(__file__).resolve().parents[3]
COUNT = 45
STEPS = [
    ("FeedStore.begin", "after", 0),
    ("FeedStore.keep", "before", 0),
    ("FeedStore.keep", "after", 2),
    ("FeedStore.keep", "after", 7),
    ("ObjectStore.add", "before", 1),
    ("ObjectStore.add", "after", 3),
    ("ObjectStore.add", "after", 8),
    ("Keeper.arm", "before", 0),
    ("Keeper.arm", "after", 1),
    ("FeedStore.drop", "after", 0),
    ("FeedStore.end", "before", 1),
    ("FeedStore.end", "after", 1),
]


def one(number: int) -> dict[str, Any]:
    return {
        "type": "indicator", "spec_version": "2.1",
        "id": f"indicator--00000000-0000-4000-8000-{number:012d}",
        "created": "2026-03-01T00:00:00.000Z", "modified": "2026-03-01T00:00:00.000Z",
        "pattern": f"[domain-name:value = 'host{number}.bad.example']", "pattern_type": "stix",
        "valid_from": "2026-03-01T00:00:00Z",
    }  # fmt: skip


def pages(handler: BaseHTTPRequestHandler) -> None:
    """A TAXII collection of ten objects a page."""
    query = parse_qs(urlsplit(handler.path).query)
    after = query.get("added_after", [""])[0]
    start = int(query.get("next", [after[-3:] if after else "0"])[0])
    found = list(range(start, min(start + 10, COUNT)))
    more = start + 10 < COUNT
    page = {"more": more, "objects": [one(number) for number in found]}
    if more:
        page["next"] = str(start + 10)
    stamp = f"2026-03-02T00:00:00.{found[-1] + 1:03d}" if found else ""
    body = json.dumps(page if found else {}).encode()
    (says(body, X_TAXII_Date_Added_Last=stamp) if stamp else says(body))(handler)


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with serving() as there:
        there.said["/list"] = "\n".join(f"198.51.100.{n}" for n in range(COUNT)).encode()
        there.said["/news"] = RSS
        there.said["/collections/one/objects/"] = pages
        yield there


def set_up(home: Path, web: Web) -> None:
    workspace = Workspace(home)
    store = FeedStore(workspace.knowledge)
    store.add(Feed("a-list", "list", web("/list")))
    store.add(Feed("b-taxii", "taxii", web("/collections/one/")))
    store.add(Feed("c-news", "rss", web("/news")))
    workspace.watch.add(
        [Entry(0, *as_entry(text)) for text in ("198.51.100.0/28", "host7.bad.example", "loader")]
    )
    workspace.knowledge.close()


def contents(home: Path) -> dict[str, Any]:
    """Everything that a pull leaves, without times."""
    workspace = Workspace(home)
    every = Clearance.everything()
    versions = workspace.objects.all(every, match=Match(versions=("all",)))
    store = FeedStore(workspace.knowledge)
    found = {
        "versions": Counter((item["id"], item.get("pattern", "")) for item in versions),
        "armed": Counter(
            (row["type"], row["value"], row["source"])
            for segment in workspace.indicators.segments()
            for row in segment.rows.to_pylist()
        ),
        "hits": Counter((hit.watched, hit.value, hit.subject)
                        for hit in workspace.watch.hits(limit=1000)),
        "known": {state.feed.name: state.known for state in store.states()},
        "waiting": store.batches(),
    }  # fmt: skip
    workspace.knowledge.close()
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, web: Web) -> dict[str, Any]:
    """What a pull leaves that nobody kills."""
    home = tmp_path_factory.mktemp("whole")
    set_up(home, web)
    pull_all(home)
    found = contents(home)
    assert sum(count for (name, _), count in found["versions"].items() if "indicator" in name) >= 90
    assert set(found["versions"].values()) == set(found["armed"].values()) == {1}
    assert len(found["hits"]) == 18
    assert found["known"] == {"a-list": COUNT, "b-taxii": COUNT, "c-news": 2}
    return found


@pytest.mark.parametrize(("step", "when", "nth"), STEPS)
def test_nothing_is_lost_and_nothing_doubled(
    step: str, when: str, nth: int, web: Web, whole: dict[str, Any], tmp_path: Path
) -> None:
    set_up(tmp_path, web)
    done = subprocess.run(
        [sys.executable, "-m", "tests.collect.feeds.pull_child", str(tmp_path), step, when,
         str(nth)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": "src"}, check=False, capture_output=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert contents(tmp_path) != whole or step == "FeedStore.end"
    pull_all(tmp_path)
    assert contents(tmp_path) == whole
    pull_all(tmp_path)
    assert contents(tmp_path) == whole
