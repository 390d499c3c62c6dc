"""Bytes from outside to a plain folder, whatever the archive tries.

A name is refused if it could land outside the folder; links and devices are refused; sizes are
counted while bytes flow and never believed. Sources: PKWARE APPNOTE 6.3 (zip), POSIX.1-2001 pax
(tar), RFC 1952 (gzip), RFC 8878 (zstd).
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

import zstandard

from noroshi.intel.packs.errors import PackError, UnsafePackError

_CHUNK = 1 << 20
_BLOCK = 512
_SKIPPED = frozenset({".git", ".hg", ".svn", "__pycache__", "__MACOSX", ".DS_Store"})
_BAD_NAME = re.compile(r"[\x00-\x1f\x7f\\:]")
_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may unfold into.

    Attributes:
        files: members of any kind.
        bytes: all files together.
        ratio: unfolded bytes for one archive byte, looked at beyond ``ratio_from`` bytes.
        ratio_from: unfolded bytes from which the ratio counts; small texts squeeze well.
        header: bytes of headers before one member (pax names and the like).
    """

    files: int = 100_000
    bytes: int = 4 << 30
    ratio: int = 200
    ratio_from: int = 16 << 20
    header: int = 1 << 20


def unpack(source: Path, target: Path, limits: Limits) -> None:
    """Copy a folder, archive or single file into an existing empty folder.

    Raises:
        UnsafePackError: it tries to leave the folder, is a bomb, or holds links or devices.
        PackError: it is damaged or no archive.
    """
    meter = _Meter(source, limits)
    try:
        if source.is_dir():
            _copy_folder(source, target, meter)
        elif not source.is_file():
            raise PackError(f"{source}: no such file or folder")
        elif zipfile.is_zipfile(source) and not _is_tar_name(source):
            _unzip(source, target, meter)
        elif _is_tar_name(source):
            _untar(source, target, meter)
        elif source.name.lower().endswith((".json", ".json.gz", ".csv", ".dat")):
            with source.open("rb") as handle:
                meter.file(PurePosixPath(source.name), handle, target)
        else:
            raise PackError(
                f"{source}: a pack is a folder, .zip, .tar (.gz, .xz, .zst), .json(.gz), .csv "
                "or .dat"
            )
    except (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error) as error:
        raise PackError(f"{source}: damaged archive: {error}") from error
    except (zstandard.ZstdError, gzip.BadGzipFile, EOFError, NotImplementedError) as error:
        raise PackError(f"{source}: damaged archive: {error}") from error


def top(folder: Path) -> Path:
    """Step into the one folder that release archives wrap around everything."""
    while not (folder / "pack.yaml").exists():
        inside = list(folder.iterdir())
        if len(inside) != 1 or not inside[0].is_dir() or inside[0].name in ("rules", "lists"):
            break
        folder = inside[0]
    return folder


class _Meter:
    """Checks names and counts what comes out."""

    def __init__(self, source: Path, limits: Limits) -> None:
        self._source = source
        self.limits = limits
        self._size = None if source.is_dir() else max(source.stat().st_size, 1)
        self._files = 0
        self._bytes = 0

    def name(self, text: str) -> PurePosixPath | None:
        """Return a safe relative path; None for what version control leaves lying about."""
        path = PurePosixPath(text)
        if (
            path.is_absolute()
            or ".." in path.parts
            or _BAD_NAME.search(text)
            or len(path.parts) > _DEPTH
            or any(len(part.encode("utf-8", "replace")) > 255 for part in path.parts)
        ):
            raise self.refused(f"member {text[:120]!r} has a name that is not safe to write")
        self._files += 1
        if self._files > self.limits.files:
            raise self.refused(f"more than {self.limits.files:,} members")
        return None if _SKIPPED.intersection(path.parts) or not path.parts else path

    def count(self, size: int) -> None:
        """Add bytes that came out."""
        self._bytes += size
        if self._bytes > self.limits.bytes:
            raise self.refused(f"unfolds to more than {self.limits.bytes:,} bytes")
        if (
            self._size is not None
            and self._bytes > self.limits.ratio_from
            and self._bytes > self._size * self.limits.ratio
        ):
            raise self.refused(f"unfolds to more than {self.limits.ratio} times its size")

    def file(self, name: PurePosixPath, handle: IO[bytes], target: Path) -> None:
        """Write one file, never over another."""
        path = target / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as out:
                while chunk := handle.read(_CHUNK):
                    self.count(len(chunk))
                    out.write(chunk)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise self.refused(f"member {str(name)!r} appears twice") from error

    def refused(self, reason: str) -> UnsafePackError:
        """Say why nothing of it was installed."""
        return UnsafePackError(f"{self._source.name}: {reason}; nothing was installed")


