"""Text of mail whose charset is wrong, missing or Japanese.

Sources: RFC 1468 (ISO-2022-JP); Microsoft code pages 932, 50220 and 50221 (the half-width and
vendor forms that mail calls ISO-2022-JP all the same); RFC 2047 (encoded words).
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re

_ALIASES = {
    "iso-2022-jp": ("iso2022_jp_ext", "iso2022_jp_3", "iso2022_jp_2004"),
    "iso-2022-jp-ms": ("iso2022_jp_ext", "iso2022_jp_3"),
    "cp50220": ("iso2022_jp_ext",),
    "cp50221": ("iso2022_jp_ext",),
    "shift_jis": ("cp932", "shift_jisx0213"),
    "shift-jis": ("cp932", "shift_jisx0213"),
    "x-sjis": ("cp932",),
    "windows-31j": ("cp932",),
    "ms932": ("cp932",),
    "sjis": ("cp932",),
    "euc-jp": ("euc_jp", "euc_jis_2004"),
    "x-euc-jp": ("euc_jp",),
    "eucjp-ms": ("euc_jp", "euc_jis_2004"),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "ks_c_5601-1987": ("cp949",),
    "iso-8859-8-i": ("iso8859_8",),
    "us-ascii": ("ascii",),
    "utf-8": ("utf-8",),
    "utf8": ("utf-8",),
    "cp-850": ("cp850",),
    "unicode-1-1-utf-7": ("utf-7",),
}
_GUESSES = ("utf-8", "cp932", "euc_jp", "gb18030")
_ESCAPE = re.compile(rb"\x1b\$[@B]|\x1b\([BIJ]|\x1b\$\([DOP]")

_WORD = re.compile(
    r"=\?([A-Za-z0-9_.:-]{1,64})(?:\*[A-Za-z-]{1,16})?\?([bBqQ])\?([^?\s]*+(?: [^?\s]+)*+)\?="
)
_BETWEEN = re.compile(r"(\?=)\s+(?==\?)")


def decode_text(data: bytes, charset: str = "") -> str:
    """Decode by the label if it fits, else by what fits; never fails.

    Escape sequences of ISO-2022-JP win over any label, for it looks like ASCII otherwise.
    """
    if _ESCAPE.search(data):
        return _from_iso_2022(data)
    label = charset.strip(" \"'").lower()
    for name in _ALIASES.get(label, (label,) if label else ()):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    if label == "utf-16" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return _guessed(data)


def _guessed(data: bytes) -> str:
    """Decode by what fits; of several Japanese readings the one with the least half-width kana.

    EUC-JP read as Shift_JIS gives rows of half-width kana, which nobody writes that densely.
    """
    found: list[str] = []
    for name in _GUESSES:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-8":
            return text
        found.append(text)
    if not found:
        return data.decode("latin-1")
    return min(found, key=lambda text: sum("\uff61" <= char <= "\uff9f" for char in text))


def decode_header(text: str) -> str:
    """Decode the encoded words of a header; blanks between two of them do not count.

    Words of one charset are joined before decoding, because mailers cut multi-byte characters and
    ISO-2022-JP states in two.
    """
    raw = _raw_text(text)
    joined = _BETWEEN.sub(r"\1", raw) if "=?" in raw else raw
    parts: list[str] = []
    at, pending, charset = 0, b"", ""
    for found in _WORD.finditer(joined):
        if pending and (found.start() > at or found[1].lower() != charset):
            parts.append(decode_text(pending, charset))
            pending = b""
        parts.append(joined[at : found.start()])
        pending += _word_bytes(found[2], found[3])
        charset, at = found[1].lower(), found.end()
    if pending:
        parts.append(decode_text(pending, charset))
    parts.append(joined[at:])
    return re.sub(r"\r?\n[ \t]*", " ", "".join(parts)).strip()


def _raw_text(text: str) -> str:
    """Recover bytes that the parser kept as surrogates: raw Shift_JIS or ISO-2022-JP headers."""
    if "\x1b" not in text and not any("\udc80" <= char <= "\udcff" for char in text):
        return text
    return decode_text(text.encode("utf-8", "surrogateescape"))


def _word_bytes(kind: str, text: str) -> bytes:
    if kind in "bB":
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=False)
        except (binascii.Error, ValueError):
            return text.encode("utf-8", "replace")
    return quopri.decodestring(text.replace("_", " ").encode("utf-8", "replace"), header=False)


def _from_iso_2022(data: bytes) -> str:
    """Decode ISO-2022-JP of every kind: vendor characters go by way of Shift_JIS."""
    for name in ("iso2022_jp", "iso2022_jp_ext"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return _by_shift_jis(data).decode("cp932", "replace")


def _by_shift_jis(data: bytes) -> bytes:
    """Turn 7-bit JIS into Shift_JIS, whose Windows form knows the vendors' rows 13 and 89 … 92."""
    out = bytearray()
    mode = b"B"
    at = 0
    while at < len(data):
        if data[at] == 0x1B and (found := _ESCAPE.match(data, at)):
            mode = found.group()[-1:] if found.group()[1:2] == b"(" else b"$"
            at = found.end()
        elif mode == b"$" and at + 1 < len(data) and 0x21 <= data[at] <= 0x7E:
            out += _shifted(data[at], data[at + 1])
            at += 2
        else:
            out.append(data[at] | 0x80 if mode == b"I" and data[at] >= 0x21 else data[at])
            at += 1
    return bytes(out)


def _shifted(first: int, second: int) -> bytes:
    """One JIS X 0208 pair as Shift_JIS. Source: JIS X 0208:1997, annex 1."""
    lead = (first + 1) // 2 + (0x70 if first < 0x5F else 0xB0)
    trail = second + (0x7E if first % 2 == 0 else 0x20 if second >= 0x60 else 0x1F)
    return bytes((lead, trail & 0xFF))
