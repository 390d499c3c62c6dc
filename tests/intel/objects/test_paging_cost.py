"""What a page costs does not grow with what was added before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.intel.objects.conftest import SOURCE, made

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Clearance, Entry, ObjectStore

ALL = Clearance.everything()
MANY = 3_000


@contextmanager
def steps_of(knowledge: Knowledge) -> Iterator[list[int]]:
    """Yield a list that grows by one for every hundred steps of SQLite's machine."""
    steps: list[int] = []

    def told(connection: sa.Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(lambda: steps.append(1), 100)

    sa.event.listen(knowledge.engine, "begin", told)
    yield steps
    sa.event.remove(knowledge.engine, "begin", told)


@pytest.mark.parametrize("collection", ["", "shared"])
def test_the_last_page_by_dates_costs_what_the_first_does(tmp_path: Path, collection: str) -> None:
    with Knowledge(tmp_path / "knowledge.sqlite") as knowledge:
        store = ObjectStore(knowledge)
        for start in range(0, MANY, 500):
            some = [made("tool", str(number)) for number in range(start, start + 500)]
            store.add(some, SOURCE, collection)
        entries = store.page(ALL, collection=collection, limit=MANY).entries
        assert len(entries) == MANY
        late, early = entries[-501].date_added, entries[0].date_added - 1
        spent: dict[int, int] = {}
        with steps_of(knowledge) as steps:
            for date in (early, late):
                steps.clear()
                page = store.page(ALL, collection=collection, added_after=date, limit=10)
                spent[date] = len(steps)
                assert page.entries == _later(entries, date)[:10]
        assert spent[late] <= spent[early] + 5


def test_a_date_between_numbers_that_were_removed(store: ObjectStore) -> None:
    for number in range(6):
        store.add([made("tool", str(number))], SOURCE, "shared")
    entries = store.page(ALL, collection="shared", limit=9).entries
    for gone in (entries[0], entries[2], entries[5]):
        store.remove(gone.id)
    left = store.page(ALL, collection="shared", limit=9).entries
    assert len(left) == 3
    for entry in entries:
        for date in (entry.date_added - 1, entry.date_added):
            page = store.page(ALL, collection="shared", added_after=date, limit=9)
            assert page.entries == _later(left, date)
    assert store.page(ALL, collection="elsewhere", added_after=0, limit=9).entries == ()


def _later(entries: tuple[Entry, ...], date: int) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.date_added > date)
