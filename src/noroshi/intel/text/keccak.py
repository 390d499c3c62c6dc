"""Keccak-256 as Ethereum and Monero use it: FIPS 202's permutation with the older padding byte 01.

The standard library's SHA-3 differs in that byte and cannot be told to use another.
"""

from __future__ import annotations

_RATE = 136
_LANE = (1 << 64) - 1


def keccak256(data: bytes) -> bytes:
    """Return the 32-byte digest."""
    padded = bytearray(data) + b"\x01"
    padded += bytes(-len(padded) % _RATE)
    padded[-1] |= 0x80
    state = [0] * 25
    for start in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            piece = padded[start + 8 * lane : start + 8 * lane + 8]
            state[lane] ^= int.from_bytes(piece, "little")
        state = _permute(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def _constants() -> list[int]:
    """Return the 24 round constants from their shift register (FIPS 202 section 3.2.5)."""
    register, found = 1, []
    for _ in range(24):
        constant = 0
        for step in range(7):
            if register & 1:
                constant |= 1 << ((1 << step) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        found.append(constant)
    return found


def _offsets() -> list[int]:
    """Return each lane's rotation (FIPS 202 section 3.2.2)."""
    found, x, y = [0] * 25, 1, 0
    for step in range(24):
        found[x + 5 * y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return found


_ROUNDS = _constants()
_ROTATIONS = _offsets()


def _rotate(lane: int, by: int) -> int:
    return ((lane << by) | (lane >> (64 - by))) & _LANE


def _permute(a: list[int]) -> list[int]:
    for constant in _ROUNDS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[x - 1] ^ _rotate(c[(x + 1) % 5], 1) for x in range(5)]
        b = [0] * 25
        for x in range(5):
            for y in range(5):
                lane = a[x + 5 * y] ^ d[x]
                b[y + 5 * ((2 * x + 3 * y) % 5)] = _rotate(lane, _ROTATIONS[x + 5 * y])
        a = [
            b[i] ^ (~b[(i % 5 + 1) % 5 + i - i % 5] & b[(i % 5 + 2) % 5 + i - i % 5])
            for i in range(25)
        ]
        a[0] ^= constant
    return a
