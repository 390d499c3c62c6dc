"""Feeds of a workspace: what pulls them, and their keys."""

from __future__ import annotations

import os
from functools import cache

from noroshi.app.claims import claims_by
from noroshi.app.errors import AppError
from noroshi.app.relevance import own_names, relevances
from noroshi.app.workspace import Workspace
from noroshi.collect.feeds import Concerns, Feed, FeedStore, Keeper, Puller, Sanity
from noroshi.intel.relevance import Profile, read_profile


def puller(workspace: Workspace, store: FeedStore) -> Puller:
    """Return what pulls the feeds of a workspace; its profile says what is the organisation's."""
    own = read_profile(workspace.profile) if workspace.profile.is_file() else None
    sanity = Sanity(workspace.warning_lists, own, workspace.suffixes.is_suffix, store.now)
    keeper = Keeper(
        workspace.objects, workspace.indicators, workspace.watch, sanity,
        lambda: workspace.text_knowledge, lambda found: claims_by(workspace.technique_model)(found),
        None if own is None else concerns(workspace, own),
    )  # fmt: skip
    return Puller(store, sanity, keeper)


def concerns(workspace: Workspace, own: Profile) -> Concerns:
    """Return what tells whether something that arrives is the organisation's business.

    Past events are searched once for all the reports of a batch.
    """
    names = cache(lambda: own_names(workspace, own))
    return Concerns(own, lambda reports: relevances(workspace, own, names(), reports))


def key_of(feed: Feed) -> str:
    """Return the key of a feed out of the environment; empty if it needs none.

    Raises:
        AppError: the variable is not set.
    """
    if not feed.key:
        return ""
    value = os.environ.get(feed.key, "")
    if not value:
        raise AppError(
            f"feed {feed.name}: its key is in the environment variable {feed.key}, which is not set"
        )
    return value
