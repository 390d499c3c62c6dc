"""Other people's parsers accept the files."""

from __future__ import annotations

import email
import mailbox
import shutil
import subprocess
from email import policy
from pathlib import Path
from xml.etree import ElementTree

import pytest

from noroshi.drill.act.vendor import hold_back, monthly_report
from noroshi.drill.clock import at
from noroshi.drill.day import Day
from noroshi.drill.kind.office import Fact
from noroshi.drill.world import build_world
from noroshi.drill.write.vendor_report import FORMATS, write_reports

TSHARK = shutil.which("tshark")
pytestmark = pytest.mark.usefixtures("observed")


def test_object_access_is_event_xml(folder: Path) -> None:
    space = "{http://schemas.microsoft.com/win/2004/08/events/event}"
    root = ElementTree.parse(folder / "windows/object-access.xml").getroot()
    assert {item.findtext(f"{space}System/{space}EventID") for item in root} == {"4663"}


def test_abuse_mail_is_a_feedback_report(folder: Path) -> None:
    box = mailbox.mbox(folder / "abuse/abuse.mbox")
    (raw,) = (box.get_bytes(key) for key in box.keys())  # noqa: SIM118 - a mailbox, no mapping
    box.close()
    message = email.message_from_bytes(raw, policy=policy.default)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds[0] == "multipart/report"
    assert "message/feedback-report" in kinds
    assert "Source-IP: 198.18.9.9" in raw.decode()


@pytest.mark.parametrize("name", ["flow/netflow5.pcap", "flow/netflow9.pcap"])
@pytest.mark.skipif(TSHARK is None, reason="tshark is not installed (make tshark)")
def test_flows_are_read_by_tshark(name: str, folder: Path) -> None:
    assert TSHARK
    command = [TSHARK, "-n", "-r", str(folder / name), "-d", "udp.port==2055,cflow"]
    fields = ["-T", "fields", "-e", "cflow.srcaddr", "-e", "_ws.malformed", "-E", "aggregator=,"]
    run = subprocess.run(
        [*command, *fields], capture_output=True, text=True, check=True, timeout=120
    )
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    assert sum(len(row[0].split(",")) for row in rows) > 10_000
    assert not any(row[1:] and row[1] for row in rows)


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_keeps_back_what_the_truth_declares(form: str, tmp_path: Path) -> None:
    day = Day(build_world(1), 1)
    report = monthly_report(day, at(10))
    (sheet,) = write_reports([report], form)
    sheet.save(tmp_path)
    text = _text(tmp_path / sheet.name, form)
    for fact in report.facts:
        assert (fact.text in text) is not fact.missing
        assert not fact.vague or (fact.vague in text) is fact.missing


def _text(path: Path, form: str) -> str:
    if form == "docx":
        from docx import Document

        return "\n".join(part.text for part in Document(str(path)).paragraphs)
    return path.read_text("cp932" if form == "txt" else "utf-8")


def test_only_facts_that_are_there_can_be_kept_back() -> None:
    facts = (Fact("first-host", "最初の端末はPC039です。"),)
    assert hold_back(facts, ("first-host",), "not asked")[0].missing
    with pytest.raises(ValueError, match="no such facts"):
        hold_back(facts, ("last-host",), "not asked")
