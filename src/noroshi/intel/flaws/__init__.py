"""Flaws: what catalogues and advisories say of vulnerabilities, kept beside their CVE ids."""

from __future__ import annotations

from noroshi.intel.flaws.fact import EXTENSION, Fact, extension_definition, fact_in, vulnerability
from noroshi.intel.flaws.known import facts_about, facts_of

__all__ = [
    "EXTENSION", "Fact", "extension_definition", "fact_in", "facts_about", "facts_of",
    "vulnerability",
]  # fmt: skip
