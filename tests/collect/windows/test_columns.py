"""What the columns hold, for the events that most analytics look at."""

from __future__ import annotations

from typing import Any

from noroshi.collect.columnise import Bucket, batches
from noroshi.collect.record import Value
from noroshi.collect.windows import record_of

SYSMON: dict[str, Value] = {
    "Provider_Name": "Microsoft-Windows-Sysmon",
    "Channel": "Microsoft-Windows-Sysmon/Operational",
}
SECURITY: dict[str, Value] = {
    "Provider_Name": "Microsoft-Windows-Security-Auditing",
    "Channel": "Security",
}


def row(fields: dict[str, Value]) -> dict[str, Any]:
    base: dict[str, Value] = {"Computer": "KIKAKU-PC07", "TimeCreated": "2026-04-01T01:02:03.5Z"}
    record = record_of(base | fields)
    bucket = Bucket(record.shape)
    bucket.add(record, 0, 0)
    (batch,) = batches(bucket, ["0" * 32])
    found: dict[str, Any] = batch.events.to_pylist()[0]
    return found


def test_every_event_has_its_host_and_time() -> None:
    found = row({"Provider_Name": "Sample", "Channel": "Application", "EventID": 1, "Level": 2})

    assert found["device_hostname"] == "kikaku-pc07"
    assert found["time"] == 1_775_005_323_500_000
    assert found["metadata_event_code"] == "1"
    assert found["severity_id"] == 4


def test_sysmon_process_creation() -> None:
    found = row(
        SYSMON
        | {
            "EventID": 1,
            "Image": r"C:\Windows\System32\whoami.exe",
            "ProcessGuid": "{7C1D2A40-5B01-69CC-1A02-000000001F00}",
            "User": r"SAKURAGI\h.tanaka",
            "Hashes": "MD5=AA,SHA256=BB",
            "OriginalFileName": "-",
        }
    )

    assert found["process_name"] == "whoami.exe"
    assert found["process_uid"] == "7c1d2a40-5b01-69cc-1a02-000000001f00"
    assert (found["process_user_domain"], found["process_user_name"]) == ("SAKURAGI", "h.tanaka")
    assert (found["process_file_hashes_md5"], found["process_file_hashes_sha1"]) == ("aa", None)
    assert found["process_file_original_name"] is None


def test_security_process_creation() -> None:
    found = row(
        SECURITY
        | {
            "EventID": 4688,
            "Keywords": "0x8020000000000000",
            "NewProcessId": "0x1018",
            "NewProcessName": r"C:\Windows\System32\whoami.exe",
            "ProcessId": "0x10",
            "ParentProcessName": r"C:\Windows\explorer.exe",
            "SubjectUserName": "KIKAKU-PC07$",
            "TargetUserName": "-",
            "MandatoryLabel": "S-1-16-12288",
        }
    )

    assert (found["process_pid"], found["process_parent_process_pid"]) == (4120, 16)
    assert found["process_parent_process_name"] == "explorer.exe"
    assert found["process_user_name"] == "KIKAKU-PC07$"
    assert found["process_integrity"] == "High"
    assert found["status_id"] == 1


def test_a_failed_logon() -> None:
    found = row(
        SECURITY
        | {
            "EventID": 4625,
            "Keywords": "0x8010000000000000",
            "TargetUserName": "m.suzuki",
            "IpAddress": "::ffff:192.0.2.9",
            "LogonType": 3,
            "Status": "0xc000006d",
            "SubStatus": "-",
            "SubjectUserSid": "S-1-0-0",
        }
    )

    assert (found["user_name"], found["src_endpoint_ip"]) == ("m.suzuki", "192.0.2.9")
    assert found["src_endpoint_ip_n"] == 0xC0000209
    assert (found["status_id"], found["status_detail"]) == (2, "0xc000006d")
    assert found["actor_user_uid"] is None


def test_a_registry_value_of_the_security_log_has_the_path_that_rules_use() -> None:
    found = row(
        SECURITY
        | {
            "EventID": 4657,
            "ObjectName": r"\REGISTRY\MACHINE\SOFTWARE\Sample\Run",
            "ObjectValueName": "Yotei",
            "NewValue": r"C:\a.exe",
        }
    )

    assert found["reg_value_path"] == r"HKLM\SOFTWARE\Sample\Run\Yotei"


def test_dns_answers_are_a_list() -> None:
    found = row(
        SYSMON
        | {
            "EventID": 22,
            "QueryName": "A.Example",
            "QueryStatus": 9003,
            "QueryResults": "type:  5 b.example;::ffff:192.0.2.1;",
        }
    )

    assert found["query_hostname"] == "a.example"
    assert found["rcode"] == "NXDOMAIN"
    assert found["answers"] == ["type:  5 b.example", "::ffff:192.0.2.1"]


def test_what_a_task_runs() -> None:
    content = "<Exec><Command>a.exe</Command><Arguments>-x &amp;&amp; b</Arguments></Exec>"
    found = row(SECURITY | {"EventID": 4698, "TaskName": r"\Yotei", "TaskContent": content})

    assert found["job_cmd_line"] == "a.exe -x && b"


def test_classic_powershell_lists() -> None:
    data: Value = [
        "Available",
        "None",
        "\tHostName=x\r\n\tHostApplication=powershell.exe -f a.ps1\r\n",
    ]
    found = row(
        {
            "Provider_Name": "PowerShell",
            "Channel": "Windows PowerShell",
            "EventID": 400,
            "Data": data,
        }
    )

    assert found["actor_process_cmd_line"] == "powershell.exe -f a.ps1"


def test_the_log_that_was_cleared() -> None:
    found = row(
        {
            "Provider_Name": "Microsoft-Windows-Eventlog",
            "EventID": 104,
            "Channel": "Windows PowerShell",
            "System_Channel": "System",
        }
    )

    assert (found["log_name"], found["metadata_log_name"]) == ("Windows PowerShell", "System")
    assert found["log_services"] == ["system"]
