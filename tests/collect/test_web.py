"""Web servers and proxies: the names that Sigma's rules use, whatever the format."""

from __future__ import annotations

from pathlib import Path

from tests.collect.reading import read_path


def test_combined(samples: Path) -> None:
    found = read_path(samples / "web_access" / "combined.log")
    first, second, third, fourth, fifth, sixth = found.rows
    fields = found.records[0].fields
    assert fields["cs-uri-query"] == ["id=1%20UNION%20SELECT", "/index.php?id=1%20UNION%20SELECT"]
    assert (fields["cs-uri-stem"], fields["sc-status"]) == ("/index.php", "200")
    assert first["time"] == 1_715_644_800_000_000
    assert first["duration"] == 123_000
    assert second["actor_user_name"] == "taro"
    assert second["http_request_user_agent"] == 'Mozilla/5.0 "quoted"'
    assert third["http_request_url_hostname"] == "portal.town.example"
    assert (fourth["log_categories"], fourth["http_response_code"]) == (["webserver"], 400)
    assert (fifth["log_categories"], fifth["dst_endpoint_hostname"]) == (["proxy"], "files.example")
    assert fifth["dst_endpoint_port"] == 443
    assert (sixth["is_alert"], sixth["traffic_bytes_out"]) == (True, 284)


def test_iis(samples: Path) -> None:
    found = read_path(samples / "web_access" / "iis.log")
    row = found.rows[0]
    assert row["time"] == 1_715_644_801_000_000
    assert (row["actor_user_name"], row["actor_user_domain"]) == ("taro", "TOWN")
    assert row["http_request_user_agent"] == "Mozilla/5.0 (Windows NT 10.0)"
    assert row["http_request_url_query_string"] == "cmd=whoami"
    assert (row["device_hostname"], row["dst_endpoint_ip"]) == ("websrv1", "192.168.10.6")
    assert row["duration"] == 46_000
    assert found.records[1].fields["cs-uri-query"] == "/ews/exchange.asmx"


def test_squid(samples: Path) -> None:
    found = read_path(samples / "squid" / "access.log")
    first, denied, tunnel, nothing = found.rows
    assert found.records[0].fields["c-uri-extension"] == "exe"
    assert (first["dst_endpoint_ip"], first["dst_endpoint_port"]) == ("198.51.100.8", 80)
    assert (denied["is_alert"], denied["dst_endpoint_hostname"]) == (True, "c2.example")
    assert tunnel["dst_endpoint_ip"] == "2001:db8::25"
    assert "http_response_code" not in nothing
