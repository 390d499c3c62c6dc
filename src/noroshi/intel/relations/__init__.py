"""Relations that a report states between the names and values found in it."""

from __future__ import annotations

from noroshi.intel.relations.find import Relation, find_relations
from noroshi.intel.relations.parties import Party

__all__ = ["Party", "Relation", "find_relations"]
