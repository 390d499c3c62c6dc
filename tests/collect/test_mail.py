"""Mail: Japanese encodings, links, attachments, the way it took; contents are not kept."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from tests.collect.reading import read, read_path

from noroshi.collect.mail.encodings import decode_header, decode_text
from noroshi.collect.mail.links import LinkReader, urls_in_text
from noroshi.collect.mail.route import originating

SUBJECT = "【至急】請求書①㈱ﾃｽﾄ"


def word(charset: str, data: bytes) -> str:
    return f"=?{charset}?B?{base64.b64encode(data).decode()}?="


@pytest.mark.parametrize(
    ("label", "data", "expected"),
    [
        ("shift_jis", SUBJECT.encode("cp932"), SUBJECT),
        ("utf-8", SUBJECT.encode(), SUBJECT),
        ("iso-2022-jp", b"\x1b$B\x2d\x21\x2d\x6a\x1b(B", "①㈱"),
        ("iso-2022-jp", b"\x1b(I\x43\x3d\x44\x1b(B", "ﾃｽﾄ"),
        ("us-ascii", "日本語".encode("cp932"), "日本語"),
        ("utf-8", "町役場からのお知らせ".encode("euc_jp"), "町役場からのお知らせ"),
        ("", "日本語の件名".encode("iso2022_jp"), "日本語の件名"),
        ("gb2312", "请查收发票".encode("gb2312"), "请查收发票"),
        ("no-such-charset", b"plain", "plain"),
    ],
)
def test_text_is_read_whatever_its_label(label: str, data: bytes, expected: str) -> None:
    assert decode_text(data, label) == expected


def test_a_character_cut_between_two_words_is_whole() -> None:
    data = "日本語の件名".encode()
    assert (
        decode_header(word("utf-8", data[:7]) + "\r\n " + word("utf-8", data[7:])) == "日本語の件名"
    )


def test_the_invoice(samples: Path) -> None:
    found = read_path(samples / "mail" / "invoice.eml")
    (row,) = found.rows
    assert row["email_subject"] == "【至急】請求書①のご確認"
    assert (row["email_from"], row["email_from_name"]) == ("soumu@sender.example", "町役場 総務課")
    assert row["email_to"] == ["taro@town.example", "bc@town.example"]
    assert row["email_attachments"] == ["請求書.zip"]
    assert row["email_urls"] == ["http://files.example/a", "http://login.elsewhere.example/x"]
    assert row["email_x_originating_ip"] == "203.0.113.9"
    assert row["time"] == 1_715_644_800_000_000
    fields = found.records[0].fields
    assert fields["attachment.members"] == ["readme.txt"]
    assert fields["link_mismatch"] == [
        "https://portal.town.example/ -> http://login.elsewhere.example/x"
    ]


def test_contents_are_dropped(samples: Path) -> None:
    fields = read_path(samples / "mail" / "invoice.eml").records[0].fields
    assert "ご確認ください" not in str(fields)
    assert "こちら" not in str(fields)


def test_attachments_are_hashed() -> None:
    content = b"inert"
    mail = (
        b"From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\n"
        b'Content-Type: application/pdf; name="x.pdf"\nContent-Transfer-Encoding: base64\n\n'
        + base64.b64encode(content)
    )
    (row,) = read(mail).rows
    assert row["email_attachment_sha256"] == [hashlib.sha256(content).hexdigest()]


def test_a_mailbox_gives_each_message(samples: Path) -> None:
    first, second = read_path(samples / "mail" / "box.mbox").rows
    assert first["email_urls"] == ["https://files.example/b"]
    assert second["email_subject"] == "二通目"
    assert second["time"] == 1_715_648_400_000_000


def test_links_in_unclosed_markup_are_found() -> None:
    assert list(LinkReader("<p <a href='http://x.example/1'>go").urls) == ["http://x.example/1"]
    assert urls_in_text("see (https://x.example/a).") == ["https://x.example/a"]


def test_inside_hops_do_not_count() -> None:
    hops = [
        "from a ([192.168.1.1]) by b",
        "from c ([198.51.100.9]) by a",
        "from d ([10.0.0.1]) by c",
    ]
    assert originating([], hops) == "198.51.100.9"
    assert originating(["[203.0.113.5]"], hops) == "203.0.113.5"
