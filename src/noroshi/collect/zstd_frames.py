"""Tell a whole Zstandard stream from a cut one: the decompressor itself ends both alike.

Source: RFC 8878, section 3 (frames, blocks and skippable frames).
"""

from __future__ import annotations

import struct
from typing import IO

_MAGIC = 0xFD2FB528
_SKIPPABLE = range(0x184D2A50, 0x184D2A60)
_FRAME_CONTENT_SIZE_BYTES = (0, 2, 4, 8)
_DICTIONARY_ID_BYTES = (0, 1, 2, 4)
_RLE_BLOCK = 1


def is_complete(stream: IO[bytes]) -> bool:
    """Return whether the stream ends where a frame ends; headers alone are read."""
    while head := stream.read(4):
        if len(head) < 4:
            return False
        (magic,) = struct.unpack("<I", head)
        if magic in _SKIPPABLE:
            if not _skip(stream, int.from_bytes(stream.read(4), "little")):
                return False
        elif magic != _MAGIC or not _frame_is_complete(stream):
            return False
    return True


def _frame_is_complete(stream: IO[bytes]) -> bool:
    descriptor = stream.read(1)
    if not descriptor:
        return False
    flags = descriptor[0]
    single_segment, has_checksum = flags & 0x20, flags & 0x04
    size_bytes = _FRAME_CONTENT_SIZE_BYTES[flags >> 6] or (1 if single_segment else 0)
    window_bytes = 0 if single_segment else 1
    if not _skip(stream, window_bytes + _DICTIONARY_ID_BYTES[flags & 3] + size_bytes):
        return False
    last = False
    while not last:
        header = stream.read(3)
        if len(header) < 3:
            return False
        number = int.from_bytes(header, "little")
        last = bool(number & 1)
        if not _skip(stream, 1 if (number >> 1) & 3 == _RLE_BLOCK else number >> 3):
            return False
    return not has_checksum or _skip(stream, 4)


def _skip(stream: IO[bytes], count: int) -> bool:
    while count:
        part = stream.read(min(count, 1_048_576))
        if not part:
            return False
        count -= len(part)
    return True
