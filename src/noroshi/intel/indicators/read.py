"""Indicators out of files: STIX 2.1 bundles, MISP events, CSV and plain lists, gz around any."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from noroshi.intel.indicators.imported import Imported, in_parts, listed, moment, once
from noroshi.intel.indicators.indicator import Indicator, IndicatorError, IndicatorType
from noroshi.intel.indicators.misp_event import misp_event
from noroshi.intel.indicators.stix_pattern import values_of
from noroshi.intel.indicators.table import from_table, table_in
from noroshi.intel.objects.markings import Tlp, marking_levels

FILE_BYTES = 1 << 30


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
    whole = Imported()
    for part in indicator_parts(data, source, name):
        whole.join(part)
    return whole


def indicator_parts(data: bytes, source: str, name: str) -> Iterator[Imported]:
    """Read indicators part by part, so that whoever reads may stop; see :func:`parse_indicators`.

    Equal lines of a part are one.
    """
    base = Indicator(IndicatorType.DOMAIN, "", source)
    if data.lstrip()[:1] in (b"{", b"["):
        try:
            yield from _from_json(orjson.loads(data), base)
        except orjson.JSONDecodeError as error:
            raise IndicatorError(f"{name}: not JSON: {error}") from error
        return
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    table = table_in(text)
    yield from from_table(table, base) if table else _from_list(text, base)


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


def _from_json(data: Any, base: Indicator) -> Iterator[Imported]:
    if isinstance(data, dict) and data.get("type") == "bundle":
        objects = [item for item in listed(data.get("objects")) if isinstance(item, dict)]
        levels = marking_levels(objects)
        for part in in_parts(objects):
            yield indicators_of(part, base.source, levels)
        return
    for some in in_parts(
        data if isinstance(data, list) else listed(data.get("response")) or [data]
    ):
        found = Imported()
        for item in some:
            event = item.get("Event", item) if isinstance(item, dict) else item
            if isinstance(event, dict) and ("Attribute" in event or "Object" in event):
                yield from misp_event(event, base)
            elif isinstance(item, str):
                found.add(base, None, item)
            else:
                why = "neither a STIX bundle, a MISP event nor a list of values"
                found.refuse(str(item)[:80], why)
        yield found


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
        valid_from=moment(item.get("valid_from")),
        valid_until=moment(item.get("valid_until")),
        confidence=confidence if isinstance(confidence, int) and 0 <= confidence <= 100 else 50,
        labels=tuple(map(str, listed(item.get("indicator_types")) + listed(item.get("labels")))),
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
    marks = [str(mark) for mark in listed(item.get("object_marking_refs"))]
    parts = [part for part in listed(item.get("granular_markings")) if isinstance(part, dict)]
    marks += [str(part["marking_ref"]) for part in parts if "marking_ref" in part]
    told = [levels.get(mark, Tlp.RED) for mark in marks]
    strict = [level for level in told if level is not None]
    return max(strict).word if strict else ""


_HOSTS = ("0.0.0.0", "127.0.0.1", "::1", "::")  # noqa: S104 - not bound to
"""Where a hosts file sends the names that it blocks."""


def _from_list(text: str, base: Indicator) -> Iterator[Imported]:
    lines = (line for piece in io.StringIO(text, newline="\n") for line in piece.splitlines())
    for part in in_parts(lines):
        found = Imported()
        for value in once(filter(None, map(_entry, part)), found):
            found.add(base, None, value)
        yield found


def _entry(line: str) -> str:
    """Return the value that a line of a list names; empty for comments and empty lines."""
    value = line.split("#", 1)[0].strip() if "://" not in line else line.strip()
    if not value or value.startswith(("#", ";", "//")):
        return ""
    words = value.split(maxsplit=2)
    blocked = len(words) > 1 and words[0] in _HOSTS
    return words[blocked].rstrip(",")
