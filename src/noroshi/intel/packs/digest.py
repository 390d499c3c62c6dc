"""The digest list of a folder: what is signed, recorded, and compared later.

The list is text, one line per file in path order: 64 hex digits of the SHA-256, two blanks, the
path with forward slashes. Its own SHA-256 is the digest of the pack. The signature file is not in
the list, because it is made from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from noroshi.intel.packs.errors import UnsafePackError

SIGNATURE = "pack.sig"

DigestList: TypeAlias = Mapping[str, str]


def digest_list(folder: Path) -> DigestList:
    """Return path -> SHA-256 of every file below a folder, links refused.

    Raises:
        UnsafePackError: something in it is neither a file nor a folder.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise UnsafePackError(f"{path}: a pack holds plain files only; remove this one")
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != SIGNATURE:
            with path.open("rb") as handle:
                found[name] = hashlib.file_digest(handle, "sha256").hexdigest()
    return found


def as_text(digests: DigestList) -> bytes:
    """Return the list in its canonical form."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def whole(digests: DigestList) -> str:
    """Return the digest of the pack: the SHA-256 of the canonical list."""
    return hashlib.sha256(as_text(digests)).hexdigest()
