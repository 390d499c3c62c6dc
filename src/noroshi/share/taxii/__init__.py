"""A TAXII 2.1 server over the object store.

Source: OASIS TAXII Version 2.1 (June 2021); section numbers in this package are its own.
"""

from __future__ import annotations

from noroshi.share.taxii.collections import Collection, CollectionStore
from noroshi.share.taxii.members import Grant, Member, MemberStore

__all__ = ["Collection", "CollectionStore", "Grant", "Member", "MemberStore"]
