"""The report as PDF.

Japanese is set in a CID font that PDF readers bring along (Adobe-Japan1), so that no font has to be
shipped and files stay small. Source: PDF 32000-1:2008, 9.7.5.2 (predefined CMaps).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from noroshi.drill.review.blocks import Bars, Block, Bullets, Heading, Paragraph, Table
from noroshi.drill.review.errors import ReviewError

_FONT = "HeiseiKakuGo-W5"
_WIDTH = 180
"""Width of the text, mm on A4."""
_COLOURS = {"intruder": "#a4161a", "team": "#1d5c8f", "averted": "#3d5a4c", "world": "#57606a"}


def to_pdf(blocks: Sequence[Block], title: str) -> bytes:
    """Return the file.

    Raises:
        ReviewError: ReportLab is not installed.
    """
    try:
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.units import mm
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.platypus import SimpleDocTemplate
    except ImportError as error:
        raise ReviewError(
            "a PDF needs ReportLab: pip install 'noroshi[report]', or --format html"
        ) from error
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    out = io.BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, title=title, author="Noroshi", leftMargin=15 * mm, rightMargin=15 * mm,
        topMargin=16 * mm, bottomMargin=16 * mm,
    )  # fmt: skip
    page.build([each for block in blocks for each in _flow(block)], onFirstPage=_foot,
               onLaterPages=_foot)  # fmt: skip
    return out.getvalue()


def _foot(canvas: Any, page: Any) -> None:
    canvas.setFont(_FONT, 8)
    canvas.drawCentredString(page.pagesize[0] / 2, 22, f"{canvas.getPageNumber()}")


def _style(size: float, **more: Any) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"s{size}", fontName=_FONT, fontSize=size, leading=size * 1.55, wordWrap="CJK",
        **more,
    )  # fmt: skip


def _text(text: str, size: float = 9.5, **more: Any) -> Any:
    from reportlab.platypus import Paragraph as Flowing

    return Flowing(escape(text).replace("\n", "<br/>"), _style(size, **more))


def _room() -> Any:
    """Nothing, where a heading and some lines fit; else a new page."""
    from reportlab.lib.units import mm
    from reportlab.platypus import CondPageBreak

    return CondPageBreak(35 * mm)


def _flow(block: Block) -> list[Any]:
    match block:
        case Heading(text, level):
            size = {1: 18.0, 2: 13.0}.get(level, 10.5)
            before = 14 if level == 2 else 8
            return [_room(), _text(text, size, spaceBefore=before, spaceAfter=5)]
        case Paragraph(text, lead, soft):
            colour = "#57606a" if soft else "#1f2328"
            return [_text(text, 12 if lead else 9, textColor=colour, spaceAfter=6, spaceBefore=4)]
        case Bullets(items):
            return [
                _text(f"・{item}", 9.5, leftIndent=10, firstLineIndent=-10, spaceAfter=2)
                for item in items
            ]
        case Table(heads, rows, widths, marks):
            return [_table(heads, rows, widths, marks)]
        case Bars(rows):
            return [_bars(rows)]


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float],
    marks: Sequence[str],
) -> Any:  # fmt: skip
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Table as Grid

    cells = [[_text(head, 8, textColor="#57606a") for head in heads]]
    cells += [[_text(cell, 8.5) for cell in row] for row in rows]
    style: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#d9d6cf")),
        ("LEFTPADDING", (0, 0), (-1, -1), 5), ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]  # fmt: skip
    style += [
        ("LINEBEFORE", (0, row), (0, row), 2.5, HexColor(_COLOURS[mark]))
        for row, mark in enumerate(marks, 1)
    ]
    return Grid(
        cells, colWidths=[_WIDTH * width * mm for width in widths], repeatRows=1, style=style,
        splitInRow=1,
    )  # fmt: skip


def _bars(rows: Sequence[tuple[str, float, str]]) -> Any:
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Table as Grid

    cells = []
    for label, share, text in rows:
        bar = Drawing(60 * mm, 8)
        bar.add(Rect(0, 0, 60 * mm, 8, fillColor=HexColor("#e6e3dd"), strokeColor=None))
        colour = "#3d7a4c" if share >= 0.8 else "#c98a1b" if share >= 0.5 else "#a4161a"
        bar.add(Rect(0, 0, 60 * mm * share, 8, fillColor=HexColor(colour), strokeColor=None))
        cells.append([_text(label, 9), bar, _text(text, 9)])
    return Grid(
        cells, colWidths=[80 * mm, 64 * mm, 36 * mm], style=[("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    )
