"""Relations that a report states between the names and values found in it."""

from __future__ import annotations

from noroshi.intel.relations.find import Party, Relation, find_relations

__all__ = ["Party", "Relation", "find_relations"]
