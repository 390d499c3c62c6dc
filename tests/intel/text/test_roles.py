"""Which part a value plays, in sentences of our own, and in lines read wrong in real reports."""

from __future__ import annotations

import pytest

from noroshi.app.quality.roles import labelled, roles
from noroshi.intel.text import Document, extract


def test_roles_hold_on_our_own_sentences() -> None:
    found = roles()
    assert found["dev"]["accuracy"] >= 0.95
    assert found["test"]["accuracy"] >= 0.93
    assert found["test"]["called_indicator"]["precision"] >= 0.86
    assert found["test"]["called_indicator"]["recall"] >= 0.95


def test_the_sentences_hold_what_is_asked_and_the_halves_differ() -> None:
    halves: dict[str, set[str]] = {"dev": set(), "test": set()}
    for one in labelled():
        value = one.value.partition(":")[2]
        assert value in one.sentence.replace("[.]", ".")
        halves[one.half].add(one.sentence)
    assert len(halves["dev"]) == len(halves["test"]) == 74
    assert not halves["dev"] & halves["test"]


@pytest.mark.parametrize(
    ("line", "value", "role"),
    [
        ("It makes a connectivity check to search[.]example first.", "search.example", "benign"),
        ("起動時に疎通確認として search[.]example へ接続する。", "search.example", "benign"),
        ("malware [told](https://paper.example/a\\_b/story\\_1.html) of it", "paper", "reference"),
        ('alert tcp (msg:"trojan"; reference:url,https://lab.example/x;)', "lab", "reference"),
        ("* Course 5 - 16 October 2020.exe is malware", "2020.exe", "mention"),
        ("It affects Kuma versions earlier than 21.0.0.182 and its payload.", "21.0", ""),
        ("Malware used Kuma version before 21.0.0.182.", "21.0", ""),
        (
            "= Kuma Indicators of Compromise\n\nThe blog post is available at\nhttps://lab.example/2026/kuma/",
            "lab",
            "reference",
        ),
        ("= Kuma Indicators of Compromise\n\nhttps://lab.example/2026/kuma/", "lab", "indicator"),
        (
            "= Kuma Indicators of Compromise\n\nAccording to us\n\nhttps://lab.example/2026/kuma/",
            "lab",
            "indicator",
        ),
        ("hxxp[:]//evil[.]example/dh?lo=[base64 of the address]", "evil", "indicator"),
        ("![Doc](/img/blogs/Kuma%20Loader/doc%20file.PNG) malware", "file.PNG", "reference"),
        ("**047-20 Report Beirut blast.rar** is the malware", "047-20 Report", "indicator"),
        ("| **File** | Invoice of May 2020.exe | malware |", "Invoice of May 2020", "indicator"),
    ],
)
def test_lines_that_were_read_wrong(line: str, value: str, role: str) -> None:
    found = [one for one in extract(Document("line", line)).indicators if value in one.value]
    assert [one.context.value for one in found] == ([role] if role else [])


def test_a_url_ends_before_words_that_stand_for_a_part_of_it() -> None:
    found = extract(Document("line", "hxxp[:]//evil[.]example/dh?lo=[base64 of the address]"))
    assert [one.value for one in found.indicators] == ["http://evil.example/dh?lo"]
