from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest

from noroshi.case import Intake, ReportData, ReportError, correlate, printable, write_report
from noroshi.case.report.markdown import escape
from noroshi.case.report.words import Words, default_timezone
from noroshi.lang import LANGUAGES, Language, Message
from noroshi.model import Finding, Severity

MakeFinding = Callable[..., Finding]
START = 1_795_355_591_000_000
"""22 November 2026, 13:13:11 UTC."""

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "${7*7} {{7*7}} {% raw %} {title} {0}",
    "invoice\u202efdp.exe",
    "\x1b[31mred\x1b]0;title\x07",
    "zero\u200bwidth \U000e0041tag \u2066isolate\u2069 \ud800",
    "|cell| `code` *bold* [click](javascript:alert(1)) ![x](https://evil.example/x)",
    "javascript:alert(1)",
    "</style></title><!-- ]]> -->",
    "line\r\n# heading\n- item\n\n<b>",
    "https://evil.example www.evil.example mail@evil.example",
)


class _Page(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.headings: list[int] = []
        self.lang = ""
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag == "html":
            self.lang = dict(attrs)["lang"] or ""
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        self.text += data


def _data(findings: tuple[Finding, ...], **changes: object) -> ReportData:
    data = ReportData(
        cases=tuple(correlate(findings)),
        findings={item.id: item for item in findings},
        intake=Intake(
            events=184_213,
            bytes=96_312_004,
            seconds=14.2,
            sources={"sysmon.json": 120_311},
            classes={"process_activity": 120_311},
            skipped=(("pc-zeimu-03/Security.evtx", "cut off at byte 1048576"),),
            first=START,
            last=START + 9 * 3_600_000_000,
        ),
        rules_loaded=2431,
        generated=START,
        version="0.1",
        home="Misaki town hall",
    )
    return replace(data, **changes)  # type: ignore[arg-type]


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> Language:
    language: Language = request.param
    return language


def test_the_page_stands_alone(
    tmp_path: Path, incident: tuple[Finding, ...], lang: Language
) -> None:
    html = write_report(tmp_path, _data(incident), lang).html.read_text("utf-8")
    page = _Page(html)
    assert page.lang == lang
    assert not page.tags & {"script", "link", "iframe", "img", "object", "form", "base", "a"}
    assert not page.attributes & {"src", "href", "srcset", "action"}
    assert not any(name.startswith("on") for name in page.attributes)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert "url(" not in html
    assert "@import" not in html


def test_headings_are_nested_without_gaps(
    tmp_path: Path, incident: tuple[Finding, ...], lang: Language
) -> None:
    page = _Page(write_report(tmp_path, _data(incident), lang).html.read_text("utf-8"))
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))


def test_page_one_tells_what_happened_and_what_to_do(
    tmp_path: Path, incident: tuple[Finding, ...]
) -> None:
    page = _Page(write_report(tmp_path, _data(incident), "en").html.read_text("utf-8"))
    text = " ".join(page.text.split())
    for words in (
        "One case looks like an attack. Act now.",
        "Passwords or other credentials were probably stolen on pc-somu-07",
        "They moved on and reached fs01, db-jumin",
        "Data was probably sent out to 203.0.113.57",
        "Disconnect pc-somu-07, fs01, db-jumin from the network",
        "No log of logons was among them.",
        "pc-zeimu-03/Security.evtx",
    ):
        assert words in text
    assert text.index("What to do in the next hour") < text.index("For the analyst")


def test_the_japanese_report_says_nothing_in_english_of_its_own(
    tmp_path: Path, incident: tuple[Finding, ...]
) -> None:
    files = write_report(tmp_path, _data(incident), "ja")
    text = _Page(files.html.read_text("utf-8")).text
    assert "2026年11月20日 08:52:11" in text
    assert "(UTC+9)" in text
    english = ("What happened", "Score", "Findings", "Machines", "more", "Case", "Rule", "Status")
    for words in english:
        assert not re.search(rf"\b{words}\b", text.replace("Look at the fixture", ""))
        assert not re.search(rf"\b{words}\b", files.markdown.read_text("utf-8"))


