"""What no collector reads is named by what it is, with what reads it instead."""

from __future__ import annotations

import pytest

from noroshi.collect.errors import UnknownFormatError
from noroshi.collect.evidence import Head
from noroshi.collect.registry import choose


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("flow/netflow5.pcap", b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00", "packets"),
        ("advice.pdf", b"%PDF-1.7\n", "for people"),
        ("calls.md", "# 電話連絡票\n".encode(), "for people"),
        ("odd.bin", b"\x00\x01\x02", r"starts with b'\x00\x01\x02'"),
    ],
)
def test_what_is_not_a_log_is_told_by_what_it_is(name: str, data: bytes, word: str) -> None:
    with pytest.raises(UnknownFormatError) as caught:
        choose(Head(name, data))
    assert name in str(caught.value)
    assert word in str(caught.value)
