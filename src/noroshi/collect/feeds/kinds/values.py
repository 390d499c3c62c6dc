"""Values out of what others wrote: nothing here trusts a type or a date."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from noroshi.collect.feeds.door import Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.intel.indicators import Indicator

CVE = re.compile(r"CVE-\d{4}-\d{4,19}")


def load(data: bytes, where: str) -> Any:
    """Return JSON.

    Raises:
        FeedError: it is none.
    """
    try:
        return orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise FeedError(f"{where}: not JSON: {error}") from error


def table(got: Got, needed: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a CSV file with a header; comment lines before that are passed over.

    Raises:
        FeedError: it lacks a column that is needed, or is no CSV.
    """
    text = io.StringIO(got.body.decode("utf-8-sig", "replace").replace("\0", ""), newline="")
    while (line := text.readline()).startswith("#"):
        pass
    text.seek(text.tell() - len(line))
    rows = csv.DictReader(text)
    try:
        if not set(needed) <= set(rows.fieldnames or ()):
            raise FeedError(f"{got.location}: no table with the columns {', '.join(needed)}")
        yield from rows
    except csv.Error as error:
        raise FeedError(f"{got.location}: no CSV: {error}") from error


def body_of(one: Indicator) -> dict[str, Any]:
    """Return an indicator as the body of an item."""
    return {
        "type": one.type.value, "value": one.value, "source": one.source,
        "valid_from": one.valid_from, "valid_until": one.valid_until,
        "confidence": one.confidence, "labels": list(one.labels),
        "description": one.description, "tlp": one.tlp,
    }  # fmt: skip


def mapping(value: Any) -> dict[str, Any]:
    """Return a JSON object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """Return a JSON list, empty for anything else."""
    return value if isinstance(value, list) else []


def words(value: Any, most: int = 1000) -> str:
    """Return a JSON string or number as text without line ends; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value)[: 4 * most].split())[:most]


def paragraphs(value: Any, most: int = 5000) -> str:
    """Return a JSON string as it is; empty for anything else."""
    return value[:most].strip() if isinstance(value, str) else ""


def part(value: Any) -> float | None:
    """Return a number from 0 to 1; None for anything else."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if 0 <= found <= 1 else None


def moment(value: Any) -> int:
    """Return an ISO 8601 or RFC 5322 time, or Unix seconds, as µs since 1970; 0 if it is none."""
    said = str(value or "").strip()[:100]
    try:
        if re.fullmatch(r"[0-9]{9,10}", said):
            return int(said) * 1_000_000
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
            found = datetime.combine(date.fromisoformat(said), datetime.min.time(), UTC)
        elif said[:4].isdecimal():
            found = datetime.fromisoformat(said)
        else:
            found = parsedate_to_datetime(said)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return max(int(found.timestamp() * 1_000_000), 0)
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0