def test_why_something_was_not_read_is_told_in_japanese(
    tmp_path: Path, incident: tuple[Finding, ...]
) -> None:
    data = _data(incident)
    skipped = (("a.zip", "archives nest deeper than 3"),)
    data = replace(data, intake=replace(data.intake, skipped=skipped))
    report = write_report(tmp_path, data, "ja")
    assert "書庫の入れ子が 3 段を超えています" in report.html.read_text("utf-8")
    assert "書庫の入れ子が 3 段を超えています" in report.markdown.read_text("utf-8")
    assert "archives nest deeper than 3" in report.json.read_text("utf-8")


def test_a_report_on_nothing_is_calm(tmp_path: Path, lang: Language) -> None:
    data = _data((), intake=Intake())
    text = _Page(write_report(tmp_path, data, lang).html.read_text("utf-8")).text
    assert ("Nothing was found." in text) == (lang == "en")


@pytest.fixture
def hostile(make_finding: MakeFinding) -> tuple[Finding, ...]:
    return tuple(
        replace(
            make_finding(
                text,
                START + number * 60_000_000,
                (text,),
                Severity.HIGH,
                [("user", text), ("domain", text + ".example"), ("process", text)],
                (text, "execution"),
                (text,),
                [(text, text)],
                title=text,
                analytic=text,
            ),
            explanation=Message(text, {"title": text}),
            disproof=Message("Seen: {what}", {"what": text}),
            next_steps=(Message("Look at {what}", {"what": text}),),
            author=text,
            licence=text,
            references=(text,),
        )
        for number, text in enumerate(HOSTILE)
    )


def _hostile_data(hostile: tuple[Finding, ...]) -> ReportData:
    everything = " ".join(HOSTILE)
    data = _data(hostile, home=everything, version=everything)
    cases = tuple(replace(case, note=everything) for case in data.cases)
    intake = replace(
        data.intake,
        sources=dict.fromkeys(HOSTILE, 1),
        skipped=tuple(zip(HOSTILE, HOSTILE, strict=True)),
    )
    return replace(data, cases=cases, intake=intake, technique_names={t: t for t in HOSTILE})


def test_hostile_evidence_does_nothing_on_the_page(
    tmp_path: Path, hostile: tuple[Finding, ...], incident: tuple[Finding, ...], lang: Language
) -> None:
    html = write_report(tmp_path, _hostile_data(hostile), lang).html.read_text("utf-8")
    normal = write_report(tmp_path, _data(incident), lang).html.read_text("utf-8")
    page, calm = _Page(html), _Page(normal)
    assert page.tags <= calm.tags
    assert page.attributes <= calm.attributes
    assert "<script>alert(1)</script>" in page.text, "it is shown, as text"
    assert "49" not in re.sub(r"\d{3,}|\d:\d+", "", page.text).replace("{{7*7}}", "").split()
    assert html.count("</style>") == 1
    _assert_nothing_hidden(html)


def test_hostile_evidence_does_nothing_in_markdown(
    tmp_path: Path, hostile: tuple[Finding, ...], lang: Language
) -> None:
    text = write_report(tmp_path, _hostile_data(hostile), lang).markdown.read_text("utf-8")
    _assert_nothing_hidden(text)
    bare = re.sub(r"\\.", "", text)
    assert "<" not in bare
    assert "](" not in bare
    assert "`" not in bare
    assert "://" not in bare
    assert "www." not in bare
    assert "evil.example" in bare
    heads = {len(re.findall(r"(?<!\\)\|", row)) for row in text.split("\n") if row.startswith("|")}
    assert heads == {7}, "no cell breaks out of the table of cases"


def test_hostile_evidence_is_exact_but_inert_in_json(
    tmp_path: Path, hostile: tuple[Finding, ...], lang: Language
) -> None:
    text = write_report(tmp_path, _hostile_data(hostile), lang).json.read_text("utf-8")
    assert text.isascii()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", text)
    assert {item["title"] for item in json.loads(text)["findings"]} == set(HOSTILE)


