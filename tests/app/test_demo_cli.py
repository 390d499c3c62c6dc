"""``noroshi demo`` removes what a demonstration wrote, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.app.cli import demo, main
from noroshi.app.errors import AppError


@pytest.fixture(autouse=True)
def writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop where evidence would be written: before that, old things were removed or not."""

    def stop(*_: object) -> None:
        raise AppError("stopped")

    monkeypatch.setattr(demo, "write_demo", stop)


@pytest.mark.parametrize("name", ("evidence", "home"))
def test_a_folder_of_somebody_elses_is_left_alone(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / name / "seized.log"
    own.parent.mkdir()
    own.write_text("the only copy")
    assert main(["demo", "--folder", str(tmp_path), "--lang", "en"]) == 1
    assert own.read_text() == "the only copy"
    said = capsys.readouterr().err
    assert "nothing was removed" in said
    assert "--folder" in said


def test_an_earlier_demonstration_makes_room(tmp_path: Path) -> None:
    arguments = ["demo", "--folder", str(tmp_path / "d"), "--lang", "en"]
    assert main(arguments) == 1
    old = tmp_path / "d" / "evidence" / "old.log"
    old.parent.mkdir()
    old.touch()
    assert main(arguments) == 1
    assert not old.exists()


def test_a_missing_file_is_named_without_a_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, missing = tmp_path / "home", tmp_path / "none.zip"
    assert main(["packs", "add", str(missing), "--home", str(home), "--lang", "en"]) == 1
    said = "".join(capsys.readouterr().err.split())
    assert "none.zip:Nosuchfileordirectory" in said
    assert "Errno" not in said
