"""The packs of one home.

Each lies in ``<store>/<name>/``: the files in ``content/``, and ``record.json`` with the manifest,
where and when it came from, and the digest of every file. A pack is prepared in a folder of its
own and moved into place by one rename, so that a crash leaves the old pack, the new one, or none,
and never half of one.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from noroshi.intel.packs.digest import SIGNATURE, digest_list, whole
from noroshi.intel.packs.errors import PackError, SignatureError
from noroshi.intel.packs.kind import describe
from noroshi.intel.packs.manifest import Manifest, read_manifest
from noroshi.intel.packs.pack import CONTENT, RECORD, Pack, read_pack, write_record
from noroshi.intel.packs.signature import check
from noroshi.intel.packs.unpack import Limits, top, unpack
from noroshi.lang import N_, Message

_INCOMING = ".incoming-"
_OUTGOING = ".outgoing-"


@dataclass(frozen=True, slots=True)
class Verification:
    """How an installed pack differs from what came in.

    Attributes:
        changed: files with another content.
        missing: files that are gone.
        added: files that were not there.
        signature: what is wrong with the signature; empty if nothing is.
    """

    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    signature: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not (self.changed or self.missing or self.added or self.signature)

    @property
    def message(self) -> Message:
        """The outcome in one line."""
        if self.ok:
            return Message(N_("unchanged since it was added"))
        return Message(
            N_("{changed} files changed, {missing} missing, {added} added; signature: {signature}"),
            {
                "changed": len(self.changed),
                "missing": len(self.missing),
                "added": len(self.added),
                "signature": self.signature or "-",
            },
        )


class PackStore:
    """Adds, lists, verifies and removes packs.

    Args:
        folder: the store, made when the first pack comes in.
        keys: trusted public keys; by default the folder ``keys`` beside the store.
        limits: how much an archive may unfold into.
    """

    def __init__(
        self, folder: Path, keys: Path | None = None, limits: Limits | None = None
    ) -> None:
        self._folder = folder
        self._keys = keys or folder.parent / "keys"
        self._limits = limits or Limits()

    def add(self, path: Path, name: str | None = None, source: str = "") -> Pack:
        """Install a pack from a folder, archive or bundle, in place of one with the same name.

        Args:
            path: what was carried over.
            name: name to give it; by default the manifest's, or one made from the file's name.
            source: where it was first got from, if not from this path.

        Raises:
            PackError: it is unsafe, damaged, unknown, or wrongly signed. Nothing is installed.
        """
        with self._locked():
            incoming = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=self._folder))
            try:
                pack = self._prepare(path, incoming, name, source or str(path))
                self._swap(incoming, pack.name)
            finally:
                shutil.rmtree(incoming, ignore_errors=True)
        return self.get(pack.name)

    def list(self) -> tuple[Pack, ...]:
        """Return the installed packs by name."""
        return tuple(read_pack(folder) for folder in self._installed())

    def get(self, name: str) -> Pack:
        """Return one pack.

        Raises:
            PackError: there is none of that name.
        """
        for folder in self._installed():
            if folder.name == name:
                return read_pack(folder)
        have = ", ".join(folder.name for folder in self._installed()) or "none"
        raise PackError(f"no pack {name!r} is installed; installed: {have}")

    def verify(self, name: str) -> Verification:
        """Compare an installed pack with its record, and its signature with the trusted keys."""
        pack = self.get(name)
        now = digest_list(pack.folder)
        then = pack.digests
        signature = ""
        try:
            if check(pack.folder, now, self._keys) is None and pack.signer:
                signature = f"{SIGNATURE} is gone"
        except SignatureError as error:
            signature = str(error)
        return Verification(
            changed=tuple(file for file in then if file in now and now[file] != then[file]),
            missing=tuple(file for file in then if file not in now),
            added=tuple(file for file in now if file not in then),
            signature=signature,
        )

    def remove(self, name: str) -> None:
        """Remove a pack.

        Raises:
            PackError: there is none of that name.
        """
        with self._locked():
            if name not in {folder.name for folder in self._installed()}:
                raise PackError(f"no pack {name!r} is installed")
            doomed = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=self._folder))
            (self._folder / name).rename(doomed / name)
            shutil.rmtree(doomed)

    def _prepare(self, path: Path, incoming: Path, name: str | None, source: str) -> Pack:
        raw = incoming / "raw"
        raw.mkdir()
        unpack(path, raw, self._limits)
        content = incoming / CONTENT
        top(raw).rename(content)
        shutil.rmtree(raw, ignore_errors=True)
        digests = digest_list(content)
        digest = whole(digests)
        called = path.resolve().name if path.is_dir() else path.name
        manifest = read_manifest(content, path) or describe(content, called, name, digest)
        if name and name != manifest.name:
            manifest = replace(manifest, name=name)
        pack = Pack(
            manifest=manifest,
            folder=content,
            digest=digest,
            digests=digests,
            source=source,
            added=time.time_ns() // 1000,
            signer=check(content, digests, self._keys),
        )
        self._refuse_downgrade(manifest, pack)
        write_record(pack, incoming / RECORD)
        return pack

    def _refuse_downgrade(self, manifest: Manifest, new: Pack) -> None:
        """A signed pack is not replaced by an unsigned one behind the user's back."""
        old = self._folder / manifest.name
        if new.signer is None and old.is_dir() and read_pack(old).signer:
            raise SignatureError(
                f"pack {manifest.name}: the installed one is signed, this one is not; remove the "
                "installed pack first if that is meant"
            )

    def _swap(self, incoming: Path, name: str) -> None:
        place, old = self._folder / name, self._folder / (_OUTGOING + name)
        if place.exists():
            place.rename(old)
        incoming.rename(place)
        shutil.rmtree(old, ignore_errors=True)

    def _installed(self) -> Iterator[Path]:
        if not self._folder.is_dir():
            return
        for folder in sorted(self._folder.iterdir()):
            if (folder / RECORD).is_file() and not folder.name.startswith("."):
                yield folder

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time; the first thing it does is to tidy up after a crash."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._recover()
            yield
        finally:
            os.close(handle)

    def _recover(self) -> None:
        for left in self._folder.glob(_OUTGOING + "*"):
            place = self._folder / left.name.removeprefix(_OUTGOING)
            if place.exists():
                shutil.rmtree(left)
            else:
                left.rename(place)
        for left in self._folder.glob(_INCOMING + "*"):
            shutil.rmtree(left)