def _assert_nothing_hidden(text: str) -> None:
    found = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]", text)
    assert found is None
    assert "⟨U+202E⟩" in text
    assert "␛[31m" in text.replace("\\[", "[")


def test_printable_shows_what_hides() -> None:
    assert printable("\x1b[31m\u202ea\tb\r\n\x00\x9b\ud800") == (
        "␛[31m⟨U+202E⟩a⇥b␍⏎⟨U+0000⟩⟨U+009B⟩⟨U+D800⟩"
    )
    assert printable("日本語 かな ｶﾅ é") == "日本語 かな ｶﾅ é"
    assert printable("x" * 10, 4) == "xxxx… (+6)"


def test_markdown_is_escaped_once() -> None:
    assert escape("a|b `c` <d> http://e") == r"a\|b \`c\` \<d\> http:\//e"


@pytest.mark.parametrize(
    ("language", "offset", "expected"),
    [
        ("ja", None, "2026年11月22日 22:53:11 (UTC+9)"),
        ("en", None, "22 Nov 2026 13:53:11 (UTC)"),
        ("en", timedelta(hours=-3, minutes=-30), "22 Nov 2026 10:23:11 (UTC-3:30)"),
    ],
)
def test_times_name_their_zone(language: Language, offset: timedelta | None, expected: str) -> None:
    zone = default_timezone(language) if offset is None else timezone(offset)
    assert Words(language, zone).time(START) == expected


@pytest.mark.parametrize("time", [10**18, -(10**18), 2**63 - 1])
def test_a_time_that_no_calendar_has_is_shown_as_it_is(
    tmp_path: Path, make_finding: MakeFinding, time: int
) -> None:
    files = write_report(tmp_path, _data((make_finding(time=time),), generated=time), "ja")
    assert str(time) in files.html.read_text("utf-8")
    assert json.loads(files.json.read_text("utf-8"))["generated"] == time


def test_thousands_of_findings_stay_a_page_and_say_what_was_left_out(
    tmp_path: Path, make_finding: MakeFinding, lang: Language
) -> None:
    nasty = '"<&>\u202e' * 90
    findings = tuple(
        make_finding(
            f"rule{n % 50}",
            START + n * 20_000_000,
            (f"pc{n % 300}",),
            Severity(3 + n % 3),
            fields=[(f"Field{i}", nasty) for i in range(8)],
            count=3,
            minutes=5,
            salt=str(n),
        )
        for n in range(3000)
    )
    files = write_report(tmp_path, _data(findings), lang)
    assert files.html.stat().st_size < 5_000_000
    assert files.markdown.stat().st_size < 5_000_000
    page = _Page(files.html.read_text("utf-8")).text
    assert re.search(r"\d+ more cases are told in full in the JSON file only", page) or (
        "JSONファイルにのみ収録" in page
    )
    assert len(json.loads(files.json.read_text("utf-8"))["findings"]) == 3000


def test_the_document_holds_everything(tmp_path: Path, incident: tuple[Finding, ...]) -> None:
    data = _data(incident)
    document = json.loads(write_report(tmp_path, data, "en").json.read_text("utf-8"))
    assert document["intake"]["events"] == 184_213
    assert document["intake"]["first"] == "2026-11-22T13:53:11Z"
    assert [case["id"] for case in document["cases"]] == [case.id for case in data.cases]
    assert {item["id"] for item in document["findings"]} == set(data.findings)
    assert sum(r["points"] for r in document["cases"][0]["reasons"]) == pytest.approx(
        document["cases"][0]["score"]
    )


def test_writing_twice_gives_the_same_bytes(
    tmp_path: Path, incident: tuple[Finding, ...], lang: Language
) -> None:
    first = write_report(tmp_path, _data(incident), lang)
    before = [path.read_bytes() for path in (first.html, first.markdown, first.json)]
    again = write_report(tmp_path, _data(incident), lang)
    assert [path.read_bytes() for path in (again.html, again.markdown, again.json)] == before
    assert len(list(tmp_path.iterdir())) == 3


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportError, match="give another folder"):
        write_report(tmp_path / "file", _data(()), "en")
