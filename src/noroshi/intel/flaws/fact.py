"""What one source says of one vulnerability, as an extension of a STIX note.

A vulnerability is one object whoever speaks of it: its id follows from its CVE id. What each source
says is a note of its own beside it, with its own marking and provenance, so that a new score or an
advisory under TLP:AMBER changes nothing that others said. Source of the form: STIX 2.1, sections
4.12 (note), 4.18 (vulnerability), 7.3 (extension definition).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

NAMESPACE = uuid.UUID("b6c1a1de-0c39-5d0b-8f0e-3a4a1c8f52e7")
EXTENSION = f"extension-definition--{uuid.uuid5(NAMESPACE, 'what is said of a vulnerability')}"
BEGINNING = "2026-01-01T00:00:00.000Z"
"""When objects were made that everybody would make alike."""
_AUTHOR = f"identity--{uuid.uuid5(NAMESPACE, 'noroshi')}"


@dataclass(frozen=True, slots=True)
class Fact:
    """What one source says of one vulnerability.

    Attributes:
        cve: its CVE id, or what the source calls it.
        source: who says so.
        known_exploited: whether it is known to be used in attacks.
        exploited_since: day when that was made known, ISO 8601.
        due: day by which the source wants it mended, ISO 8601.
        ransomware: whether extortionists use it.
        epss: chance that it is used within 30 days, 0 to 1; None where nobody says.
        percentile: part of all vulnerabilities with a lower score, 0 to 1.
        products: what has it.
        action: what to do, in the source's words.
        advisory: id of the advisory.
        withdrawn: whether the source takes it back.
    """

    cve: str
    source: str = ""
    known_exploited: bool = False
    exploited_since: str = ""
    due: str = ""
    ransomware: bool = False
    epss: float | None = None
    percentile: float | None = None
    products: tuple[str, ...] = ()
    action: str = ""
    advisory: str = ""
    withdrawn: bool = False

    @classmethod
    def of(cls, data: Mapping[str, Any], source: str = "") -> Self:
        """Read what a mapping says, whoever wrote it."""
        return cls(
            _text(data.get("cve")),
            source,
            data.get("known_exploited") is True,
            _text(data.get("exploited_since")),
            _text(data.get("due")),
            data.get("ransomware") is True,
            _part(data.get("epss")),
            _part(data.get("percentile")),
            tuple(map(_text, data["products"])) if isinstance(data.get("products"), list) else (),
            _text(data.get("action")),
            _text(data.get("advisory")),
            data.get("withdrawn") is True,
        )

    def to_extension(self) -> dict[str, Any]:
        """Return it as the extension of a note, what is not said left out."""
        told: dict[str, Any] = {
            "cve": self.cve, "known_exploited": self.known_exploited,
            "exploited_since": self.exploited_since, "due": self.due,
            "ransomware": self.ransomware, "epss": self.epss, "percentile": self.percentile,
            "products": list(self.products), "action": self.action, "advisory": self.advisory,
            "withdrawn": self.withdrawn,
        }  # fmt: skip
        said = {name: value for name, value in told.items() if value not in (None, "", [], False)}
        return {"extension_type": "property-extension", **said}


def fact_in(note: Mapping[str, Any], source: str = "") -> Fact | None:
    """Return what a note says of a vulnerability; None if it is no such note."""
    extensions = note.get("extensions")
    inside = extensions.get(EXTENSION) if isinstance(extensions, Mapping) else None
    return Fact.of(inside, source) if isinstance(inside, Mapping) else None


def vulnerability(cve: str) -> dict[str, Any]:
    """Return the object that stands for a CVE id, the same whoever makes it."""
    found: dict[str, Any] = {
        "type": "vulnerability", "spec_version": "2.1",
        "id": f"vulnerability--{uuid.uuid5(NAMESPACE, cve.upper())}",
        "created": BEGINNING, "modified": BEGINNING, "name": cve,
    }  # fmt: skip
    if cve.startswith("CVE-"):
        found["external_references"] = [{"source_name": "cve", "external_id": cve}]
    return found


def extension_definition() -> list[dict[str, Any]]:
    """Return the definition of the extension, and whose it is."""
    common = {"spec_version": "2.1", "created": BEGINNING, "modified": BEGINNING}
    return [
        {"type": "identity", "id": _AUTHOR, **common, "name": "Noroshi",
         "identity_class": "system"},
        {"type": "extension-definition", "id": EXTENSION, **common, "created_by_ref": _AUTHOR,
         "name": "What is said of a vulnerability", "version": "1.0.0",
         "schema": "cve, known_exploited, exploited_since, due, ransomware, epss, percentile, "
                   "products, action, advisory, withdrawn",
         "extension_types": ["property-extension"]},
    ]  # fmt: skip


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _part(value: Any) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value <= 1 else None
