"""What an upstream folder without a manifest is, told by its content.

Known shapes: a Sigma rule collection, an ATT&CK STIX bundle, a checkout of MISP warning lists or
galaxies, the public suffix list, and indicators as STIX, MISP JSON, CSV or plain lists. File names
only say where to look.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from noroshi.intel.packs.errors import PackError
from noroshi.intel.packs.manifest import Manifest, PackKind

_HEAD = 1 << 16
_SAMPLE = 40
_VERSION = re.compile(r"[-_@]?v?(r?\d[\w.+-]*)\Z")
_ARCHIVE_SUFFIX = re.compile(
    r"\.(?:zip|tgz|txz|tzst|tar|tar\.gz|tar\.xz|tar\.zst|json|json\.gz)\Z", re.I
)
_SIGMA = re.compile(rb"^detection:|^correlation:", re.M)
_SIGMA_ORIGIN = re.compile(rb"^(?:logsource|correlation):", re.M)
_GALAXY = (b'"authors"', b'"category"', b'"source"', b'"uuid"', b'"values"')
"""Members that every MISP galaxy cluster has."""
_LICENCES = (
    (b"Mozilla Public License Version 2.0", "MPL-2.0"),
    (b"Detection Rule License", "DRL-1.1"),
    (b"Apache License", "Apache-2.0"),
    (b"CC0 1.0", "CC0-1.0"),
    (b"MIT License", "MIT"),
    (b"MITRE ATT&CK", "LicenseRef-MITRE-ATTACK"),
)
_TITLES = {
    PackKind.SIGMA_RULES: {"en": "Sigma rules", "ja": "Sigma検知ルール"},
    PackKind.ATTACK: {"en": "MITRE ATT&CK", "ja": "MITRE ATT&CK"},
    PackKind.WARNING_LISTS: {"en": "Warning lists", "ja": "誤検知防止リスト"},
    PackKind.INDICATORS: {"en": "Indicators", "ja": "脅威インジケータ"},
    PackKind.NAMES: {
        "en": "Names of actors and malware",
        "ja": "攻撃者・マルウェアの名称",
    },
    PackKind.PUBLIC_SUFFIXES: {"en": "Public suffix list", "ja": "パブリックサフィックスリスト"},
}


def describe(folder: Path, called: str, name: str | None, digest: str) -> Manifest:
    """Make the manifest of a folder that has none.

    Args:
        folder: its top.
        called: name of the folder or archive it came from; often holds the version.
        name: name the user wants, or None to derive one.
        digest: digest of the content; stands in for an unknown version.

    Raises:
        PackError: nothing in it is known.
    """
    kind = detect(folder, called)
    stem = _ARCHIVE_SUFFIX.sub("", called)
    found = _VERSION.search(stem)
    plain = re.sub(r"[^a-z0-9._-]+", "-", stem[: found.start()] if found else stem.lower())
    return Manifest(
        name=name or plain.lower().strip("-._") or kind.value,
        version=found.group(1).rstrip("-") if found else digest[:12],
        kind=kind,
        title=_TITLES[kind],
        licence=_licence(folder),
        content=_content(folder, kind),
    )


def detect(folder: Path, called: str) -> PackKind:
    """Tell what an upstream folder holds.

    Args:
        folder: its top.
        called: name of the folder or archive it came from, for the error.

    Raises:
        PackError: nothing in it is known.
    """
    if any(_is_warning_list(path) for path in islice(folder.glob("**/list.json"), _SAMPLE)):
        return PackKind.WARNING_LISTS
    if any(_is_sigma(path) for path in islice(_files(folder, ".yml", ".yaml"), 10 * _SAMPLE)):
        return PackKind.SIGMA_RULES
    if any(b"===BEGIN ICANN" in _head(path) for path in islice(_files(folder, ".dat"), _SAMPLE)):
        return PackKind.PUBLIC_SUFFIXES
    for path in islice(_files(folder, ".json", ".json.gz"), _SAMPLE):
        head = _head(path)
        if all(mark in head for mark in _GALAXY):
            return PackKind.NAMES
        if b'"bundle"' in head and (b"mitre-attack" in head or b"x_mitre" in head):
            return PackKind.ATTACK
        if b'"bundle"' in head or b'"Event"' in head or b'"Attribute"' in head:
            return PackKind.INDICATORS
    if next(_files(folder, ".csv", ".ioc"), None):
        return PackKind.INDICATORS
    raise PackError(
        f"{called}: neither a pack.yaml nor anything known inside (Sigma rules, ATT&CK or "
        "other STIX bundle, MISP warning lists, galaxies or events, public suffix list, CSV); add "
        "a pack.yaml that says its kind"
    )


def _files(folder: Path, *suffixes: str) -> Iterator[Path]:
    return (
        path
        for path in sorted(folder.rglob("*"))
        if path.name.lower().endswith(suffixes) and path.is_file()
    )


def _head(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as handle:
            return bytes(handle.read(_HEAD))
    except (OSError, EOFError, zlib.error):
        return b""


def _is_sigma(path: Path) -> bool:
    head = _head(path)
    return bool(_SIGMA.search(head) and _SIGMA_ORIGIN.search(head))


def _is_warning_list(path: Path) -> bool:
    """MISP warning lists name their matching attributes before or after a long list."""
    head = _head(path)
    return b'"name"' in head and (b'"list"' in head or b'"matching_attributes"' in head)


def _content(folder: Path, kind: PackKind) -> tuple[str, ...]:
    """Sigma collections keep retired rules and test data beside the live ones: leave those out."""
    if kind is PackKind.SIGMA_RULES:
        places = sorted(path.name for path in folder.glob("rules*") if path.is_dir())
    elif kind is PackKind.WARNING_LISTS:
        places = ["lists"] if (folder / "lists").is_dir() else []
    elif kind is PackKind.NAMES:
        places = ["clusters"] if (folder / "clusters").is_dir() else []
    else:
        places = []
    return tuple(places) or (".",)


def _licence(folder: Path) -> str:
    for path in sorted(folder.glob("[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*")):
        text = _head(path) if path.is_file() else b""
        for mark, licence in _LICENCES:
            if mark in text:
                return licence
    return ""
