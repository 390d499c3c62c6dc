"""Names against AnnoCTR's test half: groups, malware and tools that its experts marked."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from noroshi.app.quality.labelled import scores
from noroshi.intel.text import Document, Knowledge, extract

_KINDS = {"GROUP": "actor", "MALWARE": "malware", "TOOL": "tool"}


def entities(bio: Path, knowledge: Knowledge) -> dict[str, Any]:
    """Return precision and recall of marked tokens by kind, and of "any of the three".

    Tokens and not spans are compared, because the set's sentences are rebuilt from its tokens. What
    its experts did not mark (a country, a product) counts as wrong here.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for tokens in _sentences(bio):
        text, places = "", []
        for word, label in tokens:
            places.append((len(text), len(text) + len(word), _KINDS.get(label[2:], "")))
            text += word + " "
        found = extract(Document("sentence", text), knowledge).entities
        for start, end, truth in places:
            said = {
                item.type for item in found if item.span[0] < end and item.span[1] > start
            } & set(_KINDS.values())
            _count(counts, truth, said)
    return {
        kind: scores(count["found"], count["wrong"], count["missed"])
        for kind, count in sorted(counts.items())
    }


def _count(counts: dict[str, Counter[str]], truth: str, said: set[str]) -> None:
    if truth:
        counts[truth]["found" if truth in said else "missed"] += 1
        counts["any"]["found" if said else "missed"] += 1
    elif said:
        counts["any"]["wrong"] += 1
    for kind in said - {truth}:
        counts[kind]["wrong"] += 1


def _sentences(path: Path) -> list[list[tuple[str, str]]]:
    """Read the BIO file: a token and six columns a line, the second-last the concepts."""
    found: list[list[tuple[str, str]]] = [[]]
    for line in path.read_text("utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) < 7 or cells[0] == "<DOCSTART>":
            if found[-1]:
                found.append([])
        else:
            marks = [cell for cell in cells[1:] if cell[2:] in _KINDS]
            found[-1].append((cells[0], marks[0] if marks else "O"))
    return found
