"""Which object a person means."""

from __future__ import annotations

from typing import Any

from noroshi.app.errors import AppError
from noroshi.intel.indicators.indicator import refanged
from noroshi.intel.objects import Clearance, ObjectStore

_ALL = Clearance.everything()
_LAST = ("note", "opinion", "report", "observed-data", "relationship", "sighting")
"""Types that only speak of what is meant."""


def one_object(store: ObjectStore, what: str, reader: Clearance = _ALL) -> dict[str, Any]:
    """Return the object that a person means: what is in force first, what bears the name first.

    Raises:
        AppError: nothing fits.
    """
    item, wanted = store.get(what, reader), what.casefold()
    if item is None:
        exact = store.naming(what, reader, 50) or store.naming(refanged(what), reader, 50)
        exact = exact or [one for one in store.search(what, reader) if _called(one) == wanted]
        item = min(exact, key=lambda one: _rank(one, what), default=None)
    if item is None:
        raise AppError(f"nothing known as {what!r}; try noroshi intel search {what!r}")
    return item


def _rank(item: dict[str, Any], what: str) -> tuple[bool, bool, bool]:
    return bool(item.get("revoked")), item["type"] in _LAST, _called(item) != what.casefold()


def _called(item: dict[str, Any]) -> str:
    return str(item.get("name") or item.get("value") or "").casefold()
