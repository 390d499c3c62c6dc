from __future__ import annotations

import io
import json
from typing import Any

from noroshi.collect import BadRecord, Evidence, Record
from noroshi.collect.windows_json import read_windows_json

SYSMON = "Microsoft-Windows-Sysmon"
CHANNEL = "Microsoft-Windows-Sysmon/Operational"
IMAGE = r"C:\Windows\System32\whoami.exe"
DUMP: dict[str, Any] = {
    "Event": {
        "System": {
            "Provider": {"#attributes": {"Name": SYSMON}},
            "EventID": 1,
            "Level": 4,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-04-01T01:15:02.100000Z"}},
            "Channel": CHANNEL,
            "Computer": "PC",
            "Execution": {"#attributes": {"ProcessID": 4}},
        },
        "EventData": {"Image": IMAGE, "UtcTime": "2026-04-01 01:15:02.100"},
    }
}
NXLOG = {
    "SourceName": SYSMON,
    "EventID": 1,
    "EventType": "INFO",
    "EventTime": "2026-04-01 10:15:02",
    "Channel": CHANNEL,
    "Hostname": "PC",
    "ExecutionProcessID": 4,
    "Image": IMAGE,
    "UtcTime": "2026-04-01 01:15:02.100",
}
WINLOGBEAT: dict[str, Any] = {
    "@timestamp": "2026-04-01T01:15:02.100Z",
    "log": {"level": "information"},
    "winlog": {
        "provider_name": SYSMON,
        "event_id": 1,
        "channel": CHANNEL,
        "computer_name": "PC",
        "process": {"pid": 4},
        "event_data": {"Image": IMAGE},
    },
}
AZURE = {
    "TimeGenerated": "2026-04-01T01:15:02.100Z",
    "Provider": SYSMON,
    "Channel": CHANNEL,
    "Computer": "PC",
    "EventLevel": 4,
    "EventID": 1,
    "EventData": json.dumps({"Image": IMAGE}),
}


def read(*events: Any) -> list[Record | BadRecord]:
    data = "\n".join(json.dumps(event) for event in events).encode()
    return list(read_windows_json(Evidence("x", lambda: io.BytesIO(data))))


def record(event: Any) -> Record:
    (found,) = read(event)
    assert isinstance(found, Record)
    return found


def test_all_shippers_end_in_the_same_shape_names_and_time() -> None:
    found = [record(event) for event in (DUMP, NXLOG, WINLOGBEAT, AZURE)]

    assert len({item.shape for item in found}) == 1
    assert len({item.time for item in found}) == 1
    for item in found:
        assert item.fields["Provider_Name"] == SYSMON
        assert item.fields["Computer"] == "PC"
        assert item.fields["Image"] == IMAGE
        assert int(str(item.fields["Level"])) == 4
        assert item.fields["Channel"] == CHANNEL


def test_nxlog_words_do_not_pass_for_the_events_own() -> None:
    assert "EventType" not in record(NXLOG).fields
    assert (
        record(NXLOG | {"EventType": "SetValue", "EventID": 13}).fields["EventType"] == "SetValue"
    )


def test_nxlog_keywords_are_written_in_hex() -> None:
    found = record(NXLOG | {"Keywords": -9218868437227405312})

    assert found.fields["Keywords"] == "0x8010000000000000"


def test_winlogbeat_says_audit_failure_in_words() -> None:
    event = {**WINLOGBEAT, "winlog": {**WINLOGBEAT["winlog"], "keywords": ["Audit Failure"]}}

    assert record(event).fields["Keywords"] == "0x8010000000000000"


def test_azure_event_data_as_xml_and_as_list() -> None:
    as_xml = {**AZURE, "EventData": '<EventData><Data Name="Image">x</Data></EventData>'}
    as_list = {**AZURE, "EventData": None, "EventData_dynamic": '["a", "b"]'}
    as_junk = {**AZURE, "EventData": "<EventData"}

    assert record(as_xml).fields["Image"] == "x"
    assert record(as_list).fields["Data"] == ["a", "b"]
    assert record(as_junk).fields["EventData"] == "<EventData"


def test_an_event_as_xml_text_in_json() -> None:
    text = "<Event><System><Provider Name='S'/><EventID>5</EventID></System></Event>"

    assert record({"Event": text}).fields == {"Provider_Name": "S", "EventID": "5"}


def test_what_is_no_event_is_kept_as_bad() -> None:
    good, bad = read(DUMP, {"hello": "world"})

    assert isinstance(good, Record)
    assert isinstance(bad, BadRecord)
    assert bad.offset > 0


def test_local_time_marked_as_utc_is_set_right_for_every_record_of_the_export() -> None:
    sysmon = {**NXLOG, "TimeCreated": "2026-04-01T10:15:02.110Z"}
    del sysmon["EventTime"]
    other = {"EventID": 1, "Channel": "System", "SourceName": "S", "Hostname": "PC"}
    other["TimeCreated"] = "2026-04-01T10:15:02.100Z"

    first, second = read(other, sysmon)

    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.time == second.time
