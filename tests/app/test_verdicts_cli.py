"""``noroshi indicators score|judge``: a false alarm leaves the findings and weakens its source."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from noroshi.app.cli import main

YESTERDAY = int(time.time()) - 86_400
SQUID = (
    f"{YESTERDAY}.000     90 192.168.10.5 TCP_MISS/200 4512 GET http://c2.example/a - "
    "HIER_DIRECT/203.0.113.5 text/html\n"
)


@pytest.fixture
def home(tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "access.log").write_text(SQUID)
    (tmp_path / "bad.txt").write_text("c2.example\n")
    home = ("--home", str(tmp_path / "home"))
    bad = str(tmp_path / "bad.txt")
    assert main(["indicators", "import", bad, "--source", "a list", *home]) == 0
    assert main(["run", str(tmp_path / "access.log"), *home]) == 0
    return home


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_false_alarm_makes_no_findings_until_it_is_judged_right(
    home: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    before = answer(capsys, "indicators", "score", "c2[.]example", *home)
    assert before["score"] > 0
    assert before["last_seen"] == YESTERDAY * 1_000_000
    assert len(answer(capsys, "detect", *home)["findings"]) == 1
    judged = answer(capsys, "indicators", "judge", "c2.example", "--wrong", "--note", "x", *home)
    assert judged["weights"] == {"a list": pytest.approx(4 / 6, abs=0.001)}
    assert answer(capsys, "indicators", "score", "c2.example", *home)["score"] == 0
    assert len(answer(capsys, "detect", *home)["findings"]) == 0
    assert main(["indicators", "judge", "c2.example", "--right", *home, "--lang", "ja"]) == 0
    assert "情報源" in capsys.readouterr().out
    assert len(answer(capsys, "detect", *home)["findings"]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("score", "unknown.example"), "nobody names unknown.example"),
        (("judge", "c2.example"), "--right or --wrong"),
        (("judge", "c2.example", "--right", "--source", "X"), "those that do: a list"),
    ],
)
def test_mistakes_say_the_way_out(
    home: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    said: str,
) -> None:
    capsys.readouterr()
    assert main(["indicators", *arguments, *home]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
