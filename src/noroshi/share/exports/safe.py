"""Values that cannot break out of the formats they are written in.

What a feed names is chosen by somebody else. A list that a resolver or proxy reads takes a name
only if it is one beyond doubt; everything else is escaped or refused, never cut to fit.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?!\d+\Z){_LABEL}")
_LONGEST = 253
_URL = re.compile(r"[!-~]+")


def host_name(value: str) -> bool:
    """Tell whether a value is a host name and nothing else (RFC 1123, section 2.1; and ``_``)."""
    return len(value) <= _LONGEST and _HOST.fullmatch(value) is not None


def split_url(value: str) -> SplitResult | None:
    """Return the parts of a URL of plain ASCII with a good host and port; None for any other."""
    if not _URL.fullmatch(value):
        return None
    try:
        parts = urlsplit(value)
        good = parts.port is None or parts.port > 0
    except ValueError:
        return None
    host = parts.hostname or ""
    return parts if good and parts.scheme and (host_name(host) or _address(host)) else None


def one_line(text: str) -> str:
    """Return a text without anything that ends a line or moves a cursor."""
    return "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text).strip()


def plain_words(text: str, most: int = 100) -> str:
    """Return letters, digits and a few marks of a text, for formats with their own quoting."""
    kept = (c if c.isascii() and (c.isalnum() or c in " .,:/_()-+") else " " for c in text)
    return " ".join("".join(kept).split())[:most].strip()


def _address(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f:.]+", text) is not None and any(c in text for c in ".:")
