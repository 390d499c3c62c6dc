"""More stories played to the end by two processes: a trainee who hunts, an instructor."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.processes import process, run

TRAINEE = """
import contextlib, io, json, re, sys
from pathlib import Path
from noroshi.app.cli import main

folder, measure = sys.argv[1], sys.argv[2:]
home = str(Path(folder).parent / "home")

def run(*words):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main([*words, "--json"])
    assert code == 0, (words, code, out.getvalue())
    return json.loads(out.getvalue())

def drill(*words):
    return run("drill", words[0], folder, *words[1:])

alarm = drill("status")["inbox"][0]
bad = re.findall(r"[a-z-]+(?:\\.[a-z-]+)*\\.example", alarm["text"])[-1]
run("ingest", folder + "/evidence", "--home", home, "--zone", "Asia/Tokyo")
query = ("select distinct src_endpoint_ip as ip, actor_user_name as login from http_activity "
         f"where http_request_url_hostname like '%{bad}%' or http_request_url_url_string "
         f"like '%{bad}%'")
(row,) = run("hunt", query, "--home", home)["rows"]
number = int(row["ip"].rpartition(".")[2]) - 10
victim, login = f"PC{number:03d}", row["login"]
drill("act", "declare", "high", "--as", "ciso")
drill("act", "preserve", victim, "--as", "csirt")
for kind, target in (each.split(":") for each in measure):
    drill("act", kind, target.format(victim=victim, login=login, bad=bad))
drill("act", "notify", "prefecture", "--as", "liaison")
drill("act", "notify", "police", "--as", "liaison")
inbox = drill("advance", "--for", "50")["inbox"]
for letter in inbox:
    if letter["answer_by"]:
        drill("message", letter["from"], "調査中です。次は1時間後にお知らせします。",
              "--answer", letter["id"])
print("WAIT", flush=True)
assert sys.stdin.readline().strip() == "GO"
state = drill("status")
assert any(letter["id"].startswith("inject-") for letter in state["inbox"]), state["inbox"]
assert len(state["hints"]) == 1
drill("advance", "--to", "23:30")
text = drill("template")["template"].splitlines()
for number, line in enumerate(text):
    if line.startswith("## 1."):
        text[number] += f"\\n{victim} から {bad} への不審な通信があり、対処した。"
    if line.startswith("- Machines:"):
        text[number] += f" {victim}"
    if line.startswith("- Accounts:"):
        text[number] += f" {login}"
report = Path(folder).parent / "report.md"
report.write_text("\\n".join(text), "utf-8")
drill("submit", str(report))
print("DONE", victim, login, flush=True)
"""

INSTRUCTOR = """
import contextlib, io, json, sys
from noroshi.app.cli import main

def drill(*words):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(["drill", *words, "--json"]) == 0, out.getvalue()
    return json.loads(out.getvalue())

folder = sys.argv[1]
(team,) = drill("watch", folder)
kinds = {action["kind"] for action in team["actions"]}
assert {"declare", "preserve", "notify"} <= kinds, kinds
assert team["harm_end"] < team["harm_now"] + 45, (team["harm_now"], team["harm_end"])
drill("inject", folder, "press", "取材です。何がありましたか。", "--to", "liaison")
drill("hint", folder)
"""


@pytest.mark.parametrize(
    ("name", "measures", "told"),
    [
        ("supplier-stick", ("isolate-host:{victim}", "block:{bad}"), "takes {victim} off"),
        ("invoice-fraud", ("reset-password:{login}", "call:bank"), "calls The town's bank"),
    ],
)
def test_a_story_is_played_by_trainee_and_instructor(
    name: str, measures: tuple[str, ...], told: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folder = tmp_path / "exercise"
    run(["play", name, "--out", str(folder), "--seed", "9"], capsys)
    trainee = process(TRAINEE, str(folder), *measures)
    assert trainee.stdout is not None
    if trainee.stdout.readline().strip() != "WAIT":
        pytest.fail(trainee.communicate()[1])
    instructor = process(INSTRUCTOR, str(folder))
    _, errors = instructor.communicate(timeout=240)
    assert instructor.returncode == 0, errors
    shown, errors = trainee.communicate("GO\n", timeout=400)
    assert trainee.returncode == 0, errors
    victim, login = shown.split()[-2:]
    grade = run(["grade", str(folder)], capsys)
    marks = {mark["mark"]: mark["points"] / mark["out_of"] for mark in grade["marks"]}
    assert marks["harm"] > 0.8
    assert marks["scope"] > 0.4
    files = run(["report", str(folder), "--lang", "en", "--format", "html"], capsys)
    page = Path(files["html"]).read_text("utf-8").replace("&#39;", "'")
    assert told.format(victim=victim, login=login) in page
    assert "取材です。何がありましたか。" in page
    assert "Midorino town (invented)" in page
    assert "{" not in page.partition("</style>")[2]
