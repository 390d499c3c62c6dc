"""Folders, archives and compression: everything readable is read, nothing hostile gets far."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from noroshi.collect import Evidence, UnsafeArchiveError
from noroshi.collect.walk import MAX_NESTING, Refused, walk

LINES = b"".join(b"line %d\n" % number for number in range(20_000))
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def read(path: Path) -> dict[str, bytes]:
    """Names relative to the folder -> content, for everything that can be read."""
    found = {}
    for item in walk([path]):
        assert isinstance(item, Evidence), item
        with item.open() as stream:
            found[item.name.removeprefix(f"{path}/")] = stream.read()
    return found


def refusals(path: Path) -> list[str]:
    return [item.reason for item in walk([path]) if isinstance(item, Refused)]


@pytest.mark.parametrize("ending", COMPRESSORS)
def test_compression_is_told_by_content(tmp_path: Path, ending: str) -> None:
    (tmp_path / "plainly.named").write_bytes(COMPRESSORS[ending](LINES))
    assert read(tmp_path) == {"plainly.named": LINES}


@pytest.mark.parametrize("ending", COMPRESSORS)
def test_of_a_cut_stream_the_good_part_is_kept_and_the_cut_reported(
    tmp_path: Path, ending: str
) -> None:
    packed = COMPRESSORS[ending](os.urandom(300_000).hex().encode())
    (tmp_path / "x").write_bytes(packed[: len(packed) * 2 // 3])
    (item,) = walk([tmp_path])
    assert isinstance(item, Evidence)
    with item.open() as stream:
        content = stream.read()
    assert len(content) > 100_000 or ending == "bz2"
    (fault,) = item.faults
    assert "cannot be read past byte" in fault.reason


def test_archives_in_archives(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as archive:
        info = tarfile.TarInfo("deep/a.log")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"abc"))
    with zipfile.ZipFile(tmp_path / "case.zip", "w") as zipped:
        zipped.writestr("logs.tar.gz", gzip.compress(inner.getvalue()))
        zipped.writestr("b.log", "def")
    assert read(tmp_path) == {
        "case.zip!logs.tar!deep/a.log": b"abc",
        "case.zip!b.log": b"def",
    }


def test_every_member_can_be_opened_more_than_once(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar.gz", "w:gz") as archive:
        for number in range(3):
            info = tarfile.TarInfo(f"{number}.log")
            info.size = len(LINES)
            archive.addfile(info, io.BytesIO(LINES))
    for item in walk([tmp_path]):
        assert isinstance(item, Evidence)
        for _ in range(2):
            with item.open() as stream:
                assert stream.read() == LINES


def test_nothing_of_an_archive_is_written_anywhere(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    with zipfile.ZipFile(folder / "x.zip", "w") as archive:
        archive.writestr("../../escape.log", "x")
        archive.writestr("/absolute.log", "y")
    with tarfile.open(folder / "y.tar", "w") as archive_:
        info = tarfile.TarInfo("../escape.log")
        info.size = 1
        archive_.addfile(info, io.BytesIO(b"z"))
    assert sorted(read(folder).values()) == [b"x", b"y", b"z"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["evidence", "x.zip", "y.tar"]


def test_links_in_archives_and_folders_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not evidence")
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "link.log").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    with tarfile.open(folder / "x.tar", "w") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = tarfile.SYMTYPE, str(secret)
        archive.addfile(info)
    assert refusals(folder) == ["a link or device in an archive is not followed"]
    assert [item for item in walk([folder]) if isinstance(item, Evidence)] == []


@pytest.mark.parametrize("ending", ["gz", "zst", "xz", "zip"])
def test_a_bomb_is_refused(tmp_path: Path, ending: str) -> None:
    zeros = bytes(300 * 1_048_576)
    if ending == "zip":
        with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("zeros", zeros)
    else:
        (tmp_path / "bomb").write_bytes(COMPRESSORS[ending](zeros))
    for item in walk([tmp_path]):
        assert isinstance(item, Evidence)
        with pytest.raises(UnsafeArchiveError, match="bomb"):
            item.digest()


def test_endless_nesting_is_refused(tmp_path: Path) -> None:
    content = b"x"
    for _ in range(MAX_NESTING + 1):
        content = gzip.compress(content)
    (tmp_path / "x").write_bytes(content)
    assert refusals(tmp_path) == [f"archives nest deeper than {MAX_NESTING}"]


def test_what_is_no_file_is_refused_by_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "damaged.zip").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    (tmp_path / "empty").touch()
    found = list(walk([tmp_path, tmp_path / "gone"]))
    reasons = {Path(item.path).name: item.reason for item in found if isinstance(item, Refused)}
    assert reasons.pop("damaged.zip").startswith("damaged zip archive")
    assert reasons == {"pipe": "not a regular file", "gone": "no such file or folder"}


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.log", "abc")
    data = bytearray((tmp_path / "x.zip").read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(data)
    assert refusals(tmp_path) == ["encrypted; extract it with its password first"]
