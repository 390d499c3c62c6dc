"""Cloud audit logs: who, from where, what, and whether it succeeded."""

from __future__ import annotations

from pathlib import Path

from tests.collect.reading import read_path


def test_cloudtrail(samples: Path) -> None:
    found = read_path(samples / "cloudtrail" / "records.json")
    read, login, created, refused = found.rows
    assert (read["actor_user_name"], read["src_endpoint_ip"]) == ("taro", "203.0.113.77")
    assert read["resource_name"] == "arn:aws:s3:::town-archive"
    assert (login["class"], login["status_id"], login["is_mfa"]) == ("authentication", 2, False)
    assert (created["class"], created["user_name"]) == ("account_change", "support")
    assert created["actor_user_name"] == "Admin"
    assert created["src_endpoint_hostname"] == "cloudformation.amazonaws.com"
    assert (refused["status_id"], refused["api_response_error"]) == (
        2,
        "Client.UnauthorizedOperation",
    )
    assert '"key":"plans.zip"' in str(found.records[0].fields["requestParameters"])


def test_m365(samples: Path) -> None:
    found = read_path(samples / "m365" / "audit.json")
    login, rule, alert, role = found.rows
    assert (login["class"], login["status_id"]) == ("authentication", 2)
    assert (rule["src_endpoint_ip"], rule["log_services"]) == (
        "203.0.113.77",
        ["audit", "exchange"],
    )
    fields = found.records[2].fields
    assert (alert["class"], fields["eventName"]) == (
        "detection_finding",
        "Suspicious inbox forwarding",
    )
    assert (fields["eventSource"], fields["status"]) == ("SecurityComplianceCenter", "success")
    assert (role["user_name"], role["actor_user_name"]) == ("hanako", "admin")
    assert role["src_endpoint_ip"] == "2001:db8::1"


def test_the_portals_export_holds_the_records_in_a_column(samples: Path) -> None:
    first, second = read_path(samples / "m365" / "export.csv").rows
    assert (first["api_operation"], second["api_operation"]) == ("FileDownloaded", "FileDeleted")
    assert first["src_endpoint_ip"] == "192.0.2.44"


def test_entra_sign_ins(samples: Path) -> None:
    found = read_path(samples / "entra" / "graph_signins.json")
    failed, passed = found.rows
    assert (failed["status_id"], passed["status_id"]) == (2, 1)
    assert (failed["user_name"], failed["user_domain"]) == ("taro", "town.example")
    assert (failed["is_mfa"], passed["is_mfa"]) == (False, True)
    fields = found.records[0].fields
    assert fields["ResultType"] == 50126
    assert fields["properties.message"] == "Device Code"
    assert fields["DeviceDetail.isCompliant"] is False


def test_entra_diagnostics(samples: Path) -> None:
    role, console, risk = read_path(samples / "entra" / "diagnostics.json").rows
    assert (role["class"], role["user_name"], role["actor_user_name"]) == (
        "account_change", "hanako", "admin",
    )  # fmt: skip
    assert (console["log_services"], console["src_endpoint_ip"]) == (["activitylogs"], "192.0.2.45")
    assert (risk["finding_info_title"], risk["is_alert"]) == ("impossibleTravel", True)
