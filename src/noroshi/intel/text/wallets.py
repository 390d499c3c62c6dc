"""Wallet addresses, each proven by its own checksum."""

from __future__ import annotations

import hashlib

from noroshi.intel.text.extraction import ValueType
from noroshi.intel.text.keccak import keccak256

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_VERSIONS = {
    **{0: ValueType.BTC, 5: ValueType.BTC, 0x30: ValueType.LTC, 0x32: ValueType.LTC},
    **{0x1E: ValueType.DOGE, 0x16: ValueType.DOGE, 0x41: ValueType.TRX},
}
"""First byte of a Base58Check address, and whose it is (chainparams of each coin)."""
_CASH_GENERATORS = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
_XMR_NETWORKS = (18, 19, 42)
_XMR_SIZES = {1: 2, 2: 3, 3: 5, 4: 6, 5: 7, 6: 9, 7: 10, 8: 11}
"""Base58 letters for a last block of that many bytes; whole blocks are 8 bytes in 11 letters."""


def wallet_type(word: str) -> ValueType | None:
    """Return which coin's address a word is, or None."""
    if word[:1] in "13LMDT" and 25 <= len(word) <= 35:
        return _VERSIONS.get(base58_version(word))
    if word[:1] in "qp" and len(word) == 42:
        return ValueType.BCH if is_cash(word) else None
    if word[:3].lower() == "bc1" and 14 <= len(word) <= 90:
        return ValueType.BTC if is_bech32_bitcoin(word) else None
    if word[:2] == "0x" and len(word) == 42:
        return ValueType.ETH if is_ethereum(word) else None
    if word[:1] in "48" and len(word) in (95, 106):
        return ValueType.XMR if is_monero(word) else None
    return None


def base58_version(word: str) -> int:
    """Return the version byte of a Base58Check address, -1 where the checksum fails."""
    number = 0
    for char in word:
        digit = _BASE58.find(char)
        if digit < 0:
            return -1
        number = number * 58 + digit
    if number >> 200:
        return -1
    data = number.to_bytes(25, "big")
    leading = len(word) - len(word.lstrip("1"))
    if leading != len(data) - len(data.lstrip(b"\0")):
        return -1
    check = hashlib.sha256(hashlib.sha256(data[:21]).digest()).digest()[:4]
    return data[0] if check == data[21:] else -1


def is_cash(word: str) -> bool:
    """Bitcoin Cash without its prefix (CashAddr specification): a BCH code of 40 bits."""
    values = [_BECH32.find(char) for char in word]
    if min(values) < 0:
        return False
    check = 1
    # The prefix counts with the low five bits of each letter, then a zero.
    for value in (*(ord(char) & 31 for char in "bitcoincash"), 0, *values):
        top = check >> 35
        check = (check & 0x07FFFFFFFF) << 5 ^ value
        for bit, generator in enumerate(_CASH_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check == 1


def is_bech32_bitcoin(word: str) -> bool:
    """Bech32 (BIP 173) for witness version 0, Bech32m (BIP 350) for the later ones."""
    if word not in (word.lower(), word.upper()):
        return False
    low = word.lower()
    values = [_BECH32.find(char) for char in low[3:]]
    if min(values) < 0 or values[0] > 16:
        return False
    # The prefix "bc" spread out as BIP 173 says: high bits, zero, low bits.
    check = _polymod([3, 3, 0, 2, 3, *values])
    return check == (1 if values[0] == 0 else 0x2BC830A3)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check


def is_ethereum(word: str) -> bool:
    """Forty hex digits; where the case is mixed it is a checksum and must hold (EIP-55)."""
    digits = word[2:]
    try:
        int(digits, 16)
    except ValueError:
        return False
    if "_" in digits or len(set(digits.lower())) < 4:
        return False
    if digits in (digits.lower(), digits.upper()):
        return True
    digest = keccak256(digits.lower().encode()).hex()
    return all(
        char.isdigit() or char.isupper() == (int(nibble, 16) >= 8)
        for char, nibble in zip(digits, digest, strict=False)
    )


def is_monero(word: str) -> bool:
    """CryptoNote's block-wise Base58; the last four bytes are Keccak-256 of the rest."""
    data = bytearray()
    for start in range(0, len(word), 11):
        block = word[start : start + 11]
        size = next((size for size, letters in _XMR_SIZES.items() if letters == len(block)), 0)
        number = 0
        for char in block:
            digit = _BASE58.find(char)
            if digit < 0:
                return False
            number = number * 58 + digit
        if not size or number >> (8 * size):
            return False
        data += number.to_bytes(size, "big")
    return data[0] in _XMR_NETWORKS and keccak256(bytes(data[:-4]))[:4] == data[-4:]
