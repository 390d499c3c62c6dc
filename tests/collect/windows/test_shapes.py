from __future__ import annotations

import pytest

from noroshi.collect.flatten import MAX_FIELDS
from noroshi.collect.record import Value
from noroshi.collect.windows import record_of, shape_of

SYSMON: dict[str, Value] = {
    "Provider_Name": "Microsoft-Windows-Sysmon",
    "Channel": "Microsoft-Windows-Sysmon/Operational",
}
SECURITY: dict[str, Value] = {
    "Provider_Name": "Microsoft-Windows-Security-Auditing",
    "Channel": "Security",
}


@pytest.mark.parametrize(
    ("event", "category"),
    [
        (1, "process_creation"), (2, "file_change"), (3, "network_connection"),
        (4, "sysmon_status"), (5, "process_termination"), (6, "driver_load"), (7, "image_load"),
        (8, "create_remote_thread"), (9, "raw_access_thread"), (10, "process_access"),
        (11, "file_event"), (12, "registry_add"), (12, "registry_delete"), (13, "registry_set"),
        (14, "registry_rename"), (15, "create_stream_hash"), (16, "sysmon_status"),
        (17, "pipe_created"), (18, "pipe_created"), (19, "wmi_event"), (20, "wmi_event"),
        (21, "wmi_event"), (22, "dns_query"), (23, "file_delete"), (24, "clipboard_capture"),
        (25, "process_tampering"), (26, "file_delete"), (27, "file_block_executable"),
        (28, "file_block_shredding"), (29, "file_executable_detected"), (255, "sysmon_error"),
    ],
)  # fmt: skip
def test_sysmon_categories(event: int, category: str) -> None:
    shape = shape_of({**SYSMON, "EventID": event})

    assert shape.log_source.covers("windows", "sysmon", category)


@pytest.mark.parametrize(
    ("channel", "service"),
    [
        ("Security", "security"),
        ("security", "security"),
        ("Windows PowerShell", "powershell-classic"),
        ("PowerShellCore/Operational", "powershell"),
        ("Microsoft-Windows-AppLocker/EXE and DLL", "applocker"),
        ("Microsoft-Windows-LDAP-Client/Debug", "ldap"),
        ("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall", "firewall-as"),
    ],
)
def test_services_follow_the_channel(channel: str, service: str) -> None:
    shape = shape_of({"Provider_Name": "Any", "Channel": channel, "EventID": 1})

    assert service in shape.log_source.services


def test_an_event_id_means_nothing_without_its_provider() -> None:
    fields: dict[str, Value] = {
        "Provider_Name": "Sample",
        "Channel": "Application",
        "EventID": 4688,
    }

    assert shape_of(fields).event_class.name == "generic"


def test_a_missing_provider_is_told_by_the_channel() -> None:
    assert shape_of({"Channel": "Security", "EventID": "4688"}).name == "security/4688"


@pytest.mark.parametrize(
    ("kind", "categories"),
    [
        ("CreateKey", {"registry_event", "registry_add"}),
        ("DeleteValue", {"registry_event", "registry_delete"}),
        (None, {"registry_event", "registry_add", "registry_delete"}),
    ],
)
def test_registry_keys_are_added_or_deleted(kind: str | None, categories: set[str]) -> None:
    shape = shape_of({**SYSMON, "EventID": 12, "EventType": kind})

    assert set(shape.log_source.categories) == categories


@pytest.mark.parametrize(
    ("object_type", "table"),
    [
        ("File", "file_activity"),
        ("Key", "registry_activity"),
        ("Process", "memory_activity"),
        ("SAM_DOMAIN", "generic"),
    ],
)
def test_object_access_goes_by_the_type_of_object(object_type: str, table: str) -> None:
    shape = shape_of({**SECURITY, "EventID": 4663, "ObjectType": object_type})

    assert shape.event_class.name == table


def test_equal_kinds_share_one_shape() -> None:
    assert shape_of({**SYSMON, "EventID": 1}) is shape_of({**SYSMON, "EventID": "1"})


@pytest.mark.parametrize("event", ["", "x", "9" * 400, -1, 2.5, None, ["1"]])
def test_an_odd_event_id_is_generic(event: Value) -> None:
    assert shape_of({**SYSMON, "EventID": event}).event_class.name == "generic"


def test_too_many_fields_are_gathered() -> None:
    many: dict[str, Value] = {f"f{number}": number for number in range(2 * MAX_FIELDS)}
    record = record_of({**SYSMON, "EventID": 1, **many})

    assert len(record.fields) == MAX_FIELDS + 1
    assert '"f1000":1000' in str(record.fields["EventData_more"])
