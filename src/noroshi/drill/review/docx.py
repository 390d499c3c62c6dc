"""The report as a Word file, which a town hall edits, stamps and files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from noroshi.drill.review.blocks import Bars, Block, Bullets, Heading, Paragraph, Table
from noroshi.drill.review.errors import ReviewError
from noroshi.lang import Language

_FONTS = {"ja": "Yu Gothic", "en": "Calibri"}


def to_docx(blocks: Sequence[Block], title: str, language: Language) -> bytes:
    """Return the file.

    Raises:
        ReviewError: python-docx is not installed.
    """
    try:
        import docx
        from docx.oxml.ns import qn
    except ImportError as error:
        raise ReviewError(
            "a Word file needs python-docx: pip install 'noroshi[report]', or --format html"
        ) from error
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = "Noroshi"
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Title"):
        style = document.styles[name]
        style.font.name = _FONTS[language]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONTS[language])
    for block in blocks:
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(text, level)
        case Paragraph(text, lead, soft):
            run = document.add_paragraph().add_run(text)
            run.bold, run.italic = lead, False
            if soft:
                _small(run)
        case Bullets(items):
            for item in items:
                document.add_paragraph(item, style="List Bullet")
        case Table(heads, rows, widths):
            _table(document, [heads, *rows], widths)
        case Bars(rows):
            shown = [(label, "■" * round(10 * share) + "□" * (10 - round(10 * share)), text)
                     for label, share, text in rows]  # fmt: skip
            _table(document, shown, (0.5, 0.3, 0.2), heading=False)


def _small(run: Any) -> None:
    from docx.shared import Pt, RGBColor

    run.font.size = Pt(9)
    run.font.color.rgb = RGBColor(0x57, 0x60, 0x6A)


def _table(
    document: Any, rows: Sequence[Sequence[str]], widths: Sequence[float], heading: bool = True
) -> None:
    from docx.shared import Mm, Pt

    table = document.add_table(rows=0, cols=len(widths))
    table.style = "Light Grid Accent 1" if heading else "Light List"
    table.autofit = False
    for row in rows:
        cells = table.add_row().cells
        for cell, text, width in zip(cells, row, widths, strict=True):
            cell.width = Mm(160 * width)
            cell.text = text
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(1)
                for run in paragraph.runs:
                    run.font.size = Pt(9)
