"""How a person calls objects, what they are, and what a relation says; in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from noroshi.lang import N_

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "attack-pattern": N_("technique"),
        "campaign": N_("campaign"),
        "course-of-action": N_("countermeasure"),
        "grouping": N_("grouping"),
        "identity": N_("organisation or person"),
        "incident": N_("incident"),
        "indicator": N_("indicator"),
        "infrastructure": N_("infrastructure"),
        "intrusion-set": N_("attack group"),
        "location": N_("place"),
        "malware": N_("malware"),
        "malware-analysis": N_("malware analysis"),
        "marking-definition": N_("marking"),
        "note": N_("note"),
        "observed-data": N_("observation"),
        "opinion": N_("opinion"),
        "relationship": N_("relation"),
        "report": N_("report"),
        "sighting": N_("sighting"),
        "threat-actor": N_("threat actor"),
        "tool": N_("tool"),
        "vulnerability": N_("vulnerability"),
        "x-mitre-tactic": N_("tactic"),
        "x-mitre-data-source": N_("data source"),
        "x-mitre-data-component": N_("data component"),
        "x-mitre-analytic": N_("analytic"),
        "x-mitre-detection-strategy": N_("detection strategy"),
        "ipv4-addr": N_("address"),
        "ipv6-addr": N_("address"),
        "domain-name": N_("domain"),
        "url": N_("URL"),
        "file": N_("file"),
        "email-addr": N_("mail address"),
        "autonomous-system": N_("network operator"),
        "x509-certificate": N_("certificate"),
    }
)
"""STIX type -> what a person calls it; other types are shown by their own name."""

VERBS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "uses": (N_("uses"), N_("used by")),
        "targets": (N_("targets"), N_("targeted by")),
        "indicates": (N_("points to"), N_("shown by")),
        "mitigates": (N_("mitigates"), N_("mitigated by")),
        "detects": (N_("detects"), N_("detected by")),
        "attributed-to": (N_("attributed to"), N_("thought to be behind")),
        "subtechnique-of": (N_("kind of"), N_("has the kinds")),
        "revoked-by": (N_("replaced by"), N_("replaces")),
        "exploits": (N_("exploits"), N_("exploited by")),
        "delivers": (N_("delivers"), N_("delivered by")),
        "drops": (N_("drops"), N_("dropped by")),
        "downloads": (N_("downloads"), N_("downloaded by")),
        "communicates-with": (N_("talks to"), N_("talked to by")),
        "beacons-to": (N_("beacons to"), N_("receives beacons of")),
        "controls": (N_("controls"), N_("controlled by")),
        "hosts": (N_("hosts"), N_("hosted on")),
        "owns": (N_("owns"), N_("owned by")),
        "compromises": (N_("compromises"), N_("compromised by")),
        "originates-from": (N_("comes from"), N_("origin of")),
        "located-at": (N_("lies in"), N_("place of")),
        "impersonates": (N_("poses as"), N_("posed as by")),
        "variant-of": (N_("variant of"), N_("has the variants")),
        "based-on": (N_("rests on"), N_("ground of")),
        "related-to": (N_("related to"), N_("related to")),
        "derived-from": (N_("derived from"), N_("source of")),
        "duplicate-of": (N_("same as"), N_("same as")),
        "resolves-to": (N_("resolves to"), N_("resolved from")),
        "resolves_to_refs": (N_("resolves to"), N_("resolved from")),
        "belongs_to_refs": (N_("belongs to"), N_("owns")),
        "object_refs": (N_("tells of"), N_("told of in")),
        "sighting_of_ref": (N_("sighting of"), N_("sighted in")),
        "where_sighted_refs": (N_("sighted at"), N_("reported a sighting")),
        "same value": (N_("same value as"), N_("same value as")),
        "same external": (N_("same catalogue entry as"), N_("same catalogue entry as")),
        "same name": (N_("same name as"), N_("same name as")),
        "same label": (N_("same tag as"), N_("same tag as")),
    }
)
"""Relationship type or reference -> how it reads from the object, and how it reads back."""

_CONFIDENCE = (
    (0, N_("none")), (29, N_("low")), (69, N_("middling")), (100, N_("high")),
)  # fmt: skip
"""Highest value of each band. Source: STIX 2.1, appendix A, "None / Low / Med / High"."""

_CITATION = re.compile(r"\s?\(Citation: [^)]*\)")
_LINK = re.compile(r"\[([^\]\[]{1,200})\]\([^)\s]{1,500}\)")
_MARKUP = re.compile(r"</?(?:code|b|i|br|p|em|strong)\s*/?>|`", re.IGNORECASE)


def kind_word(kind: str) -> str:
    """Return what a person calls a STIX type, as a template to translate."""
    return KINDS.get(kind, kind)


def verb_word(verb: str, *, forward: bool) -> str:
    """Return how a relation reads from the object asked about, as a template to translate."""
    there, back = VERBS.get(verb, (verb, f"← {verb}"))
    return there if forward else back


def confidence_word(confidence: int) -> str:
    """Return the word for a confidence of 0 to 100, as a template to translate."""
    return next(word for highest, word in _CONFIDENCE if min(confidence, 100) <= highest)


def aliases(item: Mapping[str, Any]) -> list[str]:
    """Return other names of an object, each once, its own left out."""
    given = [*_texts(item.get("aliases")), *_texts(item.get("x_mitre_aliases"))]
    return [name for name in dict.fromkeys(given) if name != item.get("name")]


def prose(text: object, limit: int) -> str:
    """Return a description as one line: no citations, links, markup; cut at a word."""
    if not isinstance(text, str):
        return ""
    plain = _MARKUP.sub("", _LINK.sub(r"\1", _CITATION.sub("", text)))
    line = " ".join(plain.split())
    if len(line) <= limit:
        return line
    cut = line.rfind(" ", limit // 2, limit)
    return line[: cut if cut > 0 else limit] + "…"


def catalogue_ids(item: Mapping[str, Any]) -> list[str]:
    """Return an object's numbers in catalogues such as ATT&CK, CVE and CAPEC."""
    given = item.get("external_references")
    found = [
        reference["external_id"]
        for reference in (given if isinstance(given, list) else ())
        if isinstance(reference, dict) and isinstance(reference.get("external_id"), str)
    ]
    return list(dict.fromkeys(found))


def name_of(item: Mapping[str, Any], limit: int = 100) -> str:
    """Return how a person would call an object: ``T1566.001 Spearphishing Attachment``."""
    if item["type"] == "relationship":
        return str(item["relationship_type"])
    ids = catalogue_ids(item)
    told = (item.get(key) for key in ("name", "value", "pattern", "path", "key", "subject"))
    name = next((text for text in told if isinstance(text, str) and text), "")
    name = name or _digest(item) or prose(item.get("abstract") or item.get("content"), limit)
    words = [name or str(item["id"])]
    if ids and item["type"] != "report" and ids[0] not in name:
        words.insert(0, ids[0])
    return " ".join(words)[:limit]


def _digest(item: Mapping[str, Any]) -> str:
    hashes = item.get("hashes")
    return next(iter(map(str, hashes.values())), "") if isinstance(hashes, dict) else ""


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
