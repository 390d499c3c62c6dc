"""One contract for every engine: the same rows in, the same answers out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from noroshi.lake import EngineError, Lake
from noroshi.lake.engine import Engine, open_engine
from noroshi.model import MATCH_SCHEMA

NATIVE = pa.map_(pa.string(), pa.string())
SCHEMA = pa.schema(
    [
        ("event_id", pa.string()),
        ("time", pa.int64()),
        ("path", pa.string()),
        ("number", pa.int64()),
        ("flag", pa.bool_()),
        ("answers", pa.list_(pa.string())),
        ("native", NATIVE),
        ("day", pa.string()),
    ]
)
HOUR = 3_600_000_000
LEAST, MOST = -(2**63), 2**63 - 1


def row(event_id: str, day: str, **values: Any) -> dict[str, Any]:
    return dict.fromkeys(SCHEMA.names) | {"event_id": event_id, "day": day} | values


ROWS = [
    row("a", "2026-04-01", time=0, path=r"C:\Windows\System32\CMD.exe", number=MOST, flag=True),
    row("b", "2026-04-01", time=HOUR - 1, path="/usr/bin/bash", number=LEAST, flag=False),
    row("c", "2026-04-01", time=HOUR, path="", number=0, native=[("CommandLine", "whoami /all")]),
    row("d", "2026-04-02", time=HOUR, path="役場/報告.docx", answers=["192.0.2.1", None]),
    row("e", "2026-04-02", time=MOST, answers=[], native=[]),
    row("f", "2026-04-02", time=5 * HOUR, path=r"c:\app\setup-12.34.exe", answers=["b", "a"]),
]


def write(
    folder: Path, rows: list[dict[str, Any]], without: tuple[str, ...] = (), part: int = 0
) -> list[str]:
    """Write rows as Delta lays them out: the day in the path, not in the file."""
    files = []
    for day in sorted({item["day"] for item in rows}):
        table = pa.Table.from_pylist([item for item in rows if item["day"] == day], SCHEMA)
        path = folder / f"day={day}" / f"part-{part}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table.drop_columns(["day", *without]), path)
        files.append(str(path))
    return files


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    # A folder name full of glob signs must not matter.
    return write(tmp_path_factory.mktemp("lake") / "a [b] {c} *?" / "events", ROWS)


def answer(engine: Engine, expression: ir.Table, *order: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.run(expression).to_pylist()
    return sorted(rows, key=lambda item: tuple(item[key] for key in order or ("event_id",)))


def test_rows_come_back_as_written(engine: Engine, files: list[str]) -> None:
    table = engine.table(files, SCHEMA)
    assert engine.run(table).schema.types == SCHEMA.types
    assert answer(engine, table) == ROWS


def test_no_files_is_an_empty_table_with_the_schema(engine: Engine) -> None:
    result = engine.run(engine.table([], SCHEMA))
    assert result.num_rows == 0
    assert result.schema.names == SCHEMA.names
    assert result.schema.types == SCHEMA.types


def test_older_files_lack_columns(engine: Engine, tmp_path: Path) -> None:
    old = write(tmp_path / "events", ROWS[:2], without=("flag", "native", "answers"))
    new = write(tmp_path / "events", ROWS[3:], part=1)
    found = answer(engine, engine.table([*old, *new], SCHEMA))
    assert [item["flag"] for item in found] == [None] * 5
    assert [item["answers"] for item in found[:2]] == [None, None]
    assert found[2:] == ROWS[3:]


def test_files_without_day_folders(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "plain.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS, SCHEMA), path)
    assert answer(engine, engine.table([str(path)], SCHEMA)) == ROWS


def test_mixed_file_lists_are_refused(engine: Engine, files: list[str], tmp_path: Path) -> None:
    path = tmp_path / "plain.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS, SCHEMA), path)
    with pytest.raises(EngineError, match=r"plain\.parquet"):
        engine.table([*files, str(path)], SCHEMA)


def test_expressions(engine: Engine, files: list[str]) -> None:
    t = engine.table(files, SCHEMA)
    path = t.path.lower()
    found = answer(
        engine,
        t.select(
            "event_id",
            base_name=path.replace("\\", "/").re_extract(r"([^/]*)$", 1),
            digits=path.re_replace("[0-9]+", "#"),
            window=t.time // HOUR,
            native=t.native["CommandLine"],
            coalesced=ibis.coalesce(t.path.nullif(""), "none"),
            length=t.answers.length(),
            program=path.endswith(".exe"),
        ),
    )
    columns = {name: [item[name] for item in found] for name in found[0]}
    assert columns == {
        "event_id": ["a", "b", "c", "d", "e", "f"],
        "base_name": ["cmd.exe", "bash", "", "報告.docx", None, "setup-12.34.exe"],
        "digits": [
            r"c:\windows\system#\cmd.exe",
            "/usr/bin/bash",
            "",
            "役場/報告.docx",
            None,
            r"c:\app\setup-#.#.exe",
        ],
        "window": [0, 0, 1, 1, MOST // HOUR, 5],
        "native": [None, None, "whoami /all", None, None, None],
        "coalesced": [
            r"C:\Windows\System32\CMD.exe",
            "/usr/bin/bash",
            "none",
            "役場/報告.docx",
            "none",
            r"c:\app\setup-12.34.exe",
        ],
        "length": [None, None, None, 2, 0, 2],
        "program": [True, False, False, False, None, True],
    }


def test_grouping_by_integer_windows(engine: Engine, files: list[str]) -> None:
    t = engine.table(files, SCHEMA)
    t = t.filter(t.time < MOST).mutate(hour=t.time // HOUR)
    counts = t.group_by("hour").aggregate(
        events=t.count(), paths=t.path.nunique(), first=t.time.min(), days=t.day.max()
    )
    assert answer(engine, counts, "hour") == [
        {"hour": 0, "events": 2, "paths": 2, "first": 0, "days": "2026-04-01"},
        {"hour": 1, "events": 2, "paths": 2, "first": HOUR, "days": "2026-04-02"},
        {"hour": 5, "events": 1, "paths": 1, "first": 5 * HOUR, "days": "2026-04-02"},
    ]


def test_sessions_by_window_functions(engine: Engine, files: list[str]) -> None:
    t = engine.table(files, SCHEMA)
    t = t.filter(t.time < MOST)
    by_time = ibis.window(group_by="day", order_by=["time", "event_id"])
    t = t.mutate(before=t.time.lag().over(by_time))
    t = t.mutate(new=(t.before.isnull() | (t.time - t.before > HOUR)).cast("int64"))
    t = t.mutate(
        session=t.new.sum().over(
            ibis.cumulative_window(group_by="day", order_by=["time", "event_id"])
        )
    )
    found = answer(engine, t.select("event_id", "session"))
    assert [item["session"] for item in found] == [1, 1, 1, 1, 2]


def test_samples_are_collected_as_structs(engine: Engine, files: list[str]) -> None:
    t = engine.table(files, SCHEMA)
    t = t.mutate(
        rank=ibis.row_number().over(ibis.window(group_by="day", order_by=["time", "event_id"]))
    )
    sample = ibis.struct({"id": t.event_id, "time": t.time}).collect(where=t["rank"] < 2)
    found = answer(engine, t.group_by("day").aggregate(sample=sample), "day")
    kept = [sorted(item["id"] for item in entry["sample"]) for entry in found]
    assert kept == [["a", "b"], ["d", "f"]]


def test_batches_are_mapped(engine: Engine, files: list[str]) -> None:
    out = pa.schema([("event_id", pa.string()), ("day", pa.string()), ("size", pa.int64())])
    columns = pa.schema([SCHEMA.field(name) for name in ("event_id", "path", "day")])

    def sizes(batch: pa.RecordBatch) -> pa.Table:
        size = pc.utf8_length(batch["path"]).cast(pa.int64())
        return pa.Table.from_arrays([batch["event_id"], batch["day"], size], schema=out)

    found = engine.map_batches(files, columns, sizes, out)
    assert found.schema == out
    assert sorted(found.to_pylist(), key=lambda item: str(item["event_id"])) == [
        {
            "event_id": item["event_id"],
            "day": item["day"],
            "size": None if item["path"] is None else len(item["path"]),
        }
        for item in ROWS
    ]
    assert engine.map_batches([], columns, sizes, out).num_rows == 0


def test_the_lake_itself_is_read(engine: Engine, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    match = dict.fromkeys(MATCH_SCHEMA.names) | {
        "match_id": "m",
        "time": 1,
        "day": "1970-01-01",
        "fields": [("CommandLine", "x")],
        "entities": [{"type": "host", "value": "pc1"}],
    }
    lake.append("matches", pa.Table.from_pylist([match], MATCH_SCHEMA))
    found = engine.run(engine.table(lake.files("matches"), MATCH_SCHEMA))
    assert found.to_pylist() == [match]


def test_errors_are_ours(engine: Engine, files: list[str]) -> None:
    t = engine.table(files, SCHEMA)
    with pytest.raises(EngineError, match="could not compute"):
        engine.run(t.mutate(value=t.path.cast("int64")))


def test_unknown_engines_are_named() -> None:
    with pytest.raises(EngineError, match=r"no engine 'sprak'"), open_engine("sprak"):
        pass


def test_duckdb_reads_only_its_folders(files: list[str], tmp_path: Path) -> None:
    home = Path(files[0]).parents[1]
    with open_engine("duckdb", folders=[home]) as engine:
        assert len(answer(engine, engine.table(files, SCHEMA))) == len(ROWS)
        other = write(tmp_path / "elsewhere", ROWS)
        with pytest.raises(EngineError, match="disabled by configuration"):
            engine.table(other, SCHEMA)


def test_spark_without_java_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match="needs Java"), open_engine("local[1]"):
        pass
