"""Sentences as sparse vectors of hashed words, word pairs and letter quadruples.

Nothing here is learnt: a feature is the CRC-32 of its letters, so the model needs no list of
words. Words and letters form two blocks, each weighted by ``(1 + ln tf) * idf`` and brought to
unit length (Manning, Raghavan, Schütze: Introduction to Information Retrieval, 6.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from noroshi.intel.attack_text.tokens import Token, tokens

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_CACHED_WORDS = 100_000
_LETTERS = 4
_LETTER_BLOCK = 0x5EED
_MOST_TOKENS = 400
"""A sentence's words beyond this many say nothing new; hostile ones have thousands."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Non-zero entries of a matrix of sentences by features, in order of rows.

    Attributes:
        rows: number of the sentence.
        features: CRC-32 of the feature; letters and words draw from one space.
        counts: how often the sentence has it.
        letters: whether the entry belongs to the block of letters.
    """

    rows: Ints
    features: Ints
    counts: Ints
    letters: NDArray[np.bool_]


@dataclass(slots=True)
class Hasher:
    """Turns sentences into entries; remembers the words that it has seen, up to a bound."""

    _words: dict[str, tuple[int, int, tuple[int, ...]]] = field(default_factory=dict)

    def entries(self, texts: Sequence[str]) -> Entries:
        """Hash a batch of sentences."""
        return self.entries_of(tokens(text) for text in texts)

    def entries_of(self, sentences: Iterable[Sequence[Token]]) -> Entries:
        """Hash a batch of sentences that are cut into tokens already."""
        words: list[int] = []
        letters: list[int] = []
        word_rows: list[int] = []
        letter_rows: list[int] = []
        for row, sentence in enumerate(sentences):
            before = len(words), len(letters)
            self._hash(sentence[:_MOST_TOKENS], words, letters)
            word_rows.extend([row] * (len(words) - before[0]))
            letter_rows.extend([row] * (len(letters) - before[1]))
        return _counted(word_rows + letter_rows, words + letters, len(words))

    def features_of(self, sentence: Sequence[Token]) -> tuple[Ints, Ints, Floats]:
        """Tell which token each feature comes from: features, numbers of tokens, shares.

        A pair of words belongs to each of the two by half.
        """
        found: list[tuple[int, int, float]] = []
        for at, token in enumerate(sentence):
            single, opening, quadruples = self._word(token.word)
            found.append((single, at, 1.0))
            found.extend((quadruple, at, 1.0) for quadruple in quadruples)
            if at + 1 < len(sentence):
                pair = crc32(sentence[at + 1].word.encode(), opening)
                found += [(pair, at, 0.5), (pair, at + 1, 0.5)]
        features, owners, shares = zip(*found, strict=True) if found else ((), (), ())
        return (
            np.array(features, dtype=np.int64),
            np.array(owners, dtype=np.int64),
            np.array(shares, dtype=np.float32),
        )

    def _hash(self, sentence: Sequence[Token], words: list[int], letters: list[int]) -> None:
        prefix = None
        for token in sentence:
            single, opening, quadruples = self._word(token.word)
            words.append(single)
            if prefix is not None:
                words.append(crc32(token.word.encode(), prefix))
            prefix = opening
            letters.extend(quadruples)

    def _word(self, word: str) -> tuple[int, int, tuple[int, ...]]:
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _CACHED_WORDS:
                self._words.clear()
            padded = f" {word} "
            known = self._words[word] = (
                crc32(word.encode()),
                crc32(f"{word} ".encode()),
                tuple(
                    crc32(padded[at : at + _LETTERS].encode(), _LETTER_BLOCK)
                    for at in range(max(1, len(padded) - _LETTERS + 1))
                ),
            )
        return known


def _counted(rows: list[int], features: list[int], words: int) -> Entries:
    # Row, block and feature packed into one integer sort together: 30 + 1 + 32 bits.
    keys = np.array(rows, dtype=np.int64) << 33 | np.array(features, dtype=np.int64)
    keys[words:] |= 1 << 32
    keys, counts = np.unique(keys, return_counts=True)
    return Entries(
        rows=keys >> 33,
        features=keys & 0xFFFFFFFF,
        counts=counts.astype(np.int64),
        letters=(keys >> 32 & 1).astype(np.bool_),
    )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that a model knows.

    Attributes:
        features: their hashes, ascending.
        idf: their inverse document frequencies.
    """

    features: Ints
    idf: Floats

    def weigh(self, entries: Entries, rows: int) -> tuple[Ints, Ints, Floats]:
        """Keep the known entries and give them their weights: rows, positions, values."""
        if not len(self.features):
            empty = np.zeros(0, dtype=np.int64)
            return empty, empty, np.zeros(0, dtype=np.float32)
        at = np.searchsorted(self.features, entries.features)
        at[at == len(self.features)] = 0
        known = self.features[at] == entries.features
        row, at = entries.rows[known], at[known]
        values = (1 + np.log(entries.counts[known])) * self.idf[at]
        block = row * 2 + entries.letters[known]
        length = np.sqrt(np.bincount(block, values * values, minlength=rows * 2))
        return row, at, (values / length[block]).astype(np.float32)
