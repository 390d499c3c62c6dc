"""Feeds: what others publish, pulled when it is due, checked, and kept as knowledge."""

from __future__ import annotations

from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.feed import Feed, Limits
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds import KINDS, guess
from noroshi.collect.feeds.pull import Pulled, Puller
from noroshi.collect.feeds.store import FeedStore, State

__all__ = [
    "KINDS", "Feed", "FeedError", "FeedStore", "Form", "Item", "Limits", "Pulled", "Puller",
    "State", "guess",
]  # fmt: skip
