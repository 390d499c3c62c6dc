"""From paths to evidence: folders are walked, archives opened, compression undone, all bounded."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import shutil
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

import zstandard

from noroshi.collect.decoding import CHUNK_BYTES
from noroshi.collect.errors import UnsafeArchiveError
from noroshi.collect.evidence import Evidence, read_some
from noroshi.collect.zstd_frames import is_complete

MAX_NESTING = 5
MAX_MEMBERS = 100_000
MAX_RATIO = 1_000
"""Decompressed to compressed bytes beyond which content is taken for a bomb …"""
RATIO_FREE_BYTES = 256 * 1_048_576
"""… once it has given this much."""

_NOT_EVIDENCE = ("__MACOSX/", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that cannot be read at all."""

    path: str
    reason: str


def walk(paths: Iterable[Path]) -> Iterator[Evidence | Refused]:
    """Yield every piece of evidence under the paths, in a fixed order.

    A member of an archive can be opened until the next one is asked for.

    Symbolic links inside folders are not followed (a loop, or a way out of the folder); named
    directly they are. Sockets, pipes and devices are refused.
    """
    for path in paths:
        if not path.exists():
            yield Refused(str(path), "no such file or folder")
        elif path.is_dir():
            for file in _files(path):
                yield from _open_file(file)
        else:
            yield from _open_file(path)


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            path = Path(root, name)
            if not path.is_symlink() and name not in _NOT_EVIDENCE:
                yield path


def _open_file(path: Path) -> Iterator[Evidence | Refused]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Refused(str(path), "not a regular file")
            return
        if not status.st_size:
            return
        with path.open("rb") as handle:
            handle.read(1)
    except OSError as error:
        yield Refused(str(path), f"{error.strerror}")
        return
    evidence = Evidence(
        str(path),
        lambda: path.open("rb"),
        path,
        modified=status.st_mtime_ns // 1000,
        root=(str(path), status.st_size),
    )
    yield from unpack(evidence)


def unpack(evidence: Evidence, level: int = 0) -> Iterator[Evidence | Refused]:
    """Yield the evidence itself, or what lies inside if it is an archive or compressed."""
    with evidence.open() as stream:
        start = stream.read(512)
    kind = _kind(start)
    if kind is None:
        yield evidence
    elif level >= MAX_NESTING:
        yield Refused(evidence.name, f"archives nest deeper than {MAX_NESTING}")
    elif kind in _DECOMPRESSORS:
        yield from unpack(_decompressed(evidence, kind), level + 1)
    else:
        try:
            members = _zip_members if kind == "zip" else _tar_members
            for member in members(evidence):
                if isinstance(member, Refused):
                    yield member
                else:
                    yield from unpack(member, level + 1)
        except (zipfile.BadZipFile, tarfile.TarError, OSError, EOFError, ValueError) as error:
            yield Refused(evidence.name, f"damaged {kind} archive: {error}")


def _kind(start: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return kind
    return "tar" if start[257:262] == b"ustar" else None


def _decompressed(evidence: Evidence, kind: str) -> Evidence:
    def check_whole() -> None:
        with evidence.opener() as raw:
            if not is_complete(raw):
                raise EOFError("the compressed stream is cut off")

    def open_() -> IO[bytes]:
        inner = evidence.opener()
        check = check_whole if kind == "zstd" else None
        return _limited(_DECOMPRESSORS[kind](inner), inner, evidence.name, check=check)

    stem = evidence.name
    for ending in (".gz", ".zst", ".xz", ".bz2"):
        stem = stem.removesuffix(ending)
    return replace(evidence, name=stem, opener=open_, path=None)


def _zip_members(evidence: Evidence) -> Iterator[Evidence | Refused]:
    with evidence.on_disk() as path, zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > MAX_MEMBERS:
            raise UnsafeArchiveError(f"{evidence.name}: more than {MAX_MEMBERS} members")
        for info in members:
            name = f"{evidence.name}!{info.filename}"
            if info.filename.startswith(_NOT_EVIDENCE):
                continue
            if info.flag_bits & 1:
                yield Refused(name, "encrypted; extract it with its password first")
                continue

            def open_(info: zipfile.ZipInfo = info, name: str = name) -> IO[bytes]:
                return _limited(archive.open(info), None, name, info.compress_size)

            yield replace(evidence, name=name, opener=open_, path=None, faults=[])


def _tar_members(evidence: Evidence) -> Iterator[Evidence | Refused]:
    with evidence.open() as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        for number, member in enumerate(archive):
            if number >= MAX_MEMBERS:
                raise UnsafeArchiveError(f"{evidence.name}: more than {MAX_MEMBERS} members")
            name = f"{evidence.name}!{member.name}"
            content = archive.extractfile(member) if member.isreg() else None
            if content is None:
                if not member.isdir():
                    yield Refused(name, "a link or device in an archive is not followed")
                continue
            with tempfile.TemporaryFile(prefix="noroshi-") as copy:
                shutil.copyfileobj(content, copy, CHUNK_BYTES)

                def open_(copy: IO[bytes] = copy) -> IO[bytes]:
                    return cast("IO[bytes]", io.BufferedReader(_Window(copy)))

                yield replace(evidence, name=name, opener=open_, path=None, faults=[])


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
)

_DECOMPRESSORS: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {
    "gzip": lambda inner: gzip.GzipFile(fileobj=inner),  # type: ignore[dict-item,return-value]
    "zstd": lambda inner: zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(
        inner, read_across_frames=True
    ),
    "xz": lzma.open,
    "bzip2": bz2.open,
}


def _limited(
    stream: IO[bytes],
    inner: IO[bytes] | None,
    name: str,
    compressed: int = 0,
    check: Callable[[], None] | None = None,
) -> IO[bytes]:
    limited = _Limited(stream, inner, name, compressed, check)
    return cast("IO[bytes]", io.BufferedReader(limited, CHUNK_BYTES))


class _Limited(io.RawIOBase):
    """Decompressed stream that ends with an error where its ratio is that of a bomb."""

    def __init__(
        self,
        stream: IO[bytes],
        inner: IO[bytes] | None,
        name: str,
        compressed: int,
        check: Callable[[], None] | None,
    ) -> None:
        self._stream, self._inner, self._name, self._check = stream, inner, name, check
        self._compressed, self._given = compressed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = read_some(self._stream, len(buffer))
        if not data and self._check is not None:
            self._check()
        buffer[: len(data)] = data
        self._given += len(data)
        taken = self._inner.tell() if self._inner is not None else self._compressed
        if self._given > RATIO_FREE_BYTES and self._given > MAX_RATIO * max(taken, 1):
            raise UnsafeArchiveError(
                f"{self._name}: {self._given} bytes out of {taken} compressed ones looks like a "
                "decompression bomb; unpack it yourself if you trust it"
            )
        return len(data)

    def tell(self) -> int:
        return self._given

    def close(self) -> None:
        self._stream.close()
        if self._inner is not None:
            self._inner.close()
        super().close()


class _Window(io.RawIOBase):
    """A view on a shared file with a position of its own; closing it leaves the file open."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._at)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at
