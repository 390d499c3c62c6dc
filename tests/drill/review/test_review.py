"""The after-action report is whole, harmless and readable in three formats."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from noroshi.drill.action import ActionKind
from noroshi.drill.clock import at
from noroshi.drill.demo import SCENARIO as NAME
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.letter import Channel
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.grading.grade import grade
from noroshi.drill.review import write_review
from noroshi.drill.review.errors import ReviewError
from noroshi.lang import LANGUAGES, Language

HOSTILE = "<script>alert(1)</script> & \x1b[31m 「引用」 {harm} [link](http://x.example)"
STAGE = ScenarioStage()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    exercise = Exercise(tmp_path_factory.mktemp("review") / "t", STAGE)
    exercise.start(STAGE.open(NAME, 1, 1, "red"))
    exercise.act(ActionKind.ISOLATE_HOST, "PC001", Role.CSIRT, "誤り")
    exercise.advance(at(13))
    exercise.act(ActionKind.ISOLATE_HOST, "PC039", Role.CSIRT, HOSTILE)
    exercise.inject(Party.PRESS, "liaison", HOSTILE, Channel.PHONE)
    exercise.hint("見て")
    exercise.advance(at(20))
    text = f"## 1. 概要\n{HOSTILE} PC039が感染した。PC777が感染した。\n"
    exercise.submit(Role.ALL, f"{HOSTILE}.md", text)
    return exercise


@pytest.fixture(scope="module")
def files(
    played: Exercise, tmp_path_factory: pytest.TempPathFactory
) -> dict[Language, dict[str, Path]]:
    result = grade(played, STAGE)
    folder = tmp_path_factory.mktemp("files")
    return {language: write_review(folder, result, STAGE, language).paths for language in LANGUAGES}


SAID = {
    "ja": ("演習講評", "PC039をネットワークから隔離", "時間遅れていれば", "T1252", "みどり野町"),
    "en": ("After-action report", "takes PC039 off the network", "hours later", "T1252", "PC777"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_the_story(
    files: dict[Language, dict[str, Path]], language: Language
) -> None:
    page = files[language]["html"].read_text("utf-8")
    for words in SAID[language]:
        assert words in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_harmless(files: dict[Language, dict[str, Path]], language: Language) -> None:
    page = files[language]["html"].read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert not re.search(r"(?:src|href)\s*=", page)
    assert "default-src 'none'" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_can_be_read(files: dict[Language, dict[str, Path]], language: Language) -> None:
    reader = PdfReader(io.BytesIO(files[language]["pdf"].read_bytes()))
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    for words in SAID[language]:
        assert words.replace(" ", "") in text.replace(" ", "")
    assert len(reader.pages) < 12
    assert "/FontFile2" not in str(reader.trailer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_file_can_be_read(
    files: dict[Language, dict[str, Path]], language: Language
) -> None:
    document = docx.Document(str(files[language]["docx"]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    for words in SAID[language]:
        assert words in text


def test_japanese_pages_are_japanese(files: dict[Language, dict[str, Path]]) -> None:
    page = files["ja"]["html"].read_text("utf-8").partition("</style>")[2]
    sentences = re.sub(r"<[^>]+>", "\n", page).splitlines()
    english = [
        line
        for line in sentences
        if re.search(r"[a-z]{4,} [a-z]{3,} [a-z]{3,}", line)
        and not re.search("[ぁ-ん]|script", line)
    ]
    assert english == []


def test_an_unwritable_folder_is_told(played: Exercise, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReviewError, match="another folder"):
        write_review(tmp_path / "file" / "x", grade(played, STAGE), STAGE, "en", ["html"])
