"""Reading rules: what is kept, what is reported, what is cached."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any, NoReturn

import orjson
import pytest
from tests.detect.sigma.batches import batch_of

from noroshi.detect.sigma import RuleSet, RulesNotFound, SigmaMatcher, load_documents, load_rules
from noroshi.detect.sigma.parse import Parsed, parse_document

RULE = """\
title: {title}
id: {id}
name: {name}
logsource:
    product: windows
    category: process_creation
detection:
    one:
        Image|endswith: '\\{tool}.exe'
    condition: one
"""


def rule(number: int, tool: str = "odd") -> str:
    return RULE.format(
        title=f"Rule {number}",
        id=f"00000000-0000-4000-8000-{number:012d}",
        name=f"r{number}",
        tool=tool,
    )


def test_a_bad_rule_stops_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "deep"
    folder.mkdir(parents=True)
    (folder / "good.yml").write_text(rule(1), "utf-8")
    (folder / "also.yaml").write_text(rule(2) + "---\n" + rule(3), "utf-8")
    (folder / "twin.yml").write_text(rule(2, "other"), "utf-8")
    (folder / "list.yml").write_text("- 1\n- 2\n", "utf-8")
    (folder / "broken.yml").write_text("title: [", "utf-8")
    (folder / "binary.yml").write_bytes(b"\xff\xfe\x00")
    (folder / "empty.yml").write_text("", "utf-8")
    (folder / "level.yml").write_text(rule(4) + "level: huge\n", "utf-8")
    (folder / "pipe.yml").write_text(
        rule(5).replace("condition: one", "condition: one | count() > 3"), "utf-8"
    )
    (folder / "unknown.yml").write_text(
        rule(6).replace("condition: one", "condition: two"), "utf-8"
    )
    (folder / "twice.yml").write_text(rule(7) + "title: again\n", "utf-8")
    (folder / "bomb.yml").write_text(_bomb(), "utf-8")
    (folder / "deep.yml").write_text(
        rule(8).replace("condition: one", "condition: " + "not " * 3_000 + "one"), "utf-8"
    )
    (folder / "deeper.yml").write_text(
        rule(9).replace("condition: one", "condition: " + "not " * 100 + "one"), "utf-8"
    )
    (folder / "notes.txt").write_text("not a rule", "utf-8")
    ruleset = load_rules([tmp_path / "rules"])
    assert sorted(r.header.title for r in ruleset.rules) == ["Rule 1", "Rule 2", "Rule 3"]
    reported = {Path(problem.path).name for problem in ruleset.problems}
    assert reported == {
        "twin.yml", "list.yml", "broken.yml", "binary.yml", "level.yml", "pipe.yml", "unknown.yml",
        "twice.yml", "bomb.yml", "deep.yml", "deeper.yml",
    }  # fmt: skip
    assert all(problem.reason for problem in ruleset.problems)
    assert ruleset.files == 14


def _bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(lines)


def test_a_missing_path_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(RulesNotFound, match="nowhere"):
        load_rules([tmp_path / "nowhere"])


def test_older_collections_share_a_global_part(tmp_path: Path) -> None:
    shared = "action: global\ntitle: Both\nlogsource:\n    product: windows\n"
    part = "detection:\n    one:\n        A: {}\n    condition: one\n"
    text = shared + "---\n" + part.format("x") + "---\n" + part.format("y")
    (tmp_path / "old.yml").write_text(text, "utf-8")
    ruleset = load_rules([tmp_path])
    assert [r.header.title for r in ruleset.rules] == ["Both", "Both"]
    assert len(SigmaMatcher(ruleset)(batch_of([{"A": "x"}, {"A": "y"}]))) == 2


FILTER: dict[str, Any] = {
    "title": "Ours",
    "logsource": {"product": "windows", "category": "process_creation"},
    "filter": {
        "rules": ["r1"],
        "svc": {"User|startswith": "TOWN\\svc"},
        "condition": "not svc",
    },
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 1),
        ({"filter": FILTER["filter"] | {"rules": "any"}}, 1),
        ({"filter": FILTER["filter"] | {"rules": ["00000000-0000-4000-8000-000000000001"]}}, 1),
        ({"filter": FILTER["filter"] | {"rules": ["r2"]}}, 2),
        ({"logsource": {"product": "windows", "category": "file_event"}}, 2),
        ({"logsource": {"product": "windows"}}, 1),
    ],
)
def test_filters_exclude_without_touching_the_rule(changes: dict[str, Any], expected: int) -> None:
    base = {
        "title": "t",
        "name": "r1",
        "id": "00000000-0000-4000-8000-000000000001",
        "logsource": {"product": "windows", "category": "process_creation"},
        "detection": {"one": {"Image|endswith": "\\odd.exe"}, "condition": "one"},
    }
    ruleset = load_documents([FILTER | changes, base])
    assert not ruleset.problems
    batch = batch_of(
        [{"Image": "\\odd.exe", "User": name} for name in ("TOWN\\svc1", "TOWN\\anna")]
    )
    assert len(SigmaMatcher(ruleset)(batch)) == expected


def folder_of(tmp_path: Path, *texts: str) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.yml").write_text(text, "utf-8")
    return folder


def same(one: RuleSet, other: RuleSet) -> bool:
    return (one.rules, one.correlations, one.problems) == (
        other.rules, other.correlations, other.problems,
    )  # fmt: skip


CORRELATION = """\
title: Often
id: 00000000-0000-4000-8000-000000000099
correlation:
    type: temporal
    rules: [r1, r2]
    group-by: [User]
    aliases: {User: {r1: User, r2: TargetUser}}
    timespan: 5m
    condition: r1 and not r2
