r"""Zeek's intelligence framework: a file for ``Intel::read_files``.

Source: Zeek documentation, "Intelligence Framework": tab-separated, ``#fields`` first, URLs without
their scheme. A byte that the reader would take for something else is written ``\xHH``.
"""

from __future__ import annotations

from noroshi.intel.indicators import IndicatorType
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job
from noroshi.share.exports.row import Row
from noroshi.share.exports.safe import one_line
from noroshi.share.exports.writing import Target

_TYPES = {
    IndicatorType.ADDRESS: "Intel::ADDR",
    IndicatorType.NETWORK: "Intel::SUBNET",
    IndicatorType.DOMAIN: "Intel::DOMAIN",
    IndicatorType.URL: "Intel::URL",
    IndicatorType.HASH: "Intel::FILE_HASH",
    IndicatorType.MAIL: "Intel::EMAIL",
    IndicatorType.FILE_NAME: "Intel::FILE_NAME",
}
_UNSET = frozenset(("", "-", "(empty)"))
"""Texts that Zeek reads as no text at all."""


def write(job: Job, target: Target) -> None:
    """Write the header and a line for each indicator."""
    with target.file("noroshi.intel") as sink:
        sink.write(b"#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\n")
        for row in job.rows:
            value = row.value
            if row.kind is IndicatorType.URL:
                value = value.partition("://")[2]
            if value in _UNSET or one_line(value) != value:
                job.refuse(row.value)
                continue
            cells = (value, _TYPES[row.kind], "Noroshi", _about(row))
            sink.write("\t".join(map(_escaped, cells)).encode("utf-8", "replace") + b"\n")


def _about(row: Row) -> str:
    words = [f"score {row.score:g}", ", ".join(row.sources), ", ".join(row.labels), row.description]
    return one_line("; ".join(word for word in words if word))


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\x5c")
    return f"\\x23{text[1:]}" if text.startswith("#") else text


FORMAT = Format(
    "zeek", N_("Zeek's intelligence framework"), frozenset(_TYPES), write, "noroshi.intel"
)
