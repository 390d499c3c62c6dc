"""Indicators out of files: STIX 2.1 bundles, MISP events, CSV and plain lists, gz around any."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from noroshi.intel.indicators.indicator import (
    Indicator,
    IndicatorError,
    IndicatorType,
    guessed,
    normalised,
)
from noroshi.intel.indicators.stix_pattern import values_of
from noroshi.intel.objects.errors import ObjectError
from noroshi.intel.objects.markings import Tlp, marking_levels

FILE_BYTES = 1 << 30
PROBLEMS_KEPT = 1000


@dataclass
class Imported:
    """What a file gave.

    Attributes:
        indicators: the indicators.
        refused: (entry, reason) of what could not become one, the first :data:`PROBLEMS_KEPT`.
        refused_count: how many in all.
    """

    indicators: list[Indicator] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    refused_count: int = 0

    def refuse(self, entry: str, reason: str) -> None:
        """Note an entry that is left out."""
        self.refused_count += 1
        if len(self.refused) < PROBLEMS_KEPT:
            self.refused.append((entry[:200], reason))

    def add(self, base: Indicator, kind: IndicatorType | None, text: str) -> None:
        """Take one value, of a given kind or of the kind that it looks like."""
        try:
            found, value = (kind, normalised(kind, text)) if kind else guessed(text)
            self.indicators.append(replace(base, type=found, value=value))
        except IndicatorError as error:
            self.refuse(text, str(error))


def read_indicators(path: Path, source: str = "") -> Imported:
    """Read a file of indicators, its format told by its content.

    Args:
        path: the file.
        source: name to record; the file's name if empty.

    Raises:
        IndicatorError: the file is too large, damaged, or holds no list of indicators.
    """
    return parse_indicators(_content(path), source or path.name, str(path))


def parse_indicators(data: bytes, source: str, name: str) -> Imported:
    """Read indicators out of bytes.

    Args:
        data: a bundle, events, a table or a list.
        source: name to record.
        name: what errors call it.

    Raises:
        IndicatorError: it begins like JSON and is none.
    """
    base = Indicator(IndicatorType.DOMAIN, "", source)
    if data.lstrip()[:1] in (b"{", b"["):
        try:
            return _from_json(orjson.loads(data), base)
        except orjson.JSONDecodeError as error:
            raise IndicatorError(f"{name}: not JSON: {error}") from error
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    table = _table_in(text)
    return _from_table(table, base) if table else _from_list(text, base)


def indicators_of(
    objects: Iterable[Mapping[str, Any]], source: str, levels: Mapping[str, Tlp | None]
) -> Imported:
    """Return what STIX objects give to match.

    Args:
        objects: STIX objects; those that are no indicators are passed over.
        source: name to record.
        levels: of the markings they may bear.
    """
    found, base = Imported(), Indicator(IndicatorType.DOMAIN, "", source)
    for item in objects:
        if item.get("type") == "indicator":
            _stix(item, base, found, levels)
    return found


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        opener: Callable[[Path], Any] = gzip.open if packed else Path.open
        with opener(path, "rb") as stream:  # type: ignore[call-arg]
            data: bytes = stream.read(FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise IndicatorError(f"{path}: cannot be read: {error}") from error
    if len(data) > FILE_BYTES:
        raise IndicatorError(f"{path}: over {FILE_BYTES} bytes; split it")
    return data


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _from_json(data: Any, base: Indicator) -> Imported:
    found = Imported()
    if isinstance(data, dict) and data.get("type") == "bundle":
        objects = [item for item in _list(data.get("objects")) if isinstance(item, dict)]
        return indicators_of(objects, base.source, marking_levels(objects))
    events = data if isinstance(data, list) else _list(data.get("response")) or [data]
    for item in events:
        event = item.get("Event", item) if isinstance(item, dict) else item
        if isinstance(event, dict) and ("Attribute" in event or "Object" in event):
            _misp(event, base, found)
        elif isinstance(item, str):
            found.add(base, None, item)
        else:
            found.refuse(str(item)[:80], "neither a STIX bundle, a MISP event nor a list of values")
    return found


def _stix(
    item: Mapping[str, Any], base: Indicator, found: Imported, levels: Mapping[str, Tlp | None]
) -> None:
    pattern = str(item.get("pattern", ""))
    if item.get("pattern_type", "stix") != "stix":
        found.refuse(pattern, f"pattern of type {item.get('pattern_type')} is not matched")
        return
    if item.get("revoked"):
        found.refuse(pattern, "revoked by its source")
        return
    confidence = item.get("confidence", 50)
    this = replace(
        base,
        valid_from=_time(item.get("valid_from")),
        valid_until=_time(item.get("valid_until")),
        confidence=confidence if isinstance(confidence, int) and 0 <= confidence <= 100 else 50,
        labels=tuple(map(str, _list(item.get("indicator_types")) + _list(item.get("labels")))),
        description=str(item.get("name") or item.get("description") or "")[:500],
        tlp=_strictest(item, levels),
    )
    try:
        for kind, value in values_of(pattern):
            found.add(this, kind, value)
    except IndicatorError as error:
        found.refuse(pattern, str(error))


def _strictest(item: Mapping[str, Any], levels: Mapping[str, Tlp | None]) -> str:
    """Return the strictest level of an object and its parts; a marking nobody knows is red."""
    marks = [str(mark) for mark in _list(item.get("object_marking_refs"))]
    parts = [part for part in _list(item.get("granular_markings")) if isinstance(part, dict)]
    marks += [str(part["marking_ref"]) for part in parts if "marking_ref" in part]
    told = [levels.get(mark, Tlp.RED) for mark in marks]
    strict = [level for level in told if level is not None]
    return max(strict).word if strict else ""


def _misp(event: Mapping[str, Any], base: Indicator, found: Imported) -> None:
    labels = _tags(event)
    this = replace(
        base,
        labels=labels,
        description=str(event.get("info", ""))[:500],
        valid_from=_time(event.get("date")),
        tlp=_strictest_tag(labels),
    )
    attributes = _list(event.get("Attribute"))
    for item in _list(event.get("Object")):
        attributes += _list(item.get("Attribute")) if isinstance(item, dict) else []
    for attribute in attributes:
        if isinstance(attribute, dict):
            _misp_attribute(attribute, this, found)


def _misp_attribute(attribute: Mapping[str, Any], base: Indicator, found: Imported) -> None:
    kinds = _MISP_COMPOSITES.get(str(attribute.get("type")), str(attribute.get("type"))).split("|")
    value = str(attribute.get("value", ""))
    if attribute.get("to_ids") is False:
        found.refuse(value, "not meant for detection by its source (to_ids is false)")
        return
    base = replace(base, valid_from=_last_told(attribute) or base.valid_from)
    if own := _strictest_tag(_tags(attribute)):
        base = replace(base, tlp=own)
    parts = value.split("|") if len(kinds) > 1 else [value]
    if kinds[0] == "filename" and len(kinds) == len(parts) == 2:
        # The digest says it all; the name alone would match other files.
        base = replace(base, description=f"{base.description} ({parts[0][:100]})".strip())
        kinds, parts = kinds[1:], parts[1:]
    for kind, part in zip(kinds, parts, strict=False):
        if kind in _MISP_TYPES:
            found.add(base, _MISP_TYPES[kind], part)
        elif kind not in _MISP_COMPANIONS:
            found.refuse(value, f"MISP attribute type {kind} is not matched")


def _tags(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(tag.get("name")) for tag in _list(item.get("Tag")) if isinstance(tag, dict))


def _strictest_tag(labels: Sequence[str]) -> str:
    """Return the strictest TLP tag; one that TLP does not know is red; empty without one."""
    levels: list[Tlp] = []
    for label in labels:
        if label.lower().startswith("tlp:"):
            try:
                levels.append(Tlp.of(label))
            except ObjectError:
                levels.append(Tlp.RED)
    return max(levels).word if levels else ""


def _last_told(attribute: Mapping[str, Any]) -> int:
    """Return when a MISP attribute was last seen or changed, µs since 1970 UTC; 0 if unsaid."""
    seen = _time(attribute.get("last_seen")) or _time(attribute.get("first_seen"))
    stamp = str(attribute.get("timestamp", ""))
    return seen or (int(stamp) * 1_000_000 if stamp.isdecimal() and len(stamp) <= 10 else 0)


_MISP_TYPES: dict[str, IndicatorType | None] = {
    **dict.fromkeys(("ip-src", "ip-dst", "ip"), None),
    **dict.fromkeys(("domain", "hostname"), IndicatorType.DOMAIN),
    **dict.fromkeys(("url", "uri"), IndicatorType.URL),
    **dict.fromkeys(("md5", "sha1", "sha224", "sha256", "sha384", "sha512"), IndicatorType.HASH),
    **dict.fromkeys(("imphash", "ja3-fingerprint-md5"), IndicatorType.HASH),
    **dict.fromkeys(("x509-fingerprint-sha1", "x509-fingerprint-sha256"), IndicatorType.HASH),
    **dict.fromkeys(
        ("email", "email-src", "email-dst", "email-reply-to", "whois-registrant-email"),
        IndicatorType.MAIL,
    ),
    **dict.fromkeys(("filename", "email-attachment"), IndicatorType.FILE_NAME),
}
_MISP_COMPOSITES = {"malware-sample": "filename|md5", "attachment": "filename"}
_MISP_COMPANIONS = frozenset({"port", "size-in-bytes", "text", "comment"})


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
_HOSTS = ("0.0.0.0", "127.0.0.1", "::1", "::")  # noqa: S104 - not bound to
"""Where a hosts file sends the names that it blocks."""


def _table_in(text: str) -> str:
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


def _from_table(text: str, base: Indicator) -> Imported:
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
        valid_from=_time(cell("valid_from")),
        valid_until=_time(cell("valid_until")),
        tlp=_strictest_tag([f"tlp:{cell('tlp').removeprefix('TLP:')}"]) if cell("tlp") else "",
        confidence=int(confidence) if confidence.isdecimal() and int(confidence) <= 100 else 50,
    )
    if cell("type").lower() == "ip:port":
        value = value.rpartition(":")[0]
    found.add(this, _NAMED_TYPES.get(cell("type").lower()), value)


def _from_list(text: str, base: Indicator) -> Imported:
    found = Imported()
    for line in text.splitlines():
        value = line.split("#", 1)[0].strip() if "://" not in line else line.strip()
        if value and not value.startswith(("#", ";", "//")):
            parts = value.split()
            blocked = len(parts) > 1 and parts[0] in _HOSTS
            found.add(base, None, parts[blocked].rstrip(","))
    return found


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _time(value: Any) -> int:
    try:
        moment = datetime.fromisoformat(str(value).replace("/", "-"))
    except ValueError:
        return 0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(int(moment.timestamp() * 1_000_000), 0)
