"""A whole exercise through the command line: a trainee and an instructor, two processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.app.processes import process, run

from noroshi.app.cli import main
from noroshi.drill.exercise.log import ExerciseLog

TRAINEE = """
import json, re, sys
from pathlib import Path
from noroshi.app.cli import main
import contextlib, io

folder = sys.argv[1]
home = folder + "/../home"

def run(*words):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main([*words, "--json"])
    assert code == 0, (words, code, out.getvalue())
    return json.loads(out.getvalue())

def drill(*words):
    return run("drill", words[0], folder, *words[1:])

alarm = drill("status")["inbox"][0]
assert alarm["from"] == "security-cloud"
bad = re.search(r"contacted (\\S+) several", alarm["text"]).group(1)
ip = re.search(r"\\d+\\.\\d+\\.\\d+\\.\\d+", alarm["text"]).group()
run("ingest", folder + "/evidence", "--home", home)
cases = run("detect", "--home", home)["cases"]
assert cases, "the evidence shows nothing"
worst = run("case", "show", cases[0]["id"][:8], "--home", home)
victim = max((host for case in cases for host in case["hosts"] if host.upper().startswith("PC")),
             key=lambda host: host.upper() in worst["title"].upper())
victim = victim.partition(".")[0].upper()
drill("act", "declare", "high", "--as", "ciso")
drill("act", "preserve", victim, "--as", "csirt")
drill("act", "isolate-host", victim, "--as", "csirt", "--note", "C2")
drill("act", "block", bad, "--as", "csirt")
drill("act", "notify", "prefecture", "--as", "liaison")
drill("act", "call", "police", "--as", "liaison")
drill("act", "notify", "police", "--as", "liaison")
inbox = drill("advance", "--for", "45")["inbox"]
mayor = next(letter for letter in inbox if letter["from"] == "mayor")
drill("message", "mayor", "1台を隔離し、調査中です。", "--as", "ciso", "--answer", mayor["id"])
print("WAIT", flush=True)
assert sys.stdin.readline().strip() == "GO"
inbox = drill("status")["inbox"]
police = [letter for letter in inbox if letter["id"].startswith("inject-")]
assert police and police[-1]["from"] == "police", inbox
drill("message", "police", "保全済みです。", "--as", "liaison", "--answer", police[-1]["id"])
drill("advance", "--to", "23:30")
run("ingest", folder + "/evidence", "--home", home)
cases = run("detect", "--home", home)["cases"]
form = drill("template")
text = form["template"]
fill = {
    "## 1.": f"{victim} が {bad} と通信していた。",
    "## 4.": f"{victim} で添付ファイルが実行されたことによる。",
    "## 5.": f"{victim} を隔離し、{bad} を遮断した。",
    "## 6.": "住民窓口の業務は継続しており、影響はない。",
    "## 7.": "県および県警に連絡し、町長に報告した。",
    "## 8.": "マクロの実行制限と職員への訓練を行う予定である。",
}
lines = []
for line in text.splitlines():
    lines.append(line)
    for head, words in fill.items():
        if line.startswith(head):
            lines.append(words)
    if line.startswith("| ---"):
        lines.append(f"| 10:04 | {victim} | 外部との通信 | T1071.001 |")
    if line.startswith("- Machines:"):
        lines[-1] = f"- Machines: {victim}"
    if line.startswith("- Q") and "Which machine" in line:
        lines[-1] += victim
report = Path(folder) / ".." / "report.md"
report.write_text("\\n".join(lines), "utf-8")
drill("submit", str(report))
print("DONE", victim, flush=True)
"""

INSTRUCTOR = """
import contextlib, io, json, sys
from noroshi.app.cli import main

folder = sys.argv[1]
out = io.StringIO()
with contextlib.redirect_stdout(out):
    assert main(["drill", "watch", folder, "--json"]) == 0
(team,) = json.loads(out.getvalue())
assert {action["kind"] for action in team["actions"]} >= {"isolate-host", "block"}
assert team["harm_end"] < 50, team["harm_end"]
with contextlib.redirect_stdout(io.StringIO()):
    assert main(["drill", "inject", folder, "police", "証拠は保全しましたか。", "--to", "liaison",
                 "--answer-within", "30"]) == 0
