"""Whether a quote of a report holds what a language model claims of it."""

from __future__ import annotations

import unicodedata

from noroshi.app.workspace import Workspace
from noroshi.assist.propose import Holds
from noroshi.intel.text import Document, extract
from noroshi.intel.text import Knowledge as TextKnowledge


def holder(workspace: Workspace) -> Holds:
    """Return the judge of a quote.

    Values are judged by the extraction's own eyes, techniques by the model's, names by letters.
    """
    knowledge, techniques = workspace.text_knowledge, workspace.technique_model

    def holds(kind: str, value: str, quote: str) -> bool:
        if kind in ("indicator", "vulnerability"):
            claimed = _values(value, knowledge)
            return bool(claimed) and claimed <= _values(quote, knowledge)
        if kind == "technique":
            told = {mention.id for mention in techniques.predict(quote)}
            return value.upper() in told
        return _plain(value) in _plain(quote)

    return holds


def _values(text: str, knowledge: TextKnowledge) -> set[str]:
    found = extract(Document("quote", text), knowledge)
    return {f"{item.type} {item.value}" for item in found.indicators}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
