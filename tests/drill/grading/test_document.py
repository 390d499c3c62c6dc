"""Reports are understood as people write them."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.drill.clock import HOUR, JST, at, local
from noroshi.drill.grading.document import Claimed, read_document
from noroshi.drill.grading.errors import GradingError
from noroshi.drill.grading.moments import moments
from noroshi.drill.grading.parts import Part
from noroshi.drill.grading.questions import Question
from noroshi.drill.grading.template import template
from noroshi.lang import LANGUAGES, Language, Message

QUESTIONS = [Question("Q1", Message("Under whose account is {artefact} contacted?",
                                    {"artefact": "c2.example"}), ("a.mori",))]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_untouched_form_says_nothing(language: Language) -> None:
    document = read_document(template(QUESTIONS, language), "report.md", at(8), at(18))
    assert not any(document.scope.values())
    assert document.timeline == ()
    assert document.answers == {"Q1": ""}
    free = (Part.SUMMARY, Part.CAUSE, Part.MEASURES, Part.IMPACT, Part.CONTACTS, Part.NEXT)
    assert [document.sections[part] for part in free] == [""] * 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_form_is_read(language: Language) -> None:
    lines = []
    for line in template(QUESTIONS, language).splitlines():
        lines.append(line)
        if line.startswith("- ") and line.endswith(": "):
            lines[-1] += "PC001、 `FS01`; なし"
        if line.startswith("| ---"):
            lines.append("| 10時05分 | PC001 | メールを開く | T1204.002 |")
        if line.startswith("## 1."):
            lines.append("一台が感染した。")
    document = read_document("\n".join(lines), "report.md", at(8), at(18))
    assert document.scope == dict.fromkeys(("hosts", "accounts", "data"), ("PC001", "FS01"))
    assert document.timeline == (Claimed(at(10, 5), "PC001", "メールを開く", "T1204.002"),)
    assert document.sections[Part.SUMMARY] == "一台が感染した。"
    assert document.answers == {"Q1": "PC001、 `FS01`; なし"}


def test_the_same_as_json() -> None:
    form = {
        "sections": {"summary": "x"},
        "scope": {"hosts": ["PC001"]},
        "timeline": [{"time": "10:05", "host": "PC001", "what": "x", "technique": "t1204"}],
        "answers": {"Q1": "a.mori"},
    }
    document = read_document(json.dumps(form), "report.json", at(8), at(18))
    assert document.scope["hosts"] == ("PC001",)
    assert document.timeline[0].time == at(10, 5)
    assert document.answers == {"Q1": "a.mori"}


@pytest.mark.parametrize("text", ["{", "[]", '{"scope": 3}', '{"unknown": 1}', "[" * 5000])
def test_json_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(GradingError, match=r"report\.json"):
        read_document(text, "report.json", at(8), at(18))


def test_a_document_without_end_is_refused() -> None:
    with pytest.raises(GradingError, match="longer than"):
        read_document("x" * 2_000_001, "report.md", at(8), at(18))


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    read_document(text, "report.md", at(8), at(18))
    read_document(f"## 3. 時系列\n|{text}|", "report.md", at(8), at(18))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10:05", at(10, 5)),
        ("10時05分", at(10, 5)),
        ("9時に確認", at(9)),
        ("午後1時半ごろ", at(13, 30)),
        ("5月20日 10:05", at(10, 5)),
        ("2026-05-20T01:05:00Z", at(10, 5)),
        ("2026/5/20 23:10:05", at(23, 10, 5)),
        ("1:30", at(25, 30)),
    ],
)
def test_times_as_people_write_them(text: str, expected: int) -> None:
    assert list(moments(text, at(8), at(30))) == [expected]


@pytest.mark.parametrize("text", ["10.20.10.7", "8080", "v1:2", "25:99", "13月45日 10:00", "1:2:3"])
def test_other_numbers_are_no_times(text: str) -> None:
    assert list(moments(text, at(8), at(30))) == []


@given(st.integers(at(8), at(8) + 24 * HOUR - 1))
def test_a_written_time_is_read_back(time: int) -> None:
    minute = local(time).replace(second=0, microsecond=0)
    written = f"{minute:%Y-%m-%d %H:%M}"
    assert [datetime.fromtimestamp(t / 1e6, JST) for t in moments(written, at(8), at(32))] == [
        minute
    ]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("- Q1 外部のどのアドレスから使われましたか。: 192.0.2.92", "192.0.2.92"),
        ("- Q1 外部のどのアドレスから使われましたか。:192.0.2.92", "192.0.2.92"),
        ("- Q1 いつですか？: 02:14", "02:14"),
        ("Q1: 02:14", "02:14"),
        ("Q1 02:14", "02:14"),
        ("- Q1 Name the address that was used: 192.0.2.92", "192.0.2.92"),
        ("- Q1 外部のどのアドレスから使われましたか。:", ""),
    ],
)
def test_an_answer_stands_behind_its_question(line: str, answer: str) -> None:
    assert read_document(f"## 9. 設問への回答\n{line}\n", "r.md", at(8), at(18)).answers == {
        "Q1": answer
    }
