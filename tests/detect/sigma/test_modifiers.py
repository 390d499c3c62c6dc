"""Every modifier and value type by example, in every way of matching."""

from __future__ import annotations

from typing import Any

import pytest
from tests.detect.sigma.batches import Record, batch_of

from noroshi.detect.sigma import SigmaMatcher, load_documents

WAYS: tuple[dict[str, bool], ...] = ({}, {"pure": True}, {"sieved": False})

CASES: tuple[tuple[dict[str, Any], str | list[str] | None, bool], ...] = (
    ({"F": "Cmd.exe"}, "cMD.EXE", True),
    ({"F": "cmd.exe"}, "cmd.exe ", False),
    ({"F": "ÄPFEL"}, "äpfel", True),
    ({"F": "wird*gross?"}, "WIRD sehr\ngross!", True),
    ({"F": "wird*gross?"}, "wird gross", False),
    ({"F": "a\\*b"}, "a*b", True),
    ({"F": "a\\*b"}, "axb", False),
    ({"F": "?"}, "日", True),
    ({"F": "?"}, "", False),
    ({"F": "*"}, "", True),
    ({"F": "*"}, None, False),
    ({"F": ""}, "", True),
    ({"F": ""}, None, False),
    ({"F": None}, None, True),
    ({"F": None}, "", False),
    ({"F": []}, None, True),
    ({"F": 4688}, "4688", True),
    ({"F": 4688}, "04688", False),
    ({"F": True}, "TRUE", True),
    ({"F": False}, "false", True),
    ({"F": "'true'"}, "true", False),
    ({"F|contains": "enc"}, "-ENCodedcommand", True),
    ({"F|startswith": "-e"}, "-Enc", True),
    ({"F|startswith": "-e"}, "x-enc", False),
    ({"F|endswith": "\\a.exe"}, "c:\\A.EXE", True),
    ({"F|endswith": "\\a.exe"}, "c:\\a.exe.bak", False),
    ({"F|contains|all": ["a", "b"]}, "b a", True),
    ({"F|contains|all": ["a", "c"]}, "b a", False),
    ({"F|contains|cased": "Ab"}, "xAbx", True),
    ({"F|contains|cased": "Ab"}, "xabx", False),
    ({"F|base64": "Hello"}, "SGVsbG8=", True),
    ({"F|base64offset|contains": "whoami"}, "ZWNobyB3aG9hbWk=", True),
    ({"F|base64offset|contains": "whoami"}, "eHdob2FtaXg=", True),
    ({"F|base64offset|contains": "whoami"}, "d2hvYW1x", False),
    ({"F|wide|base64offset|contains": "iex"}, "aQBlAHgAIAA=", True),
    ({"F|utf16le|base64": "ab"}, "YQBiAA==", True),
    ({"F|utf16be|base64": "ab"}, "AGEAYg==", True),
    ({"F|utf16|base64": "ab"}, "//5hAGIA", True),
    ({"F|wide|contains": "ab"}, "xa\0b\0", True),
    ({"F|windash|contains": " -f"}, "x /f", True),
    ({"F|windash|contains": " /f"}, "x \u2013f", True),
    ({"F|windash|contains": " -f"}, "x +f", False),
    ({"F|cidr": "192.0.2.0/24"}, "192.0.2.77", True),
    ({"F|cidr": "192.0.2.0/24"}, "::ffff:192.0.2.77", True),
    ({"F|cidr": "192.0.2.0/24"}, "192.0.3.1", False),
    ({"F|cidr": "2001:db8::/32"}, "2001:DB8:0::1%eth0", True),
    ({"F|cidr": "192.0.2.0/24"}, "192.0.2.77 x", False),
    ({"F|re": "^a.c$"}, "abc", True),
    ({"F|re": "^a.c$"}, "abc\n", True),
    ({"F|re": "^a.c$"}, "abc\nd", False),
    ({"F|re": "^a.c$"}, "ABC", False),
    ({"F|re|i": "^a.c$"}, "ABC", True),
    ({"F|re": "a.c"}, "a\nc", False),
    ({"F|re|s": "a.c"}, "a\nc", True),
    ({"F|re": "^b"}, "a\nb", False),
    ({"F|re|m": "^b"}, "a\nb", True),
    ({"F|re": "(?<!no )entry"}, "an entry", True),
    ({"F|re": "(?<!no )entry"}, "no entry", False),
    ({"F|re|contains": "b|c"}, "abd", True),
    ({"F|lt": 5}, "4.5", True),
    ({"F|lt": 5}, "5", False),
    ({"F|lte": 5}, "5", True),
    ({"F|gt": 5}, "60", True),
    ({"F|gt": 5}, "six", False),
    ({"F|gte": 5.5}, "5.5", True),
    ({"F|gt": 9007199254740992}, "9007199254740993", True),
    ({"F|exists": True}, "", True),
    ({"F|exists": True}, None, False),
    ({"F|exists": False}, None, True),
    ({"F|fieldref": "G"}, "SAME", True),
    ({"F|fieldref": "G"}, "same!", False),
    ({"F|fieldref": "H"}, "same", False),
    ({"F|fieldref|startswith": "G"}, "same!", True),
    ({"F|fieldref|endswith": "G"}, "the same", True),
    ({"F|fieldref|contains": "G"}, "a Same b", True),
    ({"F|neq": "a"}, "b", True),
    ({"F|neq": "a"}, "A", False),
    ({"F|neq": "a"}, None, True),
    ({"F|hour": 14}, "2024-05-01T23:10:00+09:00", True),
    ({"F|minute": 10}, "2024-05-01T23:10:00Z", True),
    ({"F|day": 1}, "2024-05-01 23:10:00", True),
    ({"F|week": 18}, "2024-05-01", True),
    ({"F|month": 6}, "2024-05-01", False),
    ({"F|year": 2023}, "1700000000", True),
    ({"F|year": 2023}, "1700000000000000", True),
    ({"F": "b"}, ["a", "B"], True),
    ({"F|contains|all": ["a", "b"]}, ["xa", "xb"], True),
    ({"F": "c"}, ["a", "b"], False),
    ({"F": "a"}, [], False),
    ({"F|exists": True}, [], True),
)


