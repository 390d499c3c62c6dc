"""The demonstration: same seed, same bytes; readable by others; inert."""

from __future__ import annotations

import base64
import csv
import json
import mailbox
import re
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

from noroshi.drill import DemoSummary, write_demo
from noroshi.drill.demo import SCENARIO
from noroshi.drill.scenario.shelf import scenario


def test_same_seed_same_bytes(demo: DemoSummary, evidence: Path, tmp_path: Path) -> None:
    again = write_demo(tmp_path / "evidence")
    assert again.records == demo.records
    for path in demo.files:
        assert (
            path.read_bytes() == (tmp_path / "evidence" / path.relative_to(evidence)).read_bytes()
        )
    assert demo.truth.read_bytes() == again.truth.read_bytes()


def test_another_seed_another_day(demo: DemoSummary, tmp_path: Path) -> None:
    other = write_demo(tmp_path / "evidence", seed=2)
    assert 0.7 < other.records / demo.records < 1.4
    assert all(
        left.read_bytes() != right.read_bytes()
        for left, right in zip(demo.files, other.files, strict=True)
    )


def test_size(demo: DemoSummary) -> None:
    assert 100_000 <= demo.records <= 160_000
    assert demo.bytes == sum(path.stat().st_size for path in demo.files)


def test_truth_points_at_the_evidence(demo: DemoSummary, evidence: Path) -> None:
    truth = json.loads(demo.truth.read_text("utf-8"))
    assert evidence not in demo.truth.parents
    assert [step["step"] for step in truth["steps"]] == list(scenario(SCENARIO).steps)
    for step in truth["steps"]:
        assert step["evidence"], step
        assert step["title"]["ja"] != step["title"]["en"]
    lines = (evidence / "windows/winlogbeat.ndjson").read_text("utf-8").splitlines()
    stolen = next(step for step in truth["steps"] if step["step"] == "credentials")
    shown = {place["file"]: place for place in stolen["evidence"]}
    assert shown.keys() == {"windows/winlogbeat.ndjson", "edr/alerts.json"}
    place = shown["windows/winlogbeat.ndjson"]
    record = json.loads(lines[place["lines"][0] - 1])
    assert record["winlog"]["event_data"]["TargetImage"].endswith("lsass.exe")


def test_mail_is_readable_in_every_encoding(evidence: Path) -> None:
    box = mailbox.mbox(evidence / "mail/journal.mbox")
    charsets = set()
    names = set()
    for message in box:
        subject = str(make_header(decode_header(str(message["Subject"]))))
        assert "\ufffd" not in subject
        for part in message.walk():
            if part.get_content_type() == "text/plain":
                charset = part.get_content_charset()
                data = part.get_payload(decode=True)
                assert charset is not None
                assert isinstance(data, bytes)
                assert re.search("[ぁ-ん]", data.decode(charset))
                charsets.add(charset)
            if name := part.get_filename():
                names.add(str(make_header(decode_header(name))))
    assert len(box) > 100
    box.close()
    assert charsets == {"iso-2022-jp", "shift_jis", "utf-8"}
    assert {"請求書_2026年5月分.xlsm", "令和8年度調査票.xlsm", "調査票.xlsx"} <= names


def test_zeek_columns(evidence: Path) -> None:
    for name in ("conn", "dns"):
        with (evidence / f"zeek/{name}.log").open(encoding="utf-8") as handle:
            rows = list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
        fields = next(row for row in rows if row[0] == "#fields")[1:]
        types = next(row for row in rows if row[0] == "#types")[1:]
        assert len(fields) == len(types)
        data = [row for row in rows if not row[0].startswith("#")]
        assert all(len(row) == len(fields) for row in data)
        times = [float(row[0]) for row in data]
        assert times == sorted(times)


def test_text_logs_have_their_shape(evidence: Path) -> None:
    for name, pattern in (
        ("proxy/access.log", r"\d{10}\.\d{3} +\d+ [\d.]+ TCP_\w+/\d{3} \d+ [A-Z]+ \S+ \S+ HIER_"),
        ("firewall/fw01.log", r"<\d+>1 2026-05-2\dT\S+\+09:00 fw01 bordergate - \d+ - CEF:0\|"),
        ("www01/auth.log", r"May 20 \d\d:\d\d:\d\d www01 \w+\[\d+\]: "),
        ("www01/audit.log", r"type=[A-Z]+ msg=audit\(\d+\.\d{3}:\d+\): "),
        ("www01/access.log", r"[\d.]+ - - \[20/May/2026:\S+ \+0900\] \"(GET|POST) "),
    ):
        lines = (evidence / name).read_text("utf-8").splitlines()
        assert lines
        assert all(re.match(pattern, line) for line in lines), name


def test_nothing_in_it_works(windows: list[dict[str, Any]]) -> None:
    """Every encoded command is a comment, and says so; what is not, asks and reads."""
    commands = [record["CommandLine"] for record in windows if record["EventID"] == 1]
    encoded = [command.split()[-1] for command in commands if " -Enc" in command]
    assert len(encoded) > 20
    for text in set(encoded):
        script = base64.b64decode(text).decode("utf-16-le")
        assert all(line.startswith("#") for line in script.splitlines())
    blocks = [record["ScriptBlockText"] for record in windows if record["EventID"] == 4104]
    plain = [line for block in blocks if not block.startswith("#") for line in block.splitlines()]
    harmless = ("$url = ", "Invoke-WebRequest -Uri $url ", "Import-Csv ", "Invoke-Command -Comp")
    assert all(line.startswith(harmless) for line in plain)
    assert all("Get-HotFix" in line for line in plain if line.startswith(harmless[-1]))
