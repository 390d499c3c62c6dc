"""The command line as a user meets it, on the built-in demo evidence."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from noroshi.app.cli import app, main
from noroshi.app.cli.translate import help_texts
from noroshi.drill import write_demo
from noroshi.lang import gettext


def no_network(*_: object, **__: object) -> None:
    raise AssertionError("a socket was opened")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "evidence"
    write_demo(folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, evidence: Path) -> Path:
    """A home in which the demo evidence was run, with every socket refused."""
    folder = tmp_path_factory.mktemp("cli") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", no_network)
        patch.setattr(socket, "create_connection", no_network)
        patch.setattr(socket, "getaddrinfo", no_network)
        patch.setenv("NOROSHI_LANG", "en")
        assert main(["run", str(evidence), "--home", str(folder)]) == 0
    return folder


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_run_answers_with_the_documented_object(
    evidence: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "run", str(evidence), "--home", str(tmp_path / "home"))
    assert {"events", "bytes", "seconds", "skipped", "findings", "cases"} <= found.keys()
    assert found["events"] > 10_000
    assert found["skipped"] == []
    finding, case = found["findings"][0], found["cases"][0]
    assert {
        "id", "analytic", "rule_id", "title", "severity", "technique", "count", "hosts", "first",
        "last",
    } <= finding.keys()  # fmt: skip
    assert {"id", "title", "score", "findings", "hosts", "first", "last"} <= case.keys()
    known = {item["id"] for item in found["findings"]}
    assert all(set(item["findings"]) <= known for item in found["cases"])
    assert Path(found["report"]["html"]).is_file()


def test_one_incident_is_one_case(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, *others = answer(capsys, "cases", "--home", str(home))
    assert {host.split(".")[0] for host in first["hosts"]} == {"pc039", "fs01", "dc01"}
    assert {"execution", "credential-access", "lateral-movement", "exfiltration"} <= set(
        first["tactics"]
    )
    assert any("logged on from" in item["reason"] for item in first["reasons"])
    assert all(case["score"] < first["score"] / 3 for case in others)


def test_running_again_adds_nothing_and_changes_nothing(
    evidence: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answer(capsys, "cases", "--home", str(home))
    again = answer(capsys, "run", str(evidence), "--home", str(home))
    assert (again["events"], again["matches"]) == (0, 0)
    assert again["known_sources"] > 5
    assert answer(capsys, "cases", "--home", str(home)) == before


def test_the_parts_give_what_the_whole_gives(
    evidence: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = str(tmp_path / "home")
    answer(capsys, "ingest", str(evidence), "--home", other)
    parts = answer(capsys, "detect", "--home", other)
    whole = answer(capsys, "detect", "--home", str(home))
    assert [item["id"] for item in parts["findings"]] == [item["id"] for item in whole["findings"]]
    assert {tuple(c["findings"]) for c in parts["cases"]} == {
        tuple(c["findings"]) for c in whole["cases"]
    }


def test_rescanning_finds_the_same_as_the_first_pass(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answer(capsys, "detect", "--home", str(home))
    after = answer(capsys, "detect", "--rescan", "--home", str(home))
    assert after["rescanned"] > 10_000
    assert after["findings"] == before["findings"]


def test_a_window_leaves_out_what_lies_outside(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = answer(capsys, "detect", "--home", str(home))["findings"]
    middle = sorted(item["first"] for item in everything)[len(everything) // 2]
    moment = f"{middle // 1_000_000}"
    assert main(["detect", "--since", moment, "--home", str(home)]) == 2
    since = "2026-05-20T04:00:00Z"
    some = answer(capsys, "detect", "--since", since, "--home", str(home))["findings"]
    assert 0 < len(some) < len(everything)
    assert len(answer(capsys, "detect", "--home", str(home))["findings"]) == len(everything)


def test_a_case_is_shown_closed_and_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = answer(capsys, "cases", "--home", str(home))[-1]["id"]
    shown = answer(capsys, "case", "show", first[:12], "--home", str(home))
    assert shown["findings"]
    assert main(["case", "show", first[:12], "--home", str(home), "--lang", "ja"]) == 0
    answer(capsys, "case", "close", first, "--note", "scanner", "--home", str(home))
    assert first not in {case["id"] for case in answer(capsys, "cases", "--home", str(home))}
    closed = answer(capsys, "cases", "--all", "--home", str(home))
    assert {case["note"] for case in closed if case["id"] == first} == {"scanner"}


def test_a_scenario_is_made_of_a_case(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = answer(capsys, "cases", "--home", str(home))[0]
    wanted = tmp_path / "ours.yaml"
    words = ("drill", "from-case", case["id"][:6], "--home", str(home), "--out", str(wanted))
    made = answer(capsys, *words)
    assert made["scenario"] == str(wanted)
    played = {each["use"] for each in made["told"] if each["step"]}
    assert {"open-attachment", "lsass", "smb-service", "archive", "exfil-storage"} <= played
    assert made["names_looked_for"] > 20
    assert "pc0" not in wanted.read_text("utf-8").lower()
    answer(capsys, "drill", "lint", str(wanted), "--seeds", "1")
    assert main([*words, "--lang", "en"]) == 1
    assert "is there already; name another with --out" in capsys.readouterr().err


def test_hunting_reads_and_only_reads(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(
        capsys, "hunt", "select count(*) as n from process_activity", "--home", str(home)
    )
    assert found["rows"][0]["n"] > 100
    for statement in ("drop table process_activity", "select * from read_csv('/etc/passwd')"):
        assert main(["hunt", statement, "--home", str(home)]) == 1


def test_new_indicators_find_old_events(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    address = answer(
        capsys,
        "hunt",
        "select dst_endpoint_ip as ip from network_activity where dst_endpoint_ip_n between "
        "3325256704 and 3325256959 limit 1",
        "--home",
        str(home),
    )["rows"][0]["ip"]
    feed = home / "feed.txt"
    feed.write_text(f"{address.replace('.', '[.]')}\n10.0.0.1\nnot an indicator\n")
    (imported,) = answer(capsys, "indicators", "import", str(feed), "--home", str(home))
    assert (imported["imported"], imported["refused"]) == (1, 2)
    assert answer(capsys, "indicators", "list", "--home", str(home))[0]["value"] == address
    found = answer(capsys, "detect", "--rescan", "--home", str(home))["findings"]
    assert {item["analytic"] for item in found} >= {"indicator", "sigma"}


def test_rules_and_packs_and_lake_and_doctor(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rules = answer(capsys, "rules", "list", "--home", str(home))
    assert len(rules) >= 30
    told = answer(capsys, "rules", "explain", rules[0]["id"], "--home", str(home))
    assert told["fields"] or told["condition"]
    assert answer(capsys, "rules", "check", "--home", str(home))["rejected"] == []
    packs = answer(capsys, "packs", "list", "--home", str(home))
    assert {pack["name"] for pack in packs} >= {"noroshi-core", "noroshi-warninglists"}
    tables = {row["table"] for row in answer(capsys, "lake", "stats", "--home", str(home))}
    assert {"process_activity", "matches", "findings", "sources"} <= tables
    assert all(
        check["ok"] in (True, None) for check in answer(capsys, "doctor", "--home", str(home))
    )
    gone = answer(
        capsys, "lake", "expire", "--before", "2030-01-01", "--dry-run", "--home", str(home)
    )
    assert gone["rows"]["process_activity"] > 0
    answer(capsys, "lake", "compact", "--home", str(home))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
        (["case", "show", "zzz"], 1, "zzz"),
        (["rules", "explain", "no such rule at all"], 1, "no such rule at all"),
        (["bench", "nothing"], 1, "there are"),
        (["lake", "expire", "--before", "yesterday"], 2, "YYYY-MM-DD"),
        (["lake", "expire", "--before", "2026-13-01"], 2, "'2026-13-01' is YYYY-MM-DD, but no day"),
        (["watch", "ack", "98", "99"], 1, "no notification 98, 99;"),
        (["packs", "remove", "nothing"], 1, "nothing"),
        (["packs", "add", "http://packs.example/a.zip"], 1, "http://packs.example/a.zip is an"),
    ],
)
def test_errors_name_the_value_and_the_way_out(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NOROSHI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NOROSHI_LANG", "en")
    assert main(arguments) == code
    assert words in capsys.readouterr().err


def test_the_doctor_sees_a_knowledge_store_that_is_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "knowledge.sqlite").write_text("no database at all")
    checks = answer(capsys, "doctor", "--home", str(tmp_path), code=1)
    (detail,) = [item["detail"] for item in checks if item["ok"] is False]
    assert str(tmp_path / "knowledge.sqlite") in detail
    assert "not a database" in detail


def test_what_cannot_be_read_is_named_and_strict_says_so_by_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "picture.log").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (folder / "good.json").write_text('{"time": "2026-05-20T00:00:00Z", "a": 1}\n')
    found = answer(capsys, "run", str(folder), "--strict", "--home", str(tmp_path / "home"), code=3)
    assert found["events"] == 1
    (skipped,) = found["skipped"]
    assert skipped["path"].endswith("picture.log")


def test_evidence_cannot_speak_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "\x1b[31mevidence"
    folder.mkdir()
    (folder / "[bold]x.log").write_bytes(b"\x89PNG" + bytes(100))
    assert main(["run", str(folder), "--home", str(tmp_path / "home"), "--lang", "en"]) == 0
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err
    assert "[bold]x.log" in shown.err


def test_every_help_text_has_japanese() -> None:
    texts = {text for text in help_texts(get_command(app)) if "ompletion" not in text}
    assert [text for text in texts if gettext(text, "ja") == text] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_help_has_examples(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help", "--lang", language]) == 0
    assert "noroshi run ./logs" in capsys.readouterr().out


def test_times_without_a_zone_are_read_in_the_zone_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "town.log"
    log.write_text("<38>May 14 2026 09:00:00 ns01 sshd[1]: Invalid user x from 192.0.2.9 port 1\n")
    home = ("--home", str(tmp_path / "home"))
    found = answer(capsys, "ingest", str(log), "--zone", "Asia/Tokyo", *home)
    assert found["zoneless_sources"] == 1
    rows = answer(capsys, "hunt", "select time from authentication", *home)
    assert rows["rows"] == [{"time": 1_778_716_800_000_000}]  # 2026-05-14T00:00Z
    assert main(["ingest", str(log), "--zone", "Mars", *home]) == 2
    assert "Asia/Tokyo" in capsys.readouterr().err
