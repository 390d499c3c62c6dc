"""Intake is exactly-once, whatever happens to the process or beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.collect.toy import TOY, every_tenth, write_toy

from noroshi.collect import intake
from noroshi.collect.intake import Progress, ingest
from noroshi.lake import Lake, LakeError

ROOT = Path(__file__).resolve().parents[2]
TABLES = ("generic", "process_activity", "dns_activity", "matches", "quarantine", "sources")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    for number in range(3):
        write_toy(folder / f"{number}.json", 40)
    with (folder / "1.json").open("a") as out:
        out.write("{broken\n")
    write_toy(folder / "1.json", 10, start=40)
    return folder


def child(
    home: Path, evidence: Path, *, rows: int = 25, at: int = -1, when: str = "before"
) -> subprocess.Popen[bytes]:
    arguments = [str(home), str(evidence), str(rows), str(at), when]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.collect.intake_child", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "src"},
    )


def contents(home: Path) -> dict[str, list[tuple[object, ...]]]:
    lake = Lake(home / "lake")
    keys = {"matches": ["match_id"], "quarantine": ["source_id", "sequence"]}
    found = {}
    for name in TABLES:
        columns = keys.get(name, ["source_id", "events"] if name == "sources" else ["event_id"])
        found[name] = sorted(
            tuple(row[column] for column in columns) for row in lake.table(name).to_pylist()
        )
    return found


def run(evidence: Path, home: Path, monkeypatch: pytest.MonkeyPatch, rows: int = 25) -> Progress:
    monkeypatch.setattr(intake, "FLUSH_ROWS", rows)
    lake, state = Lake(home / "lake"), home / "intake"
    return ingest([evidence], lake, state, [every_tenth], chooser=lambda _: TOY)


def test_reads_everything_once(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    first = run(evidence, home, monkeypatch)
    assert (first.sources, first.events, first.quarantined) == (3, 130, 1)
    assert [(Path(item.path).name, item.reason) for item in first.skipped] == [
        ("1.json", "1 records could not be read")
    ]
    before = contents(home)
    assert [len(before[name]) for name in TABLES] == [45, 43, 42, 13, 1, 3]
    again = run(evidence, home, monkeypatch)
    assert (again.events, again.matches, again.known) == (0, 0, 3)
    assert contents(home) == before


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_every_commit_and_repeated(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    undisturbed = tmp_path / "undisturbed"
    run(evidence, undisturbed, monkeypatch)
    expected = contents(undisturbed)
    homes = [tmp_path / f"home{at}" for at in range(0, 32, 3)]
    for at, home in zip(range(0, 32, 3), homes, strict=True):
        killed = child(home, evidence, at=at, when=when)
        if killed.wait(60) != -signal.SIGKILL:
            break
        # Another flush size on the second try: the boundaries of commits must not matter.
        run(evidence, home, monkeypatch, rows=17)
        assert contents(home) == expected, f"killed {when} commit {at}"
    assert at > 10, "the intake has too few commits for this test to say anything"


def test_killed_again_and_again(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed, home = tmp_path / "undisturbed", tmp_path / "home"
    run(evidence, undisturbed, monkeypatch)
    for at in (7, 2, 9, 0, 4):
        child(home, evidence, rows=31 - at, at=at, when="after").wait(60)
    run(evidence, home, monkeypatch)
    assert contents(home) == contents(undisturbed)


def test_two_intakes_of_the_same_folder_at_once(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed, home = tmp_path / "undisturbed", tmp_path / "home"
    run(evidence, undisturbed, monkeypatch)
    children = [child(home, evidence, rows=9) for _ in range(2)]
    assert [process.wait(60) for process in children] == [0, 0]
    assert contents(home) == contents(undisturbed)


def test_two_intakes_of_different_folders_at_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folders = [tmp_path / "a", tmp_path / "b"]
    for number, folder in enumerate(folders):
        folder.mkdir()
        write_toy(folder / "x.json", 60, start=number * 100)
    children = [child(home, folder, rows=7) for folder in folders]
    assert [process.wait(60) for process in children] == [0, 0]
    assert len(contents(home)["sources"]) == 2
    assert sum(len(contents(home)[name]) for name in TABLES[:3]) == 120


def test_a_log_that_grew_adds_only_what_is_new(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    run(evidence, home, monkeypatch)
    write_toy(evidence / "0.json", 5, start=40)
    grown = run(evidence, home, monkeypatch)
    assert (grown.events, grown.known) == (5, 2)
    events = [key for name in TABLES[:3] for key in contents(home)[name]]
    assert len(events) == len(set(events)) == 135
    assert run(evidence, home, monkeypatch).known == 3


def test_same_content_under_another_name_is_read_once(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (evidence / "copy.json").write_bytes((evidence / "0.json").read_bytes())
    progress = run(evidence, tmp_path / "home", monkeypatch)
    assert (progress.sources, progress.events) == (3, 130)


def test_a_full_disk_stops_with_a_clear_error_and_the_rest_can_follow(
    evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    lake = home / "lake"
    lake.mkdir(parents=True)
    lake.joinpath("generic").write_text("a file where a folder must be")
    with pytest.raises(LakeError, match="generic"):
        run(evidence, home, monkeypatch)
    lake.joinpath("generic").unlink()
    run(evidence, home, monkeypatch)
    run(evidence, tmp_path / "undisturbed", monkeypatch)
    assert contents(home) == contents(tmp_path / "undisturbed")
