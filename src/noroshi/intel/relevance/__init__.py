"""Relevance: whether a report concerns a declared organisation, why, and what to do."""

from __future__ import annotations

from noroshi.intel.relevance.assess import Concern, Reason, Relevance, Sighted, assess
from noroshi.intel.relevance.profile import Profile, ProfileError, read_profile

__all__ = [
    "Concern", "Profile", "ProfileError", "Reason", "Relevance", "Sighted", "assess",
    "read_profile",
]  # fmt: skip
