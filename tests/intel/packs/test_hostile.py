"""Packs come in whole or not at all, whatever the archive tries."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from tests.intel.packs.conftest import RULE, tarred, zipped

from noroshi.intel.packs import Limits, PackError, PackStore, UnsafePackError


def hostile_tar(path: Path, member: tarfile.TarInfo, body: bytes = b"") -> Path:
    with tarfile.open(path, "w") as archive:
        good = tarfile.TarInfo("rules/good.yml")
        good.size = len(RULE)
        archive.addfile(good, io.BytesIO(RULE.encode()))
        member.size = len(body)
        archive.addfile(member, io.BytesIO(body))
    return path


def info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


@pytest.mark.parametrize(
    "member",
    [
        info("../outside.yml"),
        info("rules/../../outside.yml"),
        info("/etc/outside.yml"),
        info("C:\\outside.yml"),
        info("rules/link.yml", tarfile.SYMTYPE, "/etc/passwd"),
        info("rules/hard.yml", tarfile.LNKTYPE, "rules/good.yml"),
        info("rules/device", tarfile.CHRTYPE),
        info("rules/pipe", tarfile.FIFOTYPE),
        info("rules/good.yml"),
        info("rules/good.yml/inside.yml"),
        info("/".join("d" * 40) + "/x.yml"),
        info("rules/bell\x07.yml"),
    ],
    ids=lambda member: repr(member.name) + member.type.decode(),
)
def test_hostile_tar_members(store: PackStore, tmp_path: Path, member: tarfile.TarInfo) -> None:
    path = hostile_tar(tmp_path / "bad.tar", member)
    with pytest.raises(UnsafePackError, match="nothing was installed"):
        store.add(path)
    assert store.list() == ()
    assert not list(tmp_path.glob("**/outside*"))


@pytest.mark.parametrize("name", ["../outside.yml", "/outside.yml", "a\\..\\outside.yml"])
def test_hostile_zip_names(store: PackStore, tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rules/good.yml", RULE)
        archive.writestr(name, RULE)
    with pytest.raises(UnsafePackError):
        store.add(path)
    assert not list(tmp_path.glob("**/outside*"))


def test_zip_symlink(store: PackStore, tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo("rules/link.yml")
        member.create_system, member.external_attr = 3, 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    with pytest.raises(UnsafePackError, match="link or a device"):
        store.add(path)


def test_folder_symlink(store: PackStore, checkout: Path) -> None:
    (checkout / "rules" / "loop").symlink_to(checkout)
    with pytest.raises(UnsafePackError, match="link or a device"):
        store.add(checkout)


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz", ".tar.xz", ".tar.zst"])
def test_bombs(tmp_path: Path, suffix: str) -> None:
    store = PackStore(tmp_path / "packs", limits=Limits(ratio=100, ratio_from=1 << 20))
    folder = tmp_path / "bomb"
    folder.mkdir()
    (folder / "zeros.yml").write_bytes(bytes(8 << 20))
    path = (zipped if suffix == ".zip" else tarred)(folder, tmp_path / f"bomb{suffix}")
    with pytest.raises(UnsafePackError, match="100 times its size"):
        store.add(path)
    assert store.list() == ()


def test_total_and_member_limits(tmp_path: Path, checkout: Path) -> None:
    path = tarred(checkout, tmp_path / "sigma.tar")
    with pytest.raises(UnsafePackError, match="more than 100 bytes"):
        PackStore(tmp_path / "packs", limits=Limits(bytes=100)).add(path)
    with pytest.raises(UnsafePackError, match="more than 3 members"):
        PackStore(tmp_path / "packs", limits=Limits(files=3)).add(path)


def test_endless_pax_header(store: PackStore, tmp_path: Path) -> None:
    """tarfile would hold the whole header in memory; the gate closes after one MiB."""
    member = info("rules/x.yml")
    member.pax_headers = {"comment": "x" * (4 << 20)}
    path = tmp_path / "bad.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(member)
    with pytest.raises(UnsafePackError, match="larger than it says"):
        store.add(path)


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz", ".tar.xz", ".tar.zst", ".tar"])
@pytest.mark.parametrize("keep", [0.3, 0.8])
def test_truncated_archives(
    store: PackStore, checkout: Path, tmp_path: Path, suffix: str, keep: float
) -> None:
    (checkout / "rules" / "long.bin").write_bytes(os.urandom(50_000))
    path = (zipped if suffix == ".zip" else tarred)(checkout, tmp_path / f"cut{suffix}")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(PackError):
        store.add(path)
    assert store.list() == ()
