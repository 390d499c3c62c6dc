"""A plain list, one value a line, for whatever reads lists."""

from __future__ import annotations

from noroshi.intel.indicators import IndicatorType
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job, comments
from noroshi.share.exports.safe import one_line
from noroshi.share.exports.writing import Target


def write(job: Job, target: Target) -> None:
    """Write each value on a line of its own, comments before and after."""
    with target.file("indicators.txt") as sink:
        sink.write(comments(job.head()))
        for row in job.rows:
            value = row.value
            if value != one_line(value) or value[0] in "#;" or " " in value or "//" in value[:2]:
                job.refuse(row.value)
            else:
                sink.write(f"{value}\n".encode())
        sink.write(comments(job.tail()))


FORMAT = Format("plain", N_("one value a line"), frozenset(IndicatorType), write, "indicators.txt")
