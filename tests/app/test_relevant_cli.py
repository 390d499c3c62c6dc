"""``noroshi intel relevant`` against events that are there already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from noroshi.app.cli import main

SQUID = (
    "1767232800.000     90 192.168.10.5 TCP_MISS/200 4512 GET http://c2.example/a - "
    "HIER_DIRECT/203.0.113.5 text/html\n"
)
REPORT = "Indicators of compromise\n\nC2 server: c2[.]example\nThe malware beacons to it.\n"


def test_a_report_is_hunted_for_in_what_was_seen_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path / "home"))
    (tmp_path / "access.log").write_text(SQUID)
    (tmp_path / "report.txt").write_text(REPORT)
    report = str(tmp_path / "report.txt")
    assert main(["intel", "relevant", report, *home]) == 1
    assert "no profile" in capsys.readouterr().err
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "profile.yaml").write_text("countries: [JP]\n")
    assert main(["run", str(tmp_path / "access.log"), *home]) == 0
    capsys.readouterr()
    assert main(["intel", "relevant", report, "--arm", *home, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)[0]
    assert answer["concern"] == "act"
    assert answer["armed"] == 1
    assert "192.168.10.5" in answer["reasons"][0]["why"]
    assert main(["indicators", "list", "c2.example", *home, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["source"] == "report.txt"
    assert main(["intel", "relevant", report, *home, "--lang", "ja"]) == 0
    assert "直ちに対応" in capsys.readouterr().out
