"""The packs that come with the program."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from noroshi.intel.packs.digest import digest_list, whole
from noroshi.intel.packs.errors import PackError
from noroshi.intel.packs.manifest import read_manifest
from noroshi.intel.packs.pack import Pack


def builtin_packs() -> tuple[Pack, ...]:
    """Return the packs that come with the program, by name.

    They lie in ``noroshi/packs`` of an installed wheel, or in ``packs`` at the top of the source
    tree.
    """
    return tuple(_read(folder) for folder in _folders())


def builtin_pack(name: str) -> Pack:
    """Return one of them.

    Raises:
        PackError: there is none of that name.
    """
    for folder in _folders():
        if folder.name == name:
            return _read(folder)
    raise PackError(f"no built-in pack {name!r}")


def _folders() -> Iterator[Path]:
    package = Path(str(files("noroshi")))
    for place in (package / "packs", package.parent.parent / "packs"):
        if place.is_dir():
            yield from sorted(path for path in place.iterdir() if (path / "pack.yaml").is_file())
            return


def _read(folder: Path) -> Pack:
    manifest = read_manifest(folder)
    if manifest is None:
        raise PackError(f"{folder}: a built-in pack without pack.yaml")
    digests = digest_list(folder)
    return Pack(manifest, folder, whole(digests), digests, builtin=True)
