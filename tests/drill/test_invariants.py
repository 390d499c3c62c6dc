"""What holds in the simulated world holds in its evidence: no log contradicts another."""

from __future__ import annotations

import hashlib
import mailbox
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from noroshi.drill.event import (
    Event,
    FileWritten,
    Flow,
    LoggedOn,
    Process,
    ProcessStarted,
    ProxyRequest,
    Resolved,
    ServiceInstalled,
    ShareOpened,
)

Events = list[Event]
ALLOWED = [
    ip_network(text)
    for text in (
        "10.20.0.0/16", "127.0.0.0/8", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24",
    )
]  # fmt: skip


def test_parents_come_first(events: Events) -> None:
    started: set[Process] = set()
    count = 0
    for event in events:
        if isinstance(event, ProcessStarted):
            parent = event.process.parent
            assert parent is not None
            assert parent.boot or parent in started
            assert parent.host is event.process.host
            assert parent.started <= event.time
            started.add(event.process)
            count += 1
    assert count > 2000


def test_processes_act_only_while_they_live(events: Events) -> None:
    started: set[Process] = set()
    ended: set[Process] = set()
    for event in events:
        process = getattr(event, "process", None)
        if process is None:
            continue
        if isinstance(event, ProcessStarted):
            started.add(process)
            continue
        assert process.boot or process in started, event
        assert process not in ended, event
        if type(event).__name__ == "ProcessEnded":
            ended.add(process)


def test_sessions_begin_before_they_are_used(events: Events) -> None:
    known = set()
    for event in events:
        if isinstance(event, LoggedOn):
            known.add(event.session)
        elif isinstance(event, ShareOpened | ServiceInstalled):
            assert event.session in known
        elif isinstance(event, ProcessStarted):
            session = event.process.session
            assert session in known or session.logon_id == 0x3E7


def test_names_are_resolved_before_they_are_connected_to(events: Events) -> None:
    asked: set[tuple[str, str]] = set()
    checked = 0
    for event in events:
        if isinstance(event, Resolved):
            asked.add((event.host.ip, event.name))
        elif isinstance(event, Flow) and event.name:
            assert (event.source, event.name) in asked, event
            checked += 1
    assert checked > 5000


def test_proxy_lines_have_their_flows(events: Events) -> None:
    flows = {event.uid for event in events if isinstance(event, Flow)}
    for event in events:
        if isinstance(event, ProxyRequest):
            assert event.inner.uid in flows
            assert event.outer.uid in flows
            assert event.inner.time < event.outer.time <= event.time
            assert event.outer.time + event.outer.duration <= event.time
            assert event.inner.sent > event.outer.sent


def test_connections_are_unique(events: Events) -> None:
    uids = [event.uid for event in events if isinstance(event, Flow | Resolved)]
    assert len(uids) == len(set(uids))


def test_addresses_are_private_or_for_documentation(events: Events) -> None:
    for event in events:
        if isinstance(event, Flow):
            for text in (event.source, event.target):
                assert any(ip_address(text) in network for network in ALLOWED), text


def test_windows_records_agree(windows: list[dict[str, Any]]) -> None:
    """The same rules once more, on what was written and by its own ids only."""
    processes: dict[str, str] = {}
    sessions: set[tuple[str, str]] = set()
    numbers: dict[tuple[str, str], int] = {}
    last = ""
    for record in windows:
        assert record["@timestamp"] >= last
        last = record["@timestamp"]
        key = (record["Computer"], record["Channel"])
        assert record["RecordNumber"] == numbers.get(key, record["RecordNumber"] - 1) + 1
        numbers[key] = record["RecordNumber"]
        if record["EventID"] == 4624:
            sessions.add((record["Computer"], record["TargetLogonId"]))
        elif record["EventID"] == 1:
            assert record["ProcessGuid"] not in processes
            processes[record["ProcessGuid"]] = record["Image"]
            parent = processes.get(record["ParentProcessGuid"])
            assert parent in (None, record["ParentImage"])
        elif record["EventID"] in (3, 5, 11, 13, 22) and record["ProcessGuid"] in processes:
            assert processes[record["ProcessGuid"]] == record["Image"]
        elif record["EventID"] in (4697, 5140, 5145):
            assert (record["Computer"], record["SubjectLogonId"]) in sessions
        if "UtcTime" in record:
            assert record["UtcTime"].replace(" ", "T") + "Z" == record["@timestamp"]


def test_attachment_is_the_file_that_was_opened(
    evidence: Path, windows: list[dict[str, Any]]
) -> None:
    box = mailbox.mbox(evidence / "mail/journal.mbox")
    contents = [
        part.get_payload(decode=True)
        for message in box
        for part in message.walk()
        if part.get_content_disposition() == "attachment"
    ]
    box.close()
    sent = {hashlib.sha256(data).hexdigest().upper() for data in contents if type(data) is bytes}
    opened = [
        record["Hash"].partition("SHA256=")[2]
        for record in windows
        if record["EventID"] == 15 and "Content.Outlook" in record["TargetFilename"]
    ]
    assert len(opened) == 1
    assert opened[0] in sent


def test_programs_dropped_are_programs_run(events: Events) -> None:
    dropped = {
        event.path: hashlib.sha256(event.content).hexdigest()
        for event in events
        if isinstance(event, FileWritten) and event.step
    }
    run = {
        event.process.program.path: event.process.program.sha256
        for event in events
        if isinstance(event, ProcessStarted) and event.step
    }
    both = dropped.keys() & run.keys()
    assert {path.rpartition("\\")[2] for path in both} == {"invsync.exe", "wsync.exe", "r.exe"}
    assert all(dropped[path] == run[path] for path in both)
