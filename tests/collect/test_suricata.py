"""Suricata: the three DNS layouts agree, and the initiator is the client."""

from __future__ import annotations

from pathlib import Path

from tests.collect.reading import read_path


def test_eve(samples: Path) -> None:
    found = read_path(samples / "suricata" / "eve.json")
    alert, answer, flow, _, one, two, three, http, tls, file, mail, *_ = found.rows
    assert (alert["class"], alert["finding_info_attacks"]) == ("detection_finding", ["T1190"])
    assert alert["time"] == 1_715_644_800_123_456
    assert (answer["src_endpoint_ip"], answer["dst_endpoint_ip"]) == (
        "192.168.10.21",
        "198.51.100.8",
    )
    assert (flow["time"], flow["duration"]) == (1_715_644_800_000_000, 2_500_000)
    for row, name, answers in (
        (one, "old.example", ["192.0.2.20"]),
        (two, "two.example", ["alias.example", "192.0.2.21"]),
        (three, "three.example", ["hello"]),
    ):
        assert (row["query_hostname"], row["answers"]) == (name, answers)
        assert (row["src_endpoint_ip"], row["dst_endpoint_port"]) == ("192.168.10.21", 53)
    assert three["is_rejected"] is True
    assert http["http_request_url_url_string"] == "http://files.example/x.php?c=1"
    assert tls["tls_certificate_fingerprint"] == "0000ab"
    assert (file["src_endpoint_ip"], file["dst_endpoint_ip"]) == ("192.168.10.21", "198.51.100.8")
    assert (mail["email_from"], mail["email_to"]) == ("boss@sender.example", ["taro@town.example"])
