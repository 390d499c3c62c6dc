from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from noroshi.intel import Knowledge, KnowledgeError
from noroshi.intel.schema import current, newest

OPEN_AND_WRITE = """
import sys
from sqlalchemy import text
from noroshi.intel import Knowledge
with Knowledge(sys.argv[1]) as knowledge:
    for _ in range(20):
        with knowledge.write() as connection:
            n = connection.execute(text("SELECT count(*) FROM cases")).scalar_one()
            connection.execute(
                text("INSERT INTO cases VALUES (:id, 'open', 0, '{}', '', '', NULL, 0)"),
                {"id": f"case-{n:04}"},
            )
"""


def test_opening_makes_the_file_and_the_newest_schema(tmp_path: Path) -> None:
    with Knowledge(tmp_path / "new" / "knowledge.db") as knowledge:
        assert {"cases", "case_findings", "case_audit"} <= set(
            inspect(knowledge.engine).get_table_names()
        )
        with knowledge.read() as connection:
            assert current(connection) == newest()


def test_sqlite_is_set_up_for_sharing(tmp_path: Path) -> None:
    with Knowledge(tmp_path / "k.db") as knowledge, knowledge.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 60_000


def test_an_exception_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    with Knowledge(tmp_path / "k.db") as knowledge:
        with pytest.raises(RuntimeError, match="stop"), knowledge.write() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            raise RuntimeError("stop")
        with knowledge.read() as connection:
            assert current(connection) == newest()


def test_two_processes_may_open_and_write_the_same_new_store(tmp_path: Path) -> None:
    store = str(tmp_path / "k.db")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_WRITE, store],
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(2)
    ]
    assert [process.communicate()[1] for process in both] == [b"", b""]
    assert [process.returncode for process in both] == [0, 0]
    with Knowledge(store) as knowledge, knowledge.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar() == 40


def test_a_store_of_a_newer_version_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with Knowledge(tmp_path / "k.db") as knowledge, knowledge.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(KnowledgeError, match="update Noroshi"):
        Knowledge(tmp_path / "k.db")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "k.db"
    path.write_bytes(b"this is not a database, but a letter" * 100)
    with pytest.raises(KnowledgeError, match=r"k\.db"):
        Knowledge(path)
    assert path.read_bytes().startswith(b"this is not")


@pytest.mark.parametrize("url", ["mysql://server.example/db", "://", "no such driver://x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(KnowledgeError):
        Knowledge(url)


def test_a_password_is_never_shown() -> None:
    with pytest.raises(KnowledgeError) as caught:
        Knowledge("postgresql://noroshi:not-shown@127.0.0.1:9/none")
    assert "not-shown" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    (
        " postgresql://clerk:TOPSECRET@127.0.0.1:1/db",
        "postgresql://clerk:TOPSECRET@127.0.0.1:port/db",
        "postgresql://clerk@127.0.0.1:1/db?password=TOPSECRET&connect_timeout=1",
        "postgres//://clerk:TOPSECRET@127.0.0.1:1/db",
    ),
)
def test_no_error_shows_a_password(url: str) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(KnowledgeError) as refused:
        Knowledge(url)
    assert "TOPSECRET" not in str(refused.value)
