"""What a report claims beyond values and names: techniques and relations, each with its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from noroshi.intel.attack_text import Span, TechniqueMention, TechniqueModel
from noroshi.intel.attack_text.markup import is_furniture
from noroshi.intel.relations import Party, Relation, find_relations
from noroshi.intel.text import Claims, Extraction, FindClaims
from noroshi.intel.text.extraction import Role

_TAKES_PART = frozenset({Role.INDICATOR, Role.VICTIM, Role.MENTION})
"""Links for the reader and harmless values stand in no relation."""


def claims_by(model: TechniqueModel) -> FindClaims:
    """Return what reads techniques with a model, and relations with the words that state them."""

    def find(found: Extraction) -> Claims:
        return Claims(
            techniques=tuple(
                _technique(told) for told in model.predict(found.text) if _is_told(found.text, told)
            ),
            relations=tuple(map(_relation, find_relations(found.text, parties(found)))),
        )

    return find


def parties(found: Extraction) -> Iterator[Party]:
    """Yield what can stand in a relation: every name, and the values that take part."""
    for name in found.entities:
        yield Party(name.type, name.name, Span(*name.span))
    for value in found.indicators:
        if value.context in _TAKES_PART:
            yield Party(value.type.value, value.value, Span(*value.span))


def _is_told(text: str, mention: TechniqueMention) -> bool:
    """Whether prose or a written-out id tells of it, not a picture's address."""
    return mention.confidence == 1 or not is_furniture(text[slice(*mention.sentence_span)])


def _technique(mention: TechniqueMention) -> dict[str, Any]:
    return {
        "id": mention.id,
        "name": mention.name,
        "span": list(mention.span),
        "quote": mention.quote,
        "confidence": mention.confidence,
        "sentence_span": list(mention.sentence_span),
        "because": list(mention.because),
    }


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "source": relation.source.value,
        "source_type": relation.source.type,
        "type": relation.type,
        "target": relation.target.value,
        "target_type": relation.target.type,
        "span": list(relation.span),
        "quote": relation.quote,
        "confidence": relation.confidence,
    }
