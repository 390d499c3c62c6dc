"""The seam for what others read from the same text: techniques and relations.

Whoever finds them takes the extraction (its text, values and names, with their spans) and returns
claims whose spans point into that text. Extraction itself finds none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from noroshi.intel.text.extraction import Extraction, Indicator, NamedEntity
from noroshi.lang import Language, render


@dataclass(frozen=True, slots=True)
class Claims:
    """What a text claims beyond values and names, ready for JSON.

    Attributes:
        techniques: ``{id, span, quote, confidence}`` each.
        relations: ``{source, type, target, span, quote, confidence}`` each.
    """

    techniques: tuple[dict[str, Any], ...] = ()
    relations: tuple[dict[str, Any], ...] = ()


FindClaims: TypeAlias = Callable[[Extraction], Claims]


def no_claims(_: Extraction) -> Claims:
    """Find nothing: the choice where nobody reads techniques and relations."""
    return Claims()


def to_json(
    extraction: Extraction, claims: Claims | None = None, language: Language = "en"
) -> dict[str, Any]:
    """Return an extraction, and what others claim of its text, in the shape of ``--json``."""
    claims = claims or Claims()
    return {
        "file": extraction.document,
        "indicators": [_indicator(item) for item in extraction.indicators],
        "techniques": list(claims.techniques),
        "entities": [_entity(item) for item in extraction.entities],
        "relations": list(claims.relations),
        "problems": [render(problem, language) for problem in extraction.problems],
    }


def _indicator(item: Indicator) -> dict[str, Any]:
    return {
        "type": item.type.value,
        "value": item.value,
        "span": list(item.span),
        "quote": item.quote,
        "context": item.context.value,
        "confidence": item.confidence,
    }


def _entity(item: NamedEntity) -> dict[str, Any]:
    return {
        "type": item.type,
        "name": item.name,
        "span": list(item.span),
        "quote": item.quote,
        "confidence": item.confidence,
        "ids": list(item.ids),
    }
