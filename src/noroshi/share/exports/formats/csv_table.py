"""CSV (RFC 4180) with a header; ``noroshi indicators import`` reads it too.

A cell that a spreadsheet would run as a formula begins with an apostrophe (OWASP, "CSV
Injection"). Times are RFC 3339 in UTC.
"""

from __future__ import annotations

import csv
import io

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.objects import clock
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job
from noroshi.share.exports.row import Row
from noroshi.share.exports.safe import one_line
from noroshi.share.exports.writing import Target

COLUMNS = (
    "value", "type", "confidence", "first_seen", "last_seen", "valid_until", "tlp", "source",
    "labels", "description",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(job: Job, target: Target) -> None:
    """Write the header and a line for each indicator."""
    with target.file("indicators.csv") as sink:
        sink.write(_line(COLUMNS))
        for row in job.rows:
            if one_line(row.value) == row.value:
                sink.write(_line(_cells(row)))
            else:
                job.refuse(row.value)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.value, row.kind.value, str(round(row.score)), _time(row.first), _time(row.last),
        _time(row.until), row.tlp.word, "; ".join(row.sources), "; ".join(row.labels),
        row.description,
    )  # fmt: skip


def _line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([_cell(cell) for cell in cells])
    return text.getvalue().encode("utf-8", "replace")


def _cell(text: str) -> str:
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line


def _time(moment: int) -> str:
    return clock.text(moment) if moment else ""


FORMAT = Format(
    "csv", N_("table for spreadsheets and scripts"), frozenset(IndicatorType), write,
    "indicators.csv",
)  # fmt: skip
