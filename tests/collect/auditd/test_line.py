from __future__ import annotations

import pytest

from noroshi.collect.auditd.line import parse
from noroshi.collect.auditd.socket_address import socket_address

HEAD = "type={} msg=audit(1775007010.200:101): "


def fields(kind: str, body: str) -> dict[str, str]:
    return parse(HEAD.format(kind) + body).fields


def test_header() -> None:
    record = parse("node=web01 " + HEAD.format("CWD") + 'cwd="/var"')

    assert (record.kind, record.node, record.event) == ("CWD", "web01", "audit(1775007010.200:101)")


def test_hex_is_decoded_where_the_field_is_text() -> None:
    assert fields("PROCTITLE", "proctitle=6C73002D6C")["proctitle"] == "ls -l"
    assert fields("EXECVE", 'argc=2 a0="ls" a1=6120622E747874')["a1"] == "a b.txt"
    assert fields("SYSCALL", "a0=6120 syscall=59")["a0"] == "6120"


def test_long_arguments_are_put_together() -> None:
    found = fields("EXECVE", 'argc=2 a0="x" a1_len=4 a1[0]="ab" a1[1]="cd"')

    assert found["a1"] == "abcd"


def test_nested_message_and_enriched_fields() -> None:
    found = fields("USER_LOGIN", 'pid=9 msg=\'op=login acct="root" res=failed\'\x1dUID="root"')

    assert found == {"pid": "9", "op": "login", "acct": "root", "res": "failed", "UID": "root"}


def test_interpreted_values_may_hold_blanks() -> None:
    line = "type=PROCTITLE msg=audit(04/01/2026 02:00:01.120:401) : proctitle=curl -s x"

    assert parse(line).fields == {"proctitle": "curl -s x"}


@pytest.mark.parametrize(
    "line", ["", "type=", "type=X msg=audit(", "hello", "type=x msg=audit(1.2:3): "]
)
def test_what_is_no_record_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not an audit record"):
        parse(line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("02000035CB00712D", {"saddr_fam": "inet", "laddr": "203.0.113.45", "lport": "53"}),
        (
            "0A00005000000000" + "20010DB8" + "00" * 11 + "01" + "00" * 4,
            {"saddr_fam": "inet6", "laddr": "2001:db8::1", "lport": "80"},
        ),
        ("01002F72756E2F7800", {"saddr_fam": "local", "path": "/run/x"}),
        ("0200", {}),
        ("zz", {}),
    ],
)
def test_socket_addresses(text: str, expected: dict[str, str]) -> None:
    assert socket_address(text) == expected