"""


def test_the_cache_gives_the_same_and_survives_tampering(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, rule(1), rule(2), CORRELATION, "title: [")
    cache = tmp_path / "cache"
    fresh = load_rules([folder], cache=cache)
    assert len(fresh.correlations) == 1
    (stored,) = cache.iterdir()
    content = stored.read_bytes()
    assert same(load_rules([folder], cache=cache), fresh)
    assert stored.read_bytes() == content
    data = orjson.loads(content)
    for damage in (
        b"", b"[]", b"{", content[:-10], b'{"version": 1, "files": 3}',
        content.replace(b"Text", b"Exec"),
        orjson.dumps(data | {"version": 0}),
        orjson.dumps(data | {"files": {key: {"parsed": [{}]} for key in data["files"]}}),
    ):  # fmt: skip
        stored.write_bytes(damage)
        assert same(load_rules([folder], cache=cache), fresh)


def test_only_changed_files_are_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path, rule(1), rule(2))
    load_rules([folder], cache=tmp_path / "cache")
    parsed: list[str] = []

    def parse(document: dict[str, Any]) -> Parsed:
        parsed.append(document["title"])
        return parse_document(document)

    monkeypatch.setattr("noroshi.detect.sigma.load.parse_document", parse)
    (folder / "1.yml").write_text(rule(3), "utf-8")
    ruleset = load_rules([folder], cache=tmp_path / "cache")
    assert parsed == ["Rule 3"]
    assert [r.header.title for r in ruleset.rules] == ["Rule 1", "Rule 3"]


def test_loading_and_matching_need_no_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    ruleset = load_rules([folder_of(tmp_path, rule(1) + "tags: [attack.t1059, d3fend.d3-am]\n")])
    assert len(SigmaMatcher(ruleset)(batch_of([{"Image": "\\odd.exe"}]))) == 1


def test_the_collection_s_licence_stands_in(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, rule(1), rule(2) + "license: MIT\n")
    (folder / "LICENSE").write_text("Rules: Detection Rule License (DRL) 1.1", "utf-8")
    assert [r.header.license for r in load_rules([folder]).rules] == ["DRL-1.1", "MIT"]


def test_an_id_that_is_a_number_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "number.yml").write_text(rule(1).replace(f"00000000-0000-4000-8000-{1:012d}", "17"))

    (problem,) = load_rules([tmp_path]).problems

    assert problem.reason == "its id 17 is not a text; it must be a UUID"
