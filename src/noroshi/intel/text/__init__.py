"""Reports in any common format: their text, and the indicators and names in it with their spans."""

from __future__ import annotations

from noroshi.intel.text.claims import Claims, FindClaims, no_claims, to_json
from noroshi.intel.text.countries import country_cluster
from noroshi.intel.text.document import Document, Limits
from noroshi.intel.text.errors import KnowledgeError, ReportError, TextError
from noroshi.intel.text.extraction import Extraction, Indicator, NamedEntity, Role, ValueType
from noroshi.intel.text.names import Names, read_galaxies
from noroshi.intel.text.pipeline import Knowledge, extract
from noroshi.intel.text.reading import read_bytes, read_file
from noroshi.intel.text.suffixes import Suffixes, own_suffixes, read_suffixes

__all__ = [
    "Claims",
    "Document",
    "Extraction",
    "FindClaims",
    "Indicator",
    "Knowledge",
    "KnowledgeError",
    "Limits",
    "NamedEntity",
    "Names",
    "ReportError",
    "Role",
    "Suffixes",
    "TextError",
    "ValueType",
    "country_cluster",
    "extract",
    "no_claims",
    "own_suffixes",
    "read_bytes",
    "read_file",
    "read_galaxies",
    "read_suffixes",
    "to_json",
]
