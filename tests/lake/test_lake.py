"""Tables at rest: appends with positions, reading back, upkeep, retention."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake.exceptions import CommitFailedError

from noroshi.lake import TABLES, Lake, LakeError
from noroshi.model import EVENT_CLASSES

SCHEMA = EVENT_CLASSES["generic"].schema


def rows(source: str, *numbers: int, day: str = "2026-03-01") -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "event_id": f"{source}:{number}",
                "source_id": source,
                "time": 1772323200000000 + number,
                "day": day,
                "log_product": "p",
                "log_services": ["s"],
                "log_categories": [],
                "native": [("n", str(number))],
            }
            for number in numbers
        ],
        schema=SCHEMA,
    )


def test_what_was_added_comes_back_with_its_position(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert lake.position("generic", "a") == -1
    lake.append("generic", rows("a", 0, 1), {"a": 1})
    lake.append("generic", rows("b", 5), {"b": 5})
    assert (lake.position("generic", "a"), Lake(tmp_path).position("generic", "b")) == (1, 5)
    ids = sorted(lake.table("generic", ["event_id"])["event_id"].to_pylist())
    assert ids == ["a:0", "a:1", "b:5"]
    natives = [batch.native.to_pylist() for batch in lake.batches("generic")]
    assert sorted(row["n"] for native in natives for row in native) == ["0", "1", "5"]


def test_only_the_files_of_the_days_asked_for_are_read(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        lake.append("generic", rows("a", 1, day=day))
    second = 1772323200000000 + 86_400_000_000
    assert len(lake.files("generic")) == 3
    (only,) = lake.files("generic", second, second + 5)
    assert "day=2026-03-02" in only


def test_an_unknown_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="no table 'nothing'; there are file_activity"):
        Lake(tmp_path).append("nothing", rows("a", 1))


def test_every_table_can_hold_rows_and_is_empty_before(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for name, schema in TABLES.items():
        assert lake.table(name).num_rows == 0
        lake.append(name, pa.Table.from_pylist([{"day": "2026-03-01"}], schema=schema))
        assert lake.table(name).num_rows == 1
    assert lake.names() == list(TABLES)


def test_an_older_table_takes_new_columns(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.append("generic", rows("a", 1).drop_columns(["message", "device_hostname"]))
    lake.append("generic", rows("a", 2))
    table = lake.table("generic")
    assert table.num_rows == 2
    assert table["device_hostname"].null_count == 2


def test_compaction_and_expiry_keep_what_must_stay(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    for number in range(5):
        lake.append("generic", rows("a", number), {"a": number})
        lake.append("generic", rows("b", number, day="2026-03-09"), {"b": number})
    assert lake.compact("generic") == 10
    assert len(lake.files("generic")) == 2
    assert lake.expire("generic", "2026-03-05", dry_run=True) == 5
    assert lake.table("generic").num_rows == 10
    assert lake.expire("generic", "2026-03-05") == 5
    assert lake.vacuum("generic", 0) > 0
    assert lake.table("generic")["day"].to_pylist() == ["2026-03-09"] * 5
    assert lake.position("generic", "a") == 4, "an expired source must not be read again"
    assert lake.compact("dns_activity") == lake.expire("dns_activity", "2026-01-01") == 0


def test_replacing_touches_only_its_days(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.replace("generic", rows("a", 1).slice(0, 0), "0000", "9999")
    assert lake.names() == []
    lake.replace("generic", rows("a", 1), "0000", "9999")
    lake.append("generic", rows("a", 2, day="2026-03-02"))
    lake.replace("generic", rows("a", 3, day="2026-03-02"), "2026-03-02", "2026-03-05")
    assert sorted(lake.table("generic")["event_id"].to_pylist()) == ["a:1", "a:3"]


def test_statistics_count_rows_files_and_days(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.append("generic", rows("a", 1, 2))
    lake.append("generic", rows("a", 3, day="2026-03-04"))
    (found,) = lake.statistics()
    assert (found.name, found.rows, found.files) == ("generic", 3, 2)
    assert (found.first_day, found.last_day) == ("2026-03-01", "2026-03-04")


def _append_many(folder: Path, source: str) -> None:
    lake = Lake(folder)
    for number in range(12):
        lake.append("generic", rows(source, number), {source: number})


def test_three_writers_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_many, args=(tmp_path, name)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    found = Lake(tmp_path).table("generic")["event_id"].to_pylist()
    assert len(found) == len(set(found)) == 36


@pytest.mark.parametrize("name", ["a b", "it's", "役場", "h#a?"])
def test_a_home_may_have_an_odd_name(tmp_path: Path, name: str) -> None:
    lake = Lake(tmp_path / name)
    lake.append("generic", rows("a", 1), {"a": 1})
    assert lake.table("generic").num_rows == 1


@pytest.mark.parametrize("name", ["case[1]", "100%"])
def test_a_name_that_the_storage_cannot_take_is_refused_clearly(tmp_path: Path, name: str) -> None:
    with pytest.raises(LakeError, match="use --home"):
        Lake(tmp_path / name)


@pytest.mark.parametrize("theirs", ["b", "a"])
def test_who_makes_a_table_second_goes_on_unless_the_source_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theirs: str
) -> None:
    lake, write = Lake(tmp_path), Lake._write
    tries: list[str] = []

    def second(self: Lake, name: str, given: pa.Table, positions: dict[str, int]) -> None:
        tries.append(name)
        if len(tries) > 1:
            return write(self, name, given, positions)
        write(Lake(tmp_path), name, rows(theirs, 1), {theirs: 1})
        raise CommitFailedError("Failed to commit transaction: Metadata changed since last commit.")

    monkeypatch.setattr(Lake, "_write", second)
    if theirs == "a":
        with pytest.raises(LakeError, match="Metadata changed"):
            lake.append("generic", rows("a", 1), {"a": 1})
    else:
        lake.append("generic", rows("a", 1), {"a": 1})
    wanted = sorted({f"{theirs}:1", "a:1"})
    assert sorted(lake.table("generic")["event_id"].to_pylist()) == wanted
