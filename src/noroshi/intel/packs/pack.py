"""An installed pack: its manifest, where it lies, and what was recorded when it came in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noroshi.intel.packs.digest import DigestList
from noroshi.intel.packs.errors import PackError
from noroshi.intel.packs.manifest import Manifest, manifest_from
from noroshi.intel.packs.signature import UNSIGNED, Signer
from noroshi.lang import N_, Message

RECORD = "record.json"
CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Pack:
    """Versioned knowledge at rest.

    Attributes:
        manifest: what it says about itself, or what its content says.
        folder: its top.
        digest: SHA-256 of its digest list.
        digests: path -> SHA-256 of each file as it came in; empty for built-in packs.
        source: file, folder or address it was added from; empty for built-in packs.
        added: when, µs since 1970 UTC; 0 for built-in packs.
        signer: whose trusted key signed it; None if nobody's.
        builtin: whether it came with the program.
    """

    manifest: Manifest
    folder: Path
    digest: str
    digests: DigestList
    source: str = ""
    added: int = 0
    signer: Signer | None = None
    builtin: bool = False

    @property
    def name(self) -> str:
        """Its name in the store."""
        return self.manifest.name

    @property
    def trust(self) -> Message:
        """Who vouches for it, for people."""
        if self.builtin:
            return Message(N_("comes with Noroshi"))
        return self.signer.message if self.signer else UNSIGNED

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders or files that hold the knowledge."""
        return tuple(self.folder / place for place in self.manifest.content)

    def files(self, *suffixes: str) -> Iterator[Path]:
        """Yield its knowledge files with one of these suffixes, in path order."""
        for place in self.places:
            for path in sorted(place.rglob("*")) if place.is_dir() else (place,):
                if path.is_file() and path.name.lower().endswith(suffixes or ("",)):
                    yield path


def write_record(pack: Pack, path: Path) -> None:
    """Write what :func:`read_pack` reads back."""
    signer = pack.signer and {"name": pack.signer.name, "fingerprint": pack.signer.fingerprint}
    record: Mapping[str, Any] = {
        "manifest": pack.manifest.as_dict(),
        "digest": pack.digest,
        "source": pack.source,
        "added": pack.added,
        "signer": signer,
        "digests": dict(pack.digests),
    }
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_pack(folder: Path) -> Pack:
    """Read an installed pack.

    Raises:
        PackError: its record is missing or damaged.
    """
    path = folder / RECORD
    try:
        record = json.loads(path.read_text("utf-8"))
        return Pack(
            manifest=manifest_from(record["manifest"], str(path)),
            folder=folder / CONTENT,
            digest=str(record["digest"]),
            digests={str(name): str(digest) for name, digest in record["digests"].items()},
            source=str(record["source"]),
            added=int(record["added"]),
            signer=Signer(**record["signer"]) if record["signer"] else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PackError(f"{path}: damaged record; remove the pack and add it again") from error