@pytest.mark.parametrize("way", WAYS, ids=["hyperscan", "pure", "unsieved"])
@pytest.mark.parametrize(("selection", "value", "expected"), CASES)
def test_modifier(
    selection: dict[str, Any], value: str | list[str] | None, expected: bool, way: dict[str, bool]
) -> None:
    assert matching(selection, {"F": value, "G": "same", "H": None}, way) is expected


@pytest.mark.parametrize("way", WAYS, ids=["hyperscan", "pure", "unsieved"])
@pytest.mark.parametrize(
    ("keywords", "record", "expected"),
    [
        (["mimikatz"], {"message": "ran MIMIKATZ today"}, True),
        (["mimikatz"], {"Data": ["x", "Mimikatz.exe"], "message": None}, True),
        (["mimi*katz"], {"message": "mimi the katz"}, True),
        (["mimi", "other"], {"message": "other"}, True),
        ({"|all": ["mimi", "katz"]}, {"A": "mimi", "B": "katz"}, True),
        ({"|all": ["mimi", "katz"]}, {"A": "mimi", "B": "cat"}, False),
        ({"|re": "m[i1]mi"}, {"A": "x m1mi"}, True),
        ([4625], {"A": "code 4625"}, True),
        (["katz"], {"message": None}, False),
    ],
)
def test_keywords(keywords: Any, record: Record, expected: bool, way: dict[str, bool]) -> None:
    assert matching(keywords, record, way) is expected


def matching(selection: Any, record: Record, way: dict[str, bool]) -> bool:
    document = {
        "title": "t",
        "logsource": {"product": "windows"},
        "detection": {"selection": selection, "condition": "selection"},
    }
    ruleset = load_documents([document])
    assert not ruleset.problems
    absent: Record = {"Other": "x"}
    return 0 in {
        int(event.split(":")[1])
        for event in SigmaMatcher(ruleset, **way)(batch_of([record, absent]))[
            "event_id"
        ].to_pylist()
    }


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        ({"F|expand": "%admins%"}, "placeholder %admins%"),
        ({"F|re": "("}, "regular expression"),
        ({"F|re": "(?=(a+)+)b"}, "repeats too much"),
        ({"F|re": "(a|aa)+(?=b)"}, "repeats too much"),
        ({"F|nosuch": "x"}, "nosuch"),
        ({"F|cidr": "10.0.0.1/8"}, "cidr"),
        ({"F|lt": "x"}, "incompatible"),
    ],
)
def test_unusable_rules_are_reported_with_the_reason(
    selection: dict[str, Any], reason: str
) -> None:
    document = {
        "title": "t",
        "id": "00000000-0000-4000-8000-000000000001",
        "logsource": {"product": "windows"},
        "detection": {"selection": selection, "condition": "selection"},
    }
    ruleset = load_documents([document])
    assert not ruleset.rules
    assert reason in ruleset.problems[0].reason.lower()
    assert ruleset.problems[0].rule_id == document["id"]
