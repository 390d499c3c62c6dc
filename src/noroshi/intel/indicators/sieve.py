"""A bit per range of hashes: most questions end here, at one memory access.

One bit for every sixteenth of an indicator, so that about one question in seventeen gets past it
for nothing; 16 MB for five million.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from noroshi.intel.indicators.text_hash import Hashes

_BITS_PER_HASH = 16
_LEAST, _MOST = 12, 30


class Sieve:
    """Which upper bits occur among hashes.

    Args:
        hashes: the hashes, ascending.
    """

    def __init__(self, hashes: Hashes) -> None:
        wanted = (max(hashes.size, 1) * _BITS_PER_HASH - 1).bit_length()
        bits = min(max(wanted, _LEAST), _MOST)
        self._shift = np.uint64(64 - bits)
        self._bits = np.zeros(1 << (bits - 3), np.uint8)
        if hashes.size:
            at = hashes >> self._shift
            byte = (at >> np.uint64(3)).astype(np.int64)
            starts = np.flatnonzero(np.append(True, byte[1:] != byte[:-1]))
            self._bits[byte[starts]] = np.bitwise_or.reduceat(_bit(at), starts)

    def may_hold(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Tell for each hash whether it may be among them; never no for one that is."""
        at = hashes >> self._shift
        held: npt.NDArray[np.uint8] = self._bits[(at >> np.uint64(3)).astype(np.int64)] & _bit(at)
        return held.astype(bool)


def _bit(at: Hashes) -> npt.NDArray[np.uint8]:
    return np.left_shift(np.uint8(1), (at & np.uint64(7)).astype(np.uint8))
