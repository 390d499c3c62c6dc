"""Where feeds may lead, and that a key is never shown."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

import pytest
from tests.collect.feeds.conftest import Desk, Web

from noroshi.collect.feeds import Feed, FeedError
from noroshi.collect.feeds.reach import credentials, may_ask

PUBLIC = Feed("list", "list", "https://feeds.example/list.txt")


@pytest.mark.parametrize(
    "address",
    (
        "127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "fd00:ec2::254",
        "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254",
        "64:ff9b:1::192.168.0.1", "2002:0a00:1::1", "2002:7f00:1::1", "::10.0.0.1", "fec0::1",
    ),
)  # fmt: skip
def test_no_name_leads_inside_however_the_address_is_written(address: str) -> None:
    assert not may_ask(PUBLIC, PUBLIC.location, ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ("8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"))
def test_public_addresses_may_be_asked(address: str) -> None:
    assert may_ask(PUBLIC, PUBLIC.location, ipaddress.ip_address(address))


@pytest.mark.parametrize("key", ("TOP\nSECRET", "X-Key: TOP\r\nEvil: SECRET", "TOP日本SECRET"))
def test_a_key_that_no_header_may_hold_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(FeedError) as refused:
        credentials(Feed("list", "list", PUBLIC.location, key="LIST_KEY"), key, PUBLIC.location)
    assert "TOP" not in str(refused.value)
    assert "SECRET" not in str(refused.value)
    assert "LIST_KEY" in str(refused.value)


def test_the_line_end_of_a_key_file_is_no_part_of_the_key(desk: Desk, web: Web) -> None:
    web.said["/list.txt"] = b"203.0.113.7\n"
    desk.add("list", "list", web("/list.txt"), key="LIST_KEY")
    assert desk.pull("list", "TOPSECRET\n").outcome == "done"
    assert web.headers[0]["authorization"] == "Bearer TOPSECRET"


def test_a_report_with_a_name_in_shift_jis_is_read(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    name = os.fsdecode("不審な通信.txt".encode("cp932"))
    (folder / name).write_bytes(b"The implant talks to c2.bad-place.example at 198.51.100.9.")
    desk.add("reports", "reports", folder)
    pulled = desk.pull("reports")
    assert (pulled.new, pulled.refused) == (1, 0)
    assert [one["name"] for one in desk.objects("report")] == ["不審な通信.txt"]
