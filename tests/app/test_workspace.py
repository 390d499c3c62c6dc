"""Where a workspace keeps what is known: SQLite in its home, or the server that a setting names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.intel.objects import postgresql
from tests.intel.objects.conftest import made

from noroshi.app.cli import main
from noroshi.app.workspace import KNOWLEDGE_FILE, KNOWLEDGE_VARIABLE, Workspace

SECRET = "postgresql://somebody:hush@127.0.0.1:1/nowhere"


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    with postgresql.server() as folder:
        yield folder


@pytest.fixture(autouse=True)
def no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KNOWLEDGE_VARIABLE, raising=False)


def test_sqlite_in_the_home_unless_told_otherwise(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.knowledge_location == tmp_path / "knowledge.sqlite"
    (tmp_path / KNOWLEDGE_FILE).write_text("\n")
    assert workspace.knowledge_location == tmp_path / "knowledge.sqlite"


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / KNOWLEDGE_FILE).write_text("postgresql://from/file\n")
    assert Workspace(tmp_path).knowledge_location == "postgresql://from/file"
    monkeypatch.setenv(KNOWLEDGE_VARIABLE, "postgresql://from/environment")
    assert Workspace(tmp_path).knowledge_location == "postgresql://from/environment"


def test_commands_work_on_the_server(
    server: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, file = tmp_path / "home", tmp_path / "world.json"
    home.mkdir()
    (home / KNOWLEDGE_FILE).write_text(postgresql.new_database(server))
    tool = made("tool", "Rake")
    file.write_text(json.dumps([tool]))
    at = ("--home", str(home))
    assert main(["intel", "import", str(file), "--json", *at]) == 0
    capsys.readouterr()
    assert main(["intel", "show", "Rake", "--json", *at]) == 0
    assert json.loads(capsys.readouterr().out)["object"] == tool
    assert main(["intel", "undo", "1", *at]) == 0
    assert main(["cases", *at]) == 0
    assert not (home / "knowledge.sqlite").exists()


def test_a_server_that_is_not_there_is_named_without_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("psycopg", reason="the extra 'postgresql' is not installed")
    (tmp_path / KNOWLEDGE_FILE).write_text(SECRET)
    assert main(["intel", "search", "x", "--home", str(tmp_path), "--lang", "en"]) == 1
    told = capsys.readouterr().err
    assert "127.0.0.1:1/nowhere" in told
    assert "hush" not in told


@pytest.mark.parametrize("command", [["ingest"], ["run"], ["intel", "import"]])
def test_a_home_is_closed_to_others(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    home, given = tmp_path / "home", tmp_path / "given.json"
    given.write_text("{}")
    main([*command, str(given), "--home", str(home)])
    assert home.stat().st_mode & 0o077 == 0
    home.chmod(0o755)
    capsys.readouterr()
    main(["doctor", "--home", str(home), "--json"])
    told = {item["check"]: item["detail"] for item in json.loads(capsys.readouterr().out)}
    assert told["Home folder is closed to others"] == f"chmod 700 {home}"
