"""Files made to hurt: bounded, said in words, and the next file is still read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from noroshi.app.cli import main
from noroshi.intel.text import Document, Limits, extract, read_bytes
from noroshi.lang import render

SMALL = Limits(
    input_bytes=1 << 20, inflated_bytes=1 << 18, characters=1 << 18, pages=50, seconds=10
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def said(document: Document) -> str:
    return " | ".join(render(problem, "en") for problem in document.problems)


def docx(body: bytes, head: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        text = head + b'<w:document xmlns:w="' + W.encode() + b'"><w:body>' + body
        archive.writestr("word/document.xml", text + b"</w:body></w:document>")
    return out.getvalue()


def paragraph(text: bytes) -> bytes:
    return b"<w:p><w:r><w:t>" + text + b"</w:t></w:r></w:p>"


def test_a_text_without_end_is_cut_and_said() -> None:
    document = read_bytes(b"evil[.]example\n" * 200_000, "big.txt", SMALL)
    assert len(document.text) == SMALL.characters
    assert "big.txt: only the first 1048576 bytes were read" in said(document)
    assert f"only the first {SMALL.characters} characters" in said(document)
    assert extract(document).indicators


def test_a_docx_bomb_is_stopped_while_it_unpacks() -> None:
    bomb = docx(paragraph(b"evil[.]example") + paragraph(b"a" * 1000) * 20_000)
    assert len(bomb) < 200_000
    document = read_bytes(bomb, "bomb.docx", SMALL)
    assert f"only the first {SMALL.inflated_bytes} bytes" in said(document)
    assert len(document.text) <= SMALL.characters
    assert [one.value for one in extract(document).indicators][:1] == ["evil.example"]


def test_entities_of_a_docx_are_never_expanded() -> None:
    head = b'<!DOCTYPE x [<!ENTITY a "evil.example"><!ENTITY b "&a;&a;&a;">]>'
    document = read_bytes(docx(paragraph(b"&b;"), head), "laughs.docx", SMALL)
    assert "document type" in said(document)
    assert document.text.strip() == ""


def test_deep_html_needs_no_stack() -> None:
    page = b"<html>" + b"<div>" * 50_000 + b"evil[.]example" + b"</div>" * 50_000
    assert [one.value for one in extract(read_bytes(page, "deep.html", SMALL)).indicators] == [
        "evil.example"
    ]


def test_a_mail_of_many_parts_is_read_up_to_a_number() -> None:
    head = b'From: a\nTo: b\nSubject: c\nContent-Type: multipart/mixed; boundary="x"\n\n'
    part = b"--x\nContent-Type: text/plain\n\nevil[.]example\n"
    document = read_bytes(head + part * 2_000 + b"--x--\n", "parts.eml", SMALL)
    assert "only the first 500 parts" in said(document)


def test_archives_in_archives_are_not_opened() -> None:
    inner = b"evil[.]example"
    for _ in range(8):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("inner.zip", inner)
        inner = out.getvalue()
    document = read_bytes(inner, "nested.zip", SMALL)
    assert "archive or office file of another kind" in said(document)
    assert document.text == ""


def test_a_pdf_that_promises_more_pages_than_it_has_is_said() -> None:
    pages = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    pages += b"2 0 obj<</Type/Pages/Count 1000000/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    document = read_bytes(pages, "pages.pdf", SMALL)
    assert document.text.strip() == ""


def test_hidden_and_turned_characters_hide_nothing() -> None:
    text = "\u202eevil\u200b[.]exam\u00adple\0 \ufeff198.51.\u2060100.7"
    values = {one.value for one in extract(read_bytes(text.encode(), "odd.txt", SMALL)).indicators}
    assert values == {"evil.example", "198.51.100.7"}


def test_a_pdf_of_empty_pages_is_read_up_to_a_number_and_that_is_said() -> None:
    pytest.importorskip("pypdf", reason="the extra 'text' is not installed")
    kids = b" ".join([b"3 0 R"] * 2_000)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 2000/Kids[" + kids + b"]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 4\n0000000000 65535 f \n"
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % table
    document = read_bytes(data, "empty.pdf", SMALL)
    assert document.text.strip() == ""
    assert len(document.pages) <= SMALL.pages
    assert "empty.pdf" in said(document)


def test_after_hostile_files_the_others_are_still_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4\nnothing")
    (tmp_path / "c.html").write_bytes(b"<div>" * 20_000 + b"one[.]example")
    (tmp_path / "d.txt").write_text("C2: two[.]example\n")
    main(["intel", "extract", str(tmp_path), "--home", str(tmp_path / "home"), "--json"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    values = {one["value"] for line in lines for one in line["indicators"]}
    assert {"one.example", "two.example"} <= values
