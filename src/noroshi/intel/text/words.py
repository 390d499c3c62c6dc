"""Values that are one unbroken word: hashes, identifiers, AS numbers, wallets, TLS fingerprints.

The words of a block are found at once as an array of starts and ends; a few comparisons over those
arrays leave only the words that can be something, and each of these is then looked at closely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from noroshi.intel.text.candidate import Candidate, Taken, Trait, mask_of, runs
from noroshi.intel.text.extraction import ValueType
from noroshi.intel.text.refang import Refanged
from noroshi.intel.text.shadow import Bytes, Offsets
from noroshi.intel.text.wallets import wallet_type

_ALNUM = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HEX = b"0123456789abcdefABCDEF"
_HASHES = {
    32: ValueType.MD5,
    40: ValueType.SHA1,
    56: ValueType.SHA224,
    64: ValueType.SHA256,
    96: ValueType.SHA384,
    128: ValueType.SHA512,
}


def _classes(**members: bytes) -> Bytes:
    """Return a table that gives each byte its memberships as bits, in the order given."""
    table = np.zeros(256, dtype=np.uint8)
    for bit, members_of in enumerate(members.values()):
        table[list(members_of)] |= 1 << bit
    return table


_DIGIT, _IN_HEX, _IN_CODE, _IN_A, _IN_COIN, _IN_SHORT = (1 << bit for bit in range(6))
_CLASSES = _classes(
    digit=b"0123456789", hex=_HEX, code=b"TGSMCD", a=b"A", coin=b"13b0B48LMDTqp", short=b"cCeEAL"
)
_HASH_LENGTHS = np.isin(np.arange(130), list(_HASHES))
_CVE = re.compile(rb"cve[-_ ]{1,2}((?:19|20)\d\d)[-_ ]{1,2}(\d{4,7})(?![0-9])")
_JA4 = re.compile(rb"[tqd](?:1[0-3]|s[23]|d[123]|00)[di]\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}")
_SSDEEP = re.compile(rb"\d{1,10}:[A-Za-z0-9/+]{6,64}:[A-Za-z0-9/+]{3,64}")
_SUB = re.compile(rb"[./](\d{3})(?![0-9]|[./][0-9])")
_ATLAS = re.compile(rb"AML\.((?:TA|T|M|CS)\d{4})(\.\d{3})?(?![0-9])")
_ATTACK_WORDS = (b"att&ck", b"mitre", b"technique", b"tactic")
_SPACED_ASN = re.compile(rb"ASN?[ :#-]{1,3}([1-9]\d{3,9})(?![\d.])")
_LARGEST_ASN = 4_294_967_295
_AS_WORDS = (b"asn", b"autonomous", b"hosting", b"network", b"provider", b"bgp", b"isp")


def word_candidates(block: Refanged, taken: Taken) -> Iterator[Candidate]:
    """Yield what single words are, in the order of the text."""
    starts, ends = runs(mask_of(block.data, _ALNUM))
    if not len(starts):
        return
    chosen = np.flatnonzero(_possible(block, starts, ends) & (taken.marks()[starts] == 0))
    context = _Context(block)
    for start, end in zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True):
        found = _word(block, context, start, end)
        if found is not None and taken.take(found.start, found.end):
            yield found


class _Context:
    """What the block says as a whole."""

    def __init__(self, block: Refanged) -> None:
        self.names_attack = any(word in block.lower for word in _ATTACK_WORDS[:2])


def _possible(block: Refanged, starts: Offsets, ends: Offsets) -> npt.NDArray[np.bool_]:
    """Which words can be a value, told by length, first and last byte and what follows."""
    array, length = block.array, ends - starts
    first, last = _CLASSES[array[starts]], _CLASSES[array[ends - 1]]
    after = array[np.minimum(ends, len(array) - 1)]
    digit = (last & _DIGIT) > 0
    hashes = _HASH_LENGTHS[np.minimum(length, 129)] & ((first & last & _IN_HEX) > 0)
    code = digit & (length >= 5) & (length <= 6) & ((first & _IN_CODE) > 0)
    number = digit & (length >= 4) & (length <= 12) & ((first & _IN_A) > 0)
    coin = (length >= 14) & (length <= 106) & ((first & _IN_COIN) > 0)
    system = (first & _IN_A > 0) & (length <= 3) & (length >= 2)
    system &= array[np.minimum(starts + 1, len(array) - 1)] == ord("S")
    short = (length == 3) & ((first & _IN_SHORT) > 0) & ((last & _IN_SHORT) > 0)
    ja4 = (length == 10) & (after == ord("_"))
    ssdeep = (length <= 10) & ((first & _DIGIT) > 0) & (after == ord(":")) & digit
    found: npt.NDArray[np.bool_] = hashes | code | number | coin | short | system | ja4 | ssdeep
    return found


def _word(block: Refanged, context: _Context, start: int, end: int) -> Candidate | None:
    data, length = block.data, end - start
    word = data[start:end]
    if word in (b"AS", b"ASN"):
        return _spaced_asn(block, start)
    if length == 3:
        return _atlas(block, start) if word == b"AML" else _cve(block, start)
    if length in _HASHES and not word.translate(None, _HEX):
        return _hash(block, word, start, end)
    if length == 10 and data[end : end + 1] == b"_" and (found := _JA4.match(data, start)):
        return Candidate(ValueType.JA4, found[0].decode(), start, found.end(), 0.95)
    if word.isdigit():
        return _ssdeep(block, start) if length <= 10 else None
    if length <= 12 and word.startswith(b"AS") and word[2:].isdigit():
        return _asn(block, word, start, end)
    if length <= 6:
        return _attack(block, context, word, start, end)
    coin = wallet_type(word.decode("ascii"))
    if coin is None:
        return None
    return Candidate(coin, word.decode("ascii"), start, end, 0.95 if coin != "eth" else 0.8)


def _hash(block: Refanged, word: bytes, start: int, end: int) -> Candidate | None:
    low = word.lower().decode("ascii")
    if len(set(low)) < 6:
        return None
    kind = _HASHES[len(word)]
    if kind is ValueType.MD5:
        before = block.lower[max(0, start - 32) : start]
        if b"imphash" in before:
            kind = ValueType.IMPHASH
        elif b"ja3" in before:
            kind = ValueType.JA3
    if low.isdigit():
        return Candidate(kind, low, start, end, 0.5)
    return Candidate(kind, low, start, end, 0.97)


def _cve(block: Refanged, start: int) -> Candidate | None:
    found = _CVE.match(block.lower, start)
    if found is None or (len(found[2]) > 4 and found[2].startswith(b"0")):
        return None
    value = f"CVE-{found[1].decode()}-{found[2].decode()}"
    return Candidate(ValueType.CVE, value, start, found.end(), 0.98, Trait.CODE)


def _ssdeep(block: Refanged, start: int) -> Candidate | None:
    found = _SSDEEP.match(block.data, start)
    if found is None:
        return None
    size, first, second = found[0].split(b":")
    if int(size) % 3 or len(first) + len(second) < 20 or first.isdigit():
        return None
    return Candidate(ValueType.SSDEEP, found[0].decode(), start, found.end(), 0.9)


def _spaced_asn(block: Refanged, start: int) -> Candidate | None:
    """``AS 64500``, ``ASN: 64500``; not "AS 400", which is a machine."""
    found = _SPACED_ASN.match(block.data, start)
    if found is None or not 1000 <= int(found[1]) <= _LARGEST_ASN:
        return None
    return Candidate(ValueType.ASN, f"AS{found[1].decode()}", start, found.end(), 0.9, Trait.CODE)


def _asn(block: Refanged, word: bytes, start: int, end: int) -> Candidate | None:
    number = int(word[2:])
    near = block.lower[max(0, start - 60) : end + 60]
    told = any(cue in near for cue in _AS_WORDS)
    if not 0 < number <= _LARGEST_ASN or (not told and (number < 1000 and len(word) < 6)):
        return None
    certainty = 0.95 if told else 0.75
    return Candidate(ValueType.ASN, f"AS{number}", start, end, certainty, Trait.CODE)


def _attack(
    block: Refanged, context: _Context, word: bytes, start: int, end: int
) -> Candidate | None:
    """ATT&CK ids: T1059, T1059.001, TA0002, G0016, S0154, M1036, C0024, DS0009."""
    text = word.decode("ascii")
    letters = text.rstrip("0123456789")
    if len(text) - len(letters) != 4 or letters not in ("T", "TA", "G", "S", "M", "C", "DS"):
        return None
    if block.data[start - 1 : start] in (b"-", b"_", b".") and start:
        return None
    certainty = 0.97 if letters in ("T", "TA") else 0.6
    if letters == "T":
        if not ("0800" <= text[1:] < "0900" or "1001" <= text[1:] < "2000"):
            return None
        if sub := _SUB.match(block.data, end):
            text, end = f"{text}.{sub[1].decode()}", sub.end()
    elif text[len(letters)] not in "01":
        return None
    if context.names_attack:
        certainty = 0.97
    elif letters not in ("T", "TA"):
        return None
    return Candidate(ValueType.ATTACK, text, start, end, certainty, Trait.CODE)


def _atlas(block: Refanged, start: int) -> Candidate | None:
    found = _ATLAS.match(block.data, start)
    if found is None:
        return None
    value = found[0].decode("ascii")
    return Candidate(ValueType.ATLAS, value, start, found.end(), 0.98, Trait.CODE)
