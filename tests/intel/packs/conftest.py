"""A small pack as a publisher keeps it, as a folder and in archives."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from noroshi.intel.packs import PackStore

RULE = """title: A small rule
id: 5b1b1a0c-6f0c-4f6e-8f43-0a3b8f1f2d10
logsource: {product: windows, category: process_creation}
detection:
  selection: {Image: x}
  condition: selection
"""


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return PackStore(tmp_path / "home" / "packs")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A rule collection as its publisher keeps it: no manifest, extra folders, a .git."""
    folder = tmp_path / "sigma-2.4.1"
    for name, text in {
        "rules/windows/a.yml": RULE,
        "rules-emerging-threats/b.yml": RULE,
        "deprecated/old.yml": RULE,
        "LICENSE": "Detection Rule License (DRL) 1.1",
        ".git/HEAD": "ref: x",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{folder.name}/{file.relative_to(folder)}")
    return path


def tarred(folder: Path, path: Path) -> Path:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(folder, folder.name)
    squeeze: dict[str, Callable[[bytes], bytes]] = {
        ".tar": bytes,
        ".gz": gzip.compress,
        ".tgz": gzip.compress,
        ".xz": lzma.compress,
        ".zst": zstandard.ZstdCompressor().compress,
    }
    path.write_bytes(squeeze[path.suffix](buffer.getvalue()))
    return path
