"""Watchlists: what people want to hear of as soon as anything new names it."""

from __future__ import annotations

from noroshi.intel.watch.entry import Entry, WatchError, WatchKind, as_entry
from noroshi.intel.watch.find import Finder, Found
from noroshi.intel.watch.hit import Hit
from noroshi.intel.watch.store import WatchStore

__all__ = ["Entry", "Finder", "Found", "Hit", "WatchError", "WatchKind", "WatchStore", "as_entry"]
