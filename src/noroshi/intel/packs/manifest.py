"""A pack's manifest: what the knowledge is, whose it is, and under which licence.

``pack.yaml`` at the top of a pack::

    name: noroshi-core
    version: 1.0.0
    kind: sigma-rules
    title: {en: Core rules, ja: 基本ルール}
    licence: Apache-2.0
    origin: https://…
    description: {en: …, ja: …}
    content: [rules]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from noroshi.intel.packs.errors import PackError
from noroshi.lang import Language
from noroshi.model.safe_yaml import load_yaml

MANIFEST = "pack.yaml"
_MANIFEST_BYTES = 1 << 20
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\Z")


class PackKind(StrEnum):
    """What a pack holds."""

    SIGMA_RULES = "sigma-rules"
    ATTACK = "attack"
    WARNING_LISTS = "warning-lists"
    INDICATORS = "indicators"
    NAMES = "names"
    PUBLIC_SUFFIXES = "public-suffixes"
    FINGERPRINTS = "fingerprints"
    OBLIGATIONS = "obligations"
    GUIDELINES = "guidelines"
    SCENARIOS = "scenarios"
    WORLDS = "worlds"
    PLAYBOOKS = "playbooks"
    PROBES = "probes"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a pack says about itself.

    Attributes:
        name: lower-case name, unique in a store.
        version: the publisher's version.
        kind: what it holds.
        title: one line per language.
        licence: SPDX identifier where there is one, else ``LicenseRef-…``.
        origin: where the publisher offers it.
        description: a sentence or two per language.
        content: folders or files below the pack's top that hold the knowledge; ``.`` for all.
    """

    name: str
    version: str
    kind: PackKind
    title: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    origin: str = ""
    description: Mapping[str, str] = field(default_factory=dict)
    content: tuple[str, ...] = (".",)

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise PackError(
                f"pack name {self.name!r}: use lower-case letters, digits, dots, dashes and "
                "underscores, at most 64"
            )
        if not _VERSION.match(self.version):
            raise PackError(f"pack {self.name}: {self.version!r} is not a version")
        for place in self.content:
            path = PurePosixPath(place)
            if path.is_absolute() or ".." in path.parts or "\\" in place:
                raise PackError(f"pack {self.name}: content {place!r} lies outside the pack")

    def title_in(self, language: Language) -> str:
        """Return the title in a language, else in English, else the name."""
        return self.title.get(language) or self.title.get("en") or self.name

    def description_in(self, language: Language) -> str:
        """Return the description in a language, else in English, else nothing."""
        return self.description.get(language) or self.description.get("en") or ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain data that :func:`manifest_from` reads back."""
        return {
            "name": self.name,
            "version": self.version,
            "kind": self.kind.value,
            "title": dict(self.title),
            "licence": self.licence,
            "origin": self.origin,
            "description": dict(self.description),
            "content": list(self.content),
        }


def manifest_from(data: object, place: str) -> Manifest:
    """Build a manifest from parsed YAML or JSON.

    Args:
        data: the parsed document.
        place: where it was read, for the error.

    Raises:
        PackError: it is not a manifest.
    """
    if not isinstance(data, dict):
        raise PackError(f"{place}: a manifest is a mapping with name, version and kind")
    missing = [key for key in ("name", "version", "kind") if not data.get(key)]
    if missing:
        raise PackError(f"{place}: the manifest lacks {', '.join(missing)}")
    try:
        kind = PackKind(str(data["kind"]))
    except ValueError as error:
        known = ", ".join(PackKind)
        raise PackError(f"{place}: unknown kind {data['kind']!r}; one of {known}") from error
    return Manifest(
        name=str(data["name"]),
        version=str(data["version"]),
        kind=kind,
        title=_by_language(data.get("title")),
        licence=str(data.get("licence") or ""),
        origin=str(data.get("origin") or ""),
        description=_by_language(data.get("description")),
        content=_places(data.get("content"), place),
    )


def read_manifest(folder: Path, given: Path | None = None) -> Manifest | None:
    """Read ``pack.yaml`` at the top of a folder; None where there is none.

    Args:
        folder: where it lies.
        given: folder or archive that this one is a copy of, for the error.

    Raises:
        PackError: it cannot be read, or is not a manifest.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    place = (given or folder) / MANIFEST
    if path.stat().st_size > _MANIFEST_BYTES:
        raise PackError(f"{place}: a manifest larger than 1 MiB is not a manifest")
    try:
        return manifest_from(load_yaml(path.read_text("utf-8")), str(place))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PackError(f"{place}: not readable YAML: {error}") from error


def _by_language(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(language): str(text) for language, text in value.items()}
    return {"en": str(value)} if value else {}


def _places(value: object, place: str) -> tuple[str, ...]:
    if value is None:
        return (".",)
    if not isinstance(value, list) or not value:
        raise PackError(f"{place}: content is a list of folders")
    return tuple(str(item) for item in value)