def _copy_folder(source: Path, target: Path, meter: _Meter) -> None:
    for folder, folders, files in os.walk(source):
        folders[:] = sorted(set(folders) - _SKIPPED)
        for entry in sorted(folders + files):
            path = Path(folder, entry)
            name = meter.name(path.relative_to(source).as_posix())
            mode = path.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise meter.refused(f"{entry!r} is a link or a device")
            if name is not None and stat.S_ISREG(mode):
                with path.open("rb") as handle:
                    meter.file(name, handle, target)


def _unzip(source: Path, target: Path, meter: _Meter) -> None:
    with zipfile.ZipFile(source) as archive:
        for member in archive.infolist():
            name = meter.name(member.orig_filename)
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise meter.refused(f"member {member.filename!r} is a link or a device")
            if member.flag_bits & 1:
                raise meter.refused(f"member {member.filename!r} is encrypted")
            if name is not None and not member.is_dir():
                with archive.open(member) as handle:
                    meter.file(name, handle, target)


def _untar(source: Path, target: Path, meter: _Meter) -> None:
    with (
        closing(_decompressed(source)) as plain,
        closing(_Gate(plain, meter)) as gate,
        tarfile.open(fileobj=gate, mode="r|") as archive,
    ):
        for member in _members(archive, gate):
            name = meter.name(member.name)
            if not (member.isreg() or member.isdir()) or member.sparse is not None:
                raise meter.refused(f"member {member.name!r} is a link or a device")
            gate.allow(member.size)
            if name is None:
                meter.count(member.size)  # read past, but read
            elif handle := archive.extractfile(member) if member.isreg() else None:
                meter.file(name, handle, target)
        gate.finish()


def _members(archive: tarfile.TarFile, gate: _Gate) -> Iterator[tarfile.TarInfo]:
    gate.allow(0)
    while (member := archive.next()) is not None:
        yield member
        gate.allow(member.size)


class _Gate(io.RawIOBase):
    """Lets tarfile read one member or one header's worth at a time.

    tarfile holds a whole pax header in memory; the gate stops one that never ends.
    """

    def __init__(self, plain: IO[bytes], meter: _Meter) -> None:
        super().__init__()
        self._plain = plain
        self._meter = meter
        self._left = meter.limits.header
        self._tail = b""

    def allow(self, size: int) -> None:
        """Open the gate for a member of this size and the headers around it."""
        self._left = size + self._meter.limits.header

    def read(self, size: int = -1) -> bytes:
        chunk = self._plain.read(min(size if size >= 0 else _CHUNK, _CHUNK))
        self._left -= len(chunk)
        if self._left < 0:
            raise self._meter.refused("a header or member is larger than it says")
        self._tail = (self._tail + chunk)[-_BLOCK:] if chunk else self._tail
        return chunk

    def finish(self) -> None:
        """Read to the end, so that checksums are looked at, and want tar's closing zeros there."""
        self.allow(0)
        while self.read(_CHUNK):
            pass
        if self._tail != bytes(_BLOCK):
            raise tarfile.ReadError("it ends too early")


def _decompressed(source: Path) -> BinaryIO:
    with source.open("rb") as handle:
        head = handle.read(6)
    if head.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.open(source))
    if head == b"\xfd7zXZ\x00":
        return cast("BinaryIO", lzma.open(source))
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return cast("BinaryIO", zstandard.open(source, "rb"))
    return source.open("rb")


def _is_tar_name(source: Path) -> bool:
    name = source.name.lower()
    return name.endswith((".tgz", ".txz", ".tzst")) or ".tar" in name[-9:]
