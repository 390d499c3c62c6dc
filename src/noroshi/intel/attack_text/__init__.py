"""ATT&CK techniques from prose, with the words that say so. Training is in its own modules."""

from __future__ import annotations

from noroshi.intel.attack_text.errors import TechniqueModelError
from noroshi.intel.attack_text.model import TechniqueMention, TechniqueModel
from noroshi.intel.attack_text.sentences import Span, sentences

__all__ = ["Span", "TechniqueMention", "TechniqueModel", "TechniqueModelError", "sentences"]