"""


def test_a_whole_exercise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "exercise"
    run(["play", "mail-macro", "--out", str(folder), "--seed", "9"], capsys)
    trainee = process(TRAINEE, str(folder))
    assert trainee.stdout is not None
    if trainee.stdout.readline().strip() != "WAIT":
        pytest.fail(trainee.communicate()[1])
    instructor = process(INSTRUCTOR, str(folder))
    _, errors = instructor.communicate(timeout=120)
    assert instructor.returncode == 0, errors
    shown, errors = trainee.communicate("GO\n", timeout=240)
    assert trainee.returncode == 0, errors
    victim = shown.split()[-1]
    xapi = tmp_path / "xapi.json"
    grade = run(["grade", str(folder), "--xapi", str(xapi)], capsys)
    marks = {mark["mark"]: mark["points"] / mark["out_of"] for mark in grade["marks"]}
    assert marks["harm"] > 0.9
    assert marks["scope"] > 0.4
    assert marks["report"] > 0.6
    assert marks["obligations"] > 0.9
    assert grade["questions"]
    _check_xapi(json.loads(xapi.read_text("utf-8")))
    files = run(["report", str(folder), "--lang", "ja", "--format", "html"], capsys)
    page = Path(files["html"]).read_text("utf-8")
    assert f"{victim}をネットワークから隔離" in page
    assert "証拠は保全しましたか。" in page
    assert "時間遅れていれば、被害は" in page
    assert "{" not in page.partition("</style>")[2]
    kinds = [entry.kind for entry in ExerciseLog(folder).read()]
    assert kinds[0] == "started" and "submitted" in kinds


def _check_xapi(statements: list[dict[str, Any]]) -> None:
    """What xAPI 1.0.3 wants of every statement."""
    assert {statement["verb"]["id"].rpartition("/")[2] for statement in statements} >= {
        "initialized", "interacted", "commented", "completed", "scored",
    }  # fmt: skip
    assert len({statement["id"] for statement in statements}) == len(statements)
    for statement in statements:
        assert {"actor", "verb", "object"} <= statement.keys()
        assert set(statement["actor"]["account"]) == {"homePage", "name"}
        assert statement["timestamp"].endswith("Z")
        score = statement.get("result", {}).get("score")
        assert score is None or -1 <= score["scaled"] <= 1


def test_teams_of_one_exercise_are_watched_and_told_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "exercise"
    for team in ("red", "blue"):
        run(["play", "mail-macro", "--out", str(folder), "--seed", "9", "--team", team], capsys)
    run(["inject", str(folder), "press", "本当ですか。"], capsys)
    seen = run(["watch", str(folder)], capsys)
    assert [team["team"] for team in seen] == ["blue", "red"]
    assert seen[0]["seed"] != seen[1]["seed"]
    assert seen[0]["harm_end"] == seen[1]["harm_end"]
    assert [team["inbox"][-1]["from"] for team in seen] == ["press", "press"]
    run(["pause", str(folder)], capsys)
    assert main(["drill", "act", str(folder / "red"), "declare", "high"]) == 1
    run(["resume", str(folder), "--speed", "0"], capsys)
    run(["hint", str(folder)], capsys)
    state = run(["status", str(folder / "red")], capsys)
    assert len(state["hints"]) == 1
    run(["appeal", str(folder / "red"), "report", "7", "--reason", "x"], capsys)
    other = str(tmp_path / "other")
    run(["branch", str(folder / "red"), other, "--at", "2026-05-20T11:00"], capsys)
    assert run(["advance", other, "--to", "12:00"], capsys)["at"].startswith("2026-05-20T12:00")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_people_read_is_in_their_language(
    tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "exercise")
    assert main(["drill", "play", "mail-macro", "--out", folder, "--lang", language]) == 0
    assert main(["drill", "grade", folder, "--lang", language]) == 1
    assert main(["drill", "advance", folder, "--for", "15", "--lang", language]) == 0
    for words in (["status"], ["watch"], ["template"], ["grade"], ["hint"]):
        assert main(["drill", words[0], folder, *words[1:], "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert ("監視センター" in shown) is (language == "ja")
    assert ("monitoring desk" in shown) is (language == "en")


def test_wrong_use_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drill", "status", str(tmp_path), "--lang", "en"]) == 1
    assert "noroshi drill play" in capsys.readouterr().err
    assert main(["drill", "play", "nothing", "--out", str(tmp_path / "x"), "--lang", "en"]) == 1
    assert "mail-macro" in capsys.readouterr().err
    outside = str(tmp_path / "x")
    assert main(["drill", "play", "mail-macro", "--out", outside, "--team", "../up"]) == 1
