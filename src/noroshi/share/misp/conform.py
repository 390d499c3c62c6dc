"""What MISP leaves free and STIX does not: hives in full, a scheme before a URL.

Source: STIX 2.1, sections 6.15 (url: RFC 3986) and 6.17 (windows-registry-key: the hive must be
fully expanded). The value as MISP wrote it stays beside, and goes back to MISP.
"""

from __future__ import annotations

import re
from typing import Any

WRITTEN = "x_misp_value"
"""Property that holds the value as MISP wrote it, where it had to be changed."""
_HIVES = {
    "HKLM": "HKEY_LOCAL_MACHINE", "HKCU": "HKEY_CURRENT_USER", "HKCR": "HKEY_CLASSES_ROOT",
    "HKU": "HKEY_USERS", "HKCC": "HKEY_CURRENT_CONFIG",
}  # fmt: skip
_HIVE = re.compile(rf"^(?:{'|'.join(_HIVES)})(?=\\|$)", re.IGNORECASE)
_VALUES = {"url": "value", "windows-registry-key": "key"}


def conform(item: dict[str, Any]) -> None:
    """Write the value of an observable as STIX demands it."""
    name = _VALUES.get(item["type"], "")
    said = item.get(name)
    if not isinstance(said, str):
        return
    if item["type"] == "url":
        written = said if "://" in said else f"http://{said}"
    else:
        written = _HIVE.sub(lambda found: _HIVES[found[0].upper()], said)
    if written != said:
        item[name], item[WRITTEN] = written, said


def as_misp_wrote(item: dict[str, Any]) -> dict[str, Any]:
    """Return an observable with the value that MISP gave it."""
    if WRITTEN not in item or item["type"] not in _VALUES:
        return item
    left = {name: value for name, value in item.items() if name != WRITTEN}
    return {**left, _VALUES[item["type"]]: item[WRITTEN]}
