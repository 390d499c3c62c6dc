"""Hunting answers questions about the lake and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from noroshi.lake import HuntError, Lake
from noroshi.lake.hunt import hunt
from noroshi.lake.hunt_query import query
from noroshi.lake.tables import TABLES

HOST = "pc01.town.example"
Tables = dict[str, list[str]]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    lake = Lake(tmp_path_factory.mktemp("home") / "lake")
    schema = TABLES["process_activity"]
    rows = [
        dict.fromkeys(schema.names)
        | {
            "event_id": f"s:{number}",
            "time": number,
            "day": f"1970-01-0{1 + number % 2}",
            "device_hostname": HOST,
            "native": [("Image", f"program{number}.exe")],
        }
        for number in range(10)
    ]
    lake.append("process_activity", pa.Table.from_pylist(rows, schema))
    return {name: lake.files(name) for name in TABLES}


def ask(tables: Tables, sql: str, **options: Any) -> list[dict[str, Any]]:
    given = {"limit": 1000, "offset": 0, "timeout": 20.0, "memory_mib": 200} | options
    rows: list[dict[str, Any]] = query(tables, sql, **given).to_pylist()
    return rows


def test_views_are_read(tables: Tables) -> None:
    sql = "SELECT day, count(*) AS n, min(native['Image']) AS i FROM process_activity GROUP BY day"
    assert ask(tables, f"{sql} ORDER BY day") == [
        {"day": "1970-01-01", "n": 5, "i": "program0.exe"},
        {"day": "1970-01-02", "n": 5, "i": "program1.exe"},
    ]


def test_empty_classes_are_empty_views(tables: Tables) -> None:
    assert ask(tables, "SELECT count(*) AS n FROM dns_activity") == [{"n": 0}]


def test_with_comments_and_semicolon(tables: Tables) -> None:
    sql = "-- who\n/* and */ WITH t AS (FROM process_activity) (SELECT max(time) AS m FROM t); --x"
    assert ask(tables, sql) == [{"m": 9}]


def test_pages(tables: Tables) -> None:
    sql = "SELECT time FROM process_activity ORDER BY time DESC"
    pages = [ask(tables, sql, limit=4, offset=offset) for offset in (0, 4, 8, 12)]
    assert [[row["time"] for row in page] for page in pages] == [
        [9, 8, 7, 6],
        [5, 4, 3, 2],
        [1, 0],
        [],
    ]


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("selec 1", "line 1, column 1: Parser Error"),
        ("SELECT\n  nope FROM process_activity", "line 2, column 3: Binder Error"),
        ("SELECT 1; SELECT 2", "exactly one statement"),
        ("", "exactly one statement"),
        ("EXPLAIN SELECT 1", "only SELECT and WITH are allowed, not EXPLAIN"),
        ("SELECT " + "1," * 60_000 + "1", "more than 100000 characters"),
    ],
)
def test_errors_say_what_and_where(tables: Tables, sql: str, words: str) -> None:
    with pytest.raises(HuntError) as caught:
        ask(tables, sql)
    assert words in str(caught.value)


ATTACKS = [
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_blob('{secret}')",
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_csv_auto('{folder}/../{name}')",
    "SELECT * FROM read_json('{secret}')",
    "SELECT * FROM sniff_csv('{secret}')",
    "SELECT * FROM '{secret}'",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM parquet_metadata('{secret}')",
    "SELECT * FROM query('SELECT * FROM read_text(''{secret}'')')",
    "SELECT * FROM read_parquet('http://127.0.0.1:9/x.parquet')",
    "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
    "WITH t AS (SELECT * FROM read_text('{secret}')) SELECT * FROM t",
    "SELECT (SELECT content FROM read_text('{secret}'))",
    "SELECT getenv('HOME')",
    "SELECT * FROM secret_rows",
    "SELECT * FROM postgres_scan('host=127.0.0.1', 'a', 'b')",
    "SELECT * FROM sqlite_scan('{secret}', 't')",
    "COPY process_activity TO '{out}'",
    "COPY (SELECT 1) TO '{out}'",
    "COPY process_activity FROM '{secret}'",
    "EXPORT DATABASE '{out}'",
    "IMPORT DATABASE '{folder}'",
    "ATTACH '{out}' AS other",
    "INSTALL httpfs",
    "LOAD json",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "SET enable_external_access=true",
    "SET lock_configuration=false",
    "RESET enable_external_access",
    "SET allowed_directories=['/']",
    "SET memory_limit='100GB'",
    "CREATE TABLE t AS SELECT 1",
    "CREATE OR REPLACE VIEW process_activity AS SELECT 1",
    "CREATE MACRO m() AS 1",
    "CREATE SECRET s (TYPE s3)",
    "DROP VIEW process_activity",
    "INSERT INTO process_activity VALUES (1)",
    "WITH t AS (INSERT INTO process_activity VALUES (1) RETURNING *) SELECT * FROM t",
    "UPDATE process_activity SET time = 0",
    "DELETE FROM process_activity",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "VACUUM",
    "CHECKPOINT",
    "BEGIN",
    "USE memory",
    "SELECT 1; COPY (SELECT 1) TO '{out}'",
    "/* SELECT */ COPY (SELECT 1) TO '{out}'",
    "SELECT 1) TO '{out}' --",
    "VALUES (1)",
    "DESCRIBE process_activity",
    "SHOW TABLES",
    "FROM process_activity",
    "PIVOT process_activity ON day USING count(*)",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_refused(tables: Tables, tmp_path: Path, attack: str) -> None:
    secret_rows = pa.table({"a": [1]})  # a Python variable must not be a table
    secret, out = tmp_path / "secret.csv", tmp_path / "out.csv"
    secret.write_text("top,secret\n1,2\n")
    sql = attack.format(secret=secret, out=out, folder=tmp_path, name=secret.name)
    with pytest.raises(HuntError) as caught:
        ask(tables, sql)
    assert "top" not in str(caught.value)
    assert sorted(tmp_path.iterdir()) == [secret]
    assert secret.read_text() == "top,secret\n1,2\n"
    assert secret_rows.num_rows == 1


def test_endless_recursion_is_stopped(tables: Tables) -> None:
    sql = "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t"
    with pytest.raises(HuntError, match=r"stopped after|Out of Memory"):
        ask(tables, sql, timeout=0.3)


def test_large_answers_are_refused(tables: Tables) -> None:
    with pytest.raises(HuntError, match="more than 256 MiB"):
        ask(tables, "SELECT repeat('x', 1000000) FROM range(1000)")


def test_a_process_of_its_own_answers(tables: Tables) -> None:
    found = hunt(tables, "SELECT time, native FROM process_activity ORDER BY time", limit=2)
    assert found.column("time").to_pylist() == [0, 1]
    assert found.column("native")[1].as_py() == [("Image", "program1.exe")]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range < b.range",
        "SELECT length(repeat('x', 4000000000))",
        "SELECT list(repeat('x', 1000) || range) FROM range(10000000)",
    ],
)
def test_hungry_queries_are_stopped(tables: Tables, sql: str) -> None:
    with pytest.raises(HuntError, match=r"stopped after|killed after|Out of Memory"):
        hunt(tables, sql, timeout=1, memory_mib=100)


def test_the_process_passes_errors_on(tables: Tables) -> None:
    with pytest.raises(HuntError, match="line 1, column 1: Parser Error"):
        hunt(tables, "selec 1")
