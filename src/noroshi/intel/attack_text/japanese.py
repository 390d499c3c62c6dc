"""Japanese security terms as the English words that a model trained on English knows.

A lexicon of our own: for each term the words an English report would use. The longest term wins;
verbs are given by their stems, so that every inflection is met. Kana and kanji that the lexicon
does not know contribute nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_LEXICON = "ja-lexicon.tsv"
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]+")


def glosses(run: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield start, end and English words of each known term in a run of kana and kanji."""
    terms, longest = _lexicon()
    at = 0
    while at < len(run):
        for end in range(min(len(run), at + longest), at, -1):
            if words := terms.get(run[at:end]):
                yield at, end, words
                at = end
                break
        else:
            # ポート is no word of its own in レポート: an unknown loanword is left out whole.
            loanword = _KATAKANA.match(run, at)
            at = loanword.end() if loanword else at + 1


@cache
def _lexicon() -> tuple[dict[str, tuple[str, ...]], int]:
    """Read the lexicon that comes with the package: a term and its words, tab between."""
    text = files(__package__).joinpath(_LEXICON).read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    terms = {term: tuple(words.split()) for term, words in rows}
    return terms, max(map(len, terms))
