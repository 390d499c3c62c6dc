"""Names of ATT&CK techniques and tactics, read from a STIX 2.1 bundle.

Source of the shape: MITRE ATT&CK STIX data, objects ``attack-pattern`` and ``x-mitre-tactic``.
Parsing a bundle takes about a second, so the few names are cached beside its digest.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from noroshi.intel.errors import IntelError

_SOURCES = frozenset({"mitre-attack", "mitre-ics-attack", "mitre-mobile-attack"})
_TYPES = frozenset({"attack-pattern", "x-mitre-tactic"})
_BUNDLE_BYTES = 1 << 30
_FORMAT = 1


class AttackError(IntelError):
    """A file is no ATT&CK bundle."""


@dataclass(frozen=True, slots=True)
class Technique:
    """A technique or sub-technique.

    Attributes:
        id: ``T1059.001``.
        name: its name; a sub-technique's stands after its parent's and a colon.
        tactics: short names of its tactics (``execution``), in the bundle's order.
        deprecated: whether ATT&CK has revoked or deprecated it.
    """

    id: str
    name: str
    tactics: tuple[str, ...]
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Tactic:
    """A tactic: ``TA0002``, ``execution``, "Execution"."""

    id: str
    short_name: str
    name: str


@dataclass(frozen=True, slots=True)
class Attack:
    """The names of one or more bundles.

    Attributes:
        techniques: by id.
        tactics: by short name.
    """

    techniques: Mapping[str, Technique] = field(default_factory=dict)
    tactics: Mapping[str, Tactic] = field(default_factory=dict)

    def __or__(self, other: Attack) -> Attack:
        return Attack({**self.techniques, **other.techniques}, {**self.tactics, **other.tactics})


def read_attack(path: Path, cache: Path | None = None) -> Attack:
    """Read a bundle, plain or gzip-compressed.

    Args:
        path: the bundle.
        cache: folder for the names, keyed by the bundle's digest; None to parse every time.

    Raises:
        AttackError: it is not an ATT&CK bundle.
    """
    data = path.read_bytes()
    kept = cache / f"attack-{_FORMAT}-{hashlib.sha256(data).hexdigest()}.json" if cache else None
    if kept is not None and (found := _cached(kept)):
        return found
    attack = _parse(data, path)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".part")
        partial.write_bytes(orjson.dumps(asdict(attack)))
        partial.rename(kept)
    return attack


def _cached(path: Path) -> Attack | None:
    try:
        data = json.loads(path.read_bytes())
        techniques = [
            Technique(**{**row, "tactics": tuple(row["tactics"])})
            for row in data["techniques"].values()
        ]
        tactics = [Tactic(**row) for row in data["tactics"].values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return _attack(techniques, tactics)


def _parse(data: bytes, path: Path) -> Attack:
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(path) as handle:
                data = handle.read(_BUNDLE_BYTES + 1)
        if len(data) > _BUNDLE_BYTES:
            raise AttackError(f"{path.name}: larger than any ATT&CK bundle")
        objects = orjson.loads(data)["objects"]
        known = [item for item in objects if item.get("type") in _TYPES]
    except (
        OSError,
        EOFError,
        zlib.error,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise AttackError(f"{path.name}: not a STIX bundle") from error
    techniques = {item["id"]: item for item in known if item["type"] == "attack-pattern"}
    parents = {
        item["source_ref"]: item["target_ref"]
        for item in objects
        if item.get("relationship_type") == "subtechnique-of"
    }
    attack = _attack(
        list(_techniques(techniques, parents)),
        [
            Tactic(_external_id(item), str(item["x_mitre_shortname"]), str(item["name"]))
            for item in known
            if item["type"] == "x-mitre-tactic" and item.get("x_mitre_shortname")
        ],
    )
    if not attack.techniques:
        raise AttackError(f"{path.name}: a STIX bundle without ATT&CK techniques")
    return attack


def _techniques(
    patterns: Mapping[str, dict[str, Any]], parents: Mapping[str, str]
) -> Iterator[Technique]:
    for stix_id, item in patterns.items():
        technique = _external_id(item)
        if not technique:
            continue
        parent = patterns.get(parents.get(stix_id, ""))
        name = str(item.get("name", technique))
        yield Technique(
            id=technique,
            name=f"{parent['name']}: {name}" if parent else name,
            tactics=tuple(str(phase["phase_name"]) for phase in item.get("kill_chain_phases", ())),
            deprecated=bool(item.get("revoked") or item.get("x_mitre_deprecated")),
        )


def _external_id(item: Mapping[str, Any]) -> str:
    for reference in item.get("external_references", ()):
        if reference.get("source_name") in _SOURCES:
            return str(reference.get("external_id", ""))
    return ""


def _attack(techniques: list[Technique], tactics: list[Tactic]) -> Attack:
    """Where an id is listed twice, the live one counts."""
    by_id: dict[str, Technique] = {}
    for technique in techniques:
        if technique.id not in by_id or by_id[technique.id].deprecated:
            by_id[technique.id] = technique
    return Attack(by_id, {tactic.short_name: tactic for tactic in tactics})
