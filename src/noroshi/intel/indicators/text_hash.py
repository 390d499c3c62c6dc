"""64-bit hashes of many texts at once, straight from Arrow's buffers.

Eight bytes of every text are mixed in at a time (multiply, xor-shift), so the cost is a few numpy
operations per eight bytes of the longest text. The hash only finds candidates; whoever uses it
compares the texts themselves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint64]

_FIRST = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)
_KEEP = np.array([(1 << (8 * count)) - 1 for count in range(8)] + [2**64 - 1], np.uint64)


def buffers(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return the UTF-8 bytes of a text array, padded by eight, and its offsets."""
    texts = texts.cast(pa.large_string())
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    padded = np.zeros(int(bounds[-1]) + 8, np.uint8)
    padded[: int(bounds[-1])] = raw[: int(bounds[-1])]
    return padded, bounds


def hash_slices(
    data: npt.NDArray[np.uint8],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
) -> Hashes:
    """Return the hash of each slice ``data[start:end]``; ``data`` has eight bytes to spare."""
    lengths = ends - starts
    hashes = lengths.astype(np.uint64) * _FIRST
    rows = np.arange(len(starts))
    word = 0
    step = np.arange(8)
    while rows.size:
        rows = rows[lengths[rows] > 8 * word]
        if not rows.size:
            break
        at = starts[rows] + 8 * word
        words = data[at[:, None] + step].view(np.uint64)[:, 0]
        words = words & _KEEP[np.minimum(lengths[rows] - 8 * word, 8)]
        mixed = (hashes[rows] ^ (words * _FIRST)) * _SECOND
        hashes[rows] = mixed ^ (mixed >> _SHIFT)
        word += 1
    return hashes


def hash_texts(texts: pa.Array) -> Hashes:
    """Return the hash of each text; a null counts as the empty text."""
    data, bounds = buffers(texts.fill_null(""))
    return hash_slices(data, bounds[:-1], bounds[1:])
