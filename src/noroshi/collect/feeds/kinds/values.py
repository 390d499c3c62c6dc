"""Values out of what others wrote: nothing here trusts a type or a date."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from noroshi.collect.feeds.errors import FeedError

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
