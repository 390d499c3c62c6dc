"""The exercise log keeps everything, in order, and shows what was done to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.drill.exercise.entry import EntryKind
from noroshi.drill.exercise.errors import ExerciseError, TamperedLogError
from noroshi.drill.exercise.log import ExerciseLog
from noroshi.drill.exercise.state import Settings, replay

SETTINGS = Settings("mail-macro", 7, 1, "red", 1_000, 2_000, 9_000, "0.1.0")


def start(folder: Path) -> ExerciseLog:
    log = ExerciseLog(folder)
    with log.writing() as writer:
        data = {"settings": SETTINGS.to_json(), "speed": 0}
        writer.append(EntryKind.STARTED, "instructor", data, wall=1, time=2_000)
    return log


def act(log: ExerciseLog, target: str, time: int = 3_000) -> None:
    with log.writing() as writer:
        data = {"kind": "isolate-host", "target": target, "note": ""}
        writer.append(EntryKind.ACTION, "csirt", data, wall=5, time=time)


def test_an_exercise_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    log = start(tmp_path)
    act(log, "PC007")
    assert [entry.kind for entry in log.read()] == [EntryKind.STARTED, EntryKind.ACTION]
    state = replay(log.read())
    assert state.settings == SETTINGS
    assert [(action.target, action.time) for action in state.actions] == [("PC007", 3_000)]
    assert state.clock.time == 3_000


def test_a_half_written_last_line_is_cut_off(tmp_path: Path) -> None:
    log = start(tmp_path)
    act(log, "PC007")
    with log.path.open("ab") as file:
        file.write(b'{"number":2,"wall')
    assert len(log.read()) == 2
    act(log, "PC008")
    assert [action.target for action in replay(log.read()).actions] == ["PC007", "PC008"]


def test_a_crash_before_the_head_was_written_loses_nothing(tmp_path: Path) -> None:
    log = start(tmp_path)
    head = (tmp_path / "exercise.head").read_text()
    act(log, "PC007")
    (tmp_path / "exercise.head").write_text(head)
    assert len(log.read()) == 2


def _change(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace("PC007", "PC001"), *lines[2:]]


def _drop_middle(lines: list[str]) -> list[str]:
    return [lines[0], *lines[2:]]


def _drop_last(lines: list[str]) -> list[str]:
    return lines[:-1]


def _swap(lines: list[str]) -> list[str]:
    return [lines[0], lines[2], lines[1]]


def _forge(lines: list[str]) -> list[str]:
    fields = json.loads(lines[2])
    fields["data"]["target"] = "PC099"
    return [*lines[:2], json.dumps(fields)]


@pytest.mark.parametrize("tamper", [_change, _drop_middle, _drop_last, _swap, _forge])
def test_tampering_shows(tmp_path: Path, tamper: object) -> None:
    log = start(tmp_path)
    act(log, "PC007")
    act(log, "PC008")
    lines = log.path.read_text("utf-8").splitlines()
    assert callable(tamper)
    log.path.write_text("\n".join(tamper(lines)) + "\n", "utf-8")
    with pytest.raises(TamperedLogError):
        log.read()


@settings(max_examples=40)
@given(position=st.integers(min_value=0, max_value=10_000), byte=st.integers(0, 255))
def test_any_changed_byte_shows_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, position: int, byte: int
) -> None:
    log = start(tmp_path_factory.mktemp("log"))
    act(log, "PC007")
    before = log.read()
    data = bytearray(log.path.read_bytes())
    data[position % len(data)] = byte
    log.path.write_bytes(bytes(data))
    with suppress(TamperedLogError):
        assert log.read() == before


def test_no_exercise_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match="drill play"):
        ExerciseLog(tmp_path / "nothing").read()


_WRITER = """
import sys
from contextlib import suppress
from pathlib import Path
from noroshi.drill.exercise.entry import EntryKind
from noroshi.drill.exercise.log import ExerciseLog

for number in range(15):
    with ExerciseLog(Path(sys.argv[1])).writing() as writer:
        data = {"kind": "isolate-host", "target": f"{sys.argv[2]}{number}", "note": ""}
        writer.append(EntryKind.ACTION, "csirt", data, wall=5, time=3_000)
"""


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    log = start(tmp_path)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), name], env=environment)
        for name in "AB"
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    targets = [action.target for action in replay(log.read()).actions]
    assert sorted(targets) == sorted(f"{name}{n}" for name in "AB" for n in range(15))
    assert [t for t in targets if t[0] == "A"] == [f"A{n}" for n in range(15)]
