"""Undoing compression within bounds: gzip around an answer, zip around many files."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator

from noroshi.collect.feeds.errors import FeedError

MEMBERS = 200_000
"""Files of one zip archive that are looked at."""

_BROKEN = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error,
           zipfile.BadZipFile)  # fmt: skip


def inflated(data: bytes, where: str, most: int, encoding: str = "") -> bytes:
    """Return data without the gzip around it, if there is one.

    Raises:
        FeedError: damaged, more than ``most`` bytes, or another encoding.
    """
    if not data.startswith(b"\x1f\x8b"):
        if encoding.lower() not in ("", "identity"):
            raise FeedError(f"{where}: Content-Encoding {encoding[:40]!r} was not asked for")
        return data
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            plain = stream.read(most + 1)
    except _BROKEN as error:
        raise FeedError(f"{where}: damaged gzip: {error}") from error
    if len(plain) > most:
        raise FeedError(f"{where}: inflates to more than {most:,} bytes")
    return plain


def members(data: bytes, where: str, most: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files in a zip archive.

    Args:
        data: the archive.
        where: what errors call it.
        most: bytes of one file.

    Raises:
        FeedError: damaged, locked, too many files, or one that is too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if len(listed) > MEMBERS:
                raise FeedError(f"{where}: more than {MEMBERS:,} files in one archive")
            for one in listed:
                if one.is_dir():
                    continue
                with archive.open(one) as stream:
                    plain = stream.read(most + 1)
                if len(plain) > most:
                    raise FeedError(f"{where}: {one.filename[:200]} has more than {most:,} bytes")
                yield one.filename, plain
    except _BROKEN as error:
        raise FeedError(f"{where}: damaged archive: {error}") from error
