"""Feeds: what others publish, pulled when it is due, checked, and kept as knowledge."""

from __future__ import annotations

from noroshi.collect.feeds.concern import Concerns
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.feed import Feed, Limits
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.keep import Keeper
from noroshi.collect.feeds.kinds import KINDS, guessed_kind
from noroshi.collect.feeds.pull import Pulled, Puller
from noroshi.collect.feeds.sanity import Sanity
from noroshi.collect.feeds.store import Batch, FeedStore, State
from noroshi.collect.feeds.turns import BUSY, pull_all, taken

__all__ = [
    "BUSY", "KINDS", "Batch", "Concerns", "Feed", "FeedError", "FeedStore", "Form", "Item",
    "Keeper", "Limits", "Pulled", "Puller", "Sanity", "State", "guessed_kind", "pull_all", "taken",
]  # fmt: skip
