"""Indicators out of a table whose header names a column of values."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from noroshi.intel.indicators.imported import Imported, moment, strictest_tag
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


def from_table(text: str, base: Indicator) -> Imported:
    """Read a table that begins with its header; lines that cannot be read are refused."""
    found = Imported()
    first = text.partition("\n")[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    lines = io.StringIO(text.replace("\0", ""))
    reader = csv.DictReader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        names = {str(name).strip().lower(): name for name in reader.fieldnames or ()}
    except csv.Error as error:
        found.refuse("line 1", f"CSV: {error}")
        return found
    column = {
        role: next((names[name] for name in known if name in names), None)
        for role, known in _COLUMNS.items()
    }
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            found.refuse(f"line {reader.line_num}", f"CSV: {error}")
            continue
        if row is None:
            return found
        value = str(row.get(column["value"] or "") or "").strip()
        if value and not value.startswith("#"):
            _row(row, column, value, base, found)


def _row(
    row: Mapping[str, Any],
    column: Mapping[str, str | None],
    value: str,
    base: Indicator,
    found: Imported,
) -> None:
    def cell(role: str) -> str:
        return str(row.get(column[role] or "") or "").strip()

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
