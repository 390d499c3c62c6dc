"""Relevance: whether a report concerns a declared organisation, why, and what to do."""

from __future__ import annotations

from noroshi.intel.relevance.assess import (
    Concern,
    Own,
    Reason,
    Relevance,
    Sighted,
    assess,
    known_to_go_for,
)
from noroshi.intel.relevance.profile import Profile, ProfileError, read_profile

__all__ = [
    "Concern", "Own", "Profile", "ProfileError", "Reason", "Relevance", "Sighted", "assess",
    "known_to_go_for", "read_profile",
]  # fmt: skip
