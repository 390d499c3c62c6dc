"""Indicators out of a table whose header names a column of values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from noroshi.intel.indicators.imported import Imported, in_parts, moment, once, strictest_tag
from noroshi.intel.indicators.indicator import Indicator, IndicatorType

_COLUMNS: dict[str, Sequence[str]] = {
    "value": (
        "indicator",
        "ioc",
        "value",
        "ioc_value",
        "url",
        "domain",
        "hostname",
        "ip",
        "dst_ip",
        "ip_address",
        "address",
        "hash",
        "sha256",
        "sha256_hash",
        "md5_hash",
    ),
    "type": ("type", "indicator_type", "ioc_type", "kind"),
    "description": ("description", "comment", "note", "malware", "threat"),
    "confidence": ("confidence",),
    "valid_from": (
        "valid_from",
        "last_seen",
        "last_online",
        "first_seen",
        "first_seen_utc",
        "date",
        "dateadded",
        "date_added",
    ),
    "valid_until": ("valid_until", "expiration", "expires"),
    "tlp": ("tlp",),
}
_NAMED_TYPES: dict[str, IndicatorType] = {
    **{kind.value: kind for kind in IndicatorType},
    "domain": IndicatorType.DOMAIN,
    "hostname": IndicatorType.DOMAIN,
    "url": IndicatorType.URL,
    "email": IndicatorType.MAIL,
    "md5": IndicatorType.HASH,
    "sha1": IndicatorType.HASH,
    "sha256": IndicatorType.HASH,
    "md5_hash": IndicatorType.HASH,
    "sha256_hash": IndicatorType.HASH,
    "filename": IndicatorType.FILE_NAME,
}


def table_in(text: str) -> str:
    """Return a table from its header on: a line that names a column of values, and a delimiter.

    Comment lines before it are passed over; the last of them may itself be the header.

    Returns:
        Empty if there is none.
    """
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        line = text[at:end]
        bare = line.lstrip("#; ")
        if _is_header(bare):
            return bare + text[end:]
        if line.strip() and not line.startswith(("#", ";")):
            break
        at = end
    return ""


def _is_header(line: str) -> bool:
    names = [name.strip().strip('"').lower() for name in line.replace("\t", ",").split(",")]
    return len(names) > 1 and any(name in _COLUMNS["value"] for name in names)


def from_table(text: str, base: Indicator) -> Iterator[Imported]:
    """Read a table that begins with its header, part by part.

    Lines that cannot be read are refused; equal lines of a part are one.
    """
    first = text.partition("\n")[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    lines = io.StringIO(text.replace("\0", ""))
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    broken = Imported()
    rows = _rows(reader, broken)
    names = {name.strip().lower(): at for at, name in enumerate(next(rows, ()))}
    column = {
        role: next((names[name] for name in known if name in names), -1)
        for role, known in _COLUMNS.items()
    }
    at = column["value"]
    for part in in_parts(rows):
        found = Imported()
        for row in once((row for row in part if _cell(row, at)), found):
            _row(row, column, base, found)
        yield found
    yield broken


def _rows(reader: Iterator[list[str]], broken: Imported) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a table that are no empty ones; note those that are no CSV."""
    number = 0
    while True:
        number += 1
        try:
            if row := next(reader, None):
                yield tuple(row)
            elif row is None:
                return
        except csv.Error as error:
            broken.refuse(f"row {number}", f"CSV: {error}")


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if 0 <= at < len(row) else ""


def _row(row: Sequence[str], column: Mapping[str, int], base: Indicator, found: Imported) -> None:
    def cell(role: str) -> str:
        return _cell(row, column[role])

    value = cell("value")
    if value.startswith("#"):
        return
    confidence = cell("confidence")
    this = replace(
        base,
        description=cell("description")[:500],
        valid_from=moment(cell("valid_from")),
        valid_until=moment(cell("valid_until")),
        tlp=strictest_tag([f"tlp:{cell('tlp').removeprefix('TLP:')}"]) if cell("tlp") else "",
        confidence=int(confidence) if confidence.isdecimal() and int(confidence) <= 100 else 50,
    )
    if cell("type").lower() == "ip:port":
        value = value.rpartition(":")[0]
    found.add(this, _NAMED_TYPES.get(cell("type").lower()), value)
