"""Knowledge at rest: cases, objects, indicators and what people decided about them."""

from __future__ import annotations

from noroshi.intel.knowledge import Knowledge, KnowledgeError

__all__ = ["Knowledge", "KnowledgeError"]
