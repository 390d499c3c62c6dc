"""STIX objects made of what a feed says.

Nothing here asks a clock: every time comes from the item or from when its batch was read, and every
id follows from the content, so that the same batch gives the same objects however often.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from noroshi.collect.feeds.feed import Feed
from noroshi.collect.feeds.item import Item
from noroshi.intel.flaws import EXTENSION, Fact, extension_definition, vulnerability
from noroshi.intel.flaws.fact import BEGINNING, NAMESPACE
from noroshi.intel.indicators import Indicator, IndicatorType
from noroshi.intel.objects import TLP_IDS, ObjectError, Tlp
from noroshi.intel.objects.artefacts import letters
from noroshi.intel.objects.clock import text as stamp
from noroshi.intel.text import Claims, Extraction, NamedEntity, ValueType

DESCRIPTION = 20_000
"""Characters of a report's text that its object carries."""
UNSAID = 50
"""Confidence of an indicator whose source does not say."""
_MARKS = {level: mark for mark, level in TLP_IDS.items()}
_TYPES = {
    "actor": "intrusion-set", "malware": "malware", "tool": "tool", "country": "location",
    "sector": "identity",
}  # fmt: skip

KnownAs = Callable[[str, str], str]
"""Returns the id of a public object of a type and name or catalogue id; empty without one."""


class Made:
    """The objects of a batch, each once, and the indicators to be matched from now on.

    Args:
        feed: where they come from.
        retrieved: when, µs since 1970 UTC.
        known_as: finds what is known under a name already.
    """

    def __init__(self, feed: Feed, retrieved: int, known_as: KnownAs) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.given: dict[str, Item] = {}
        """Objects that came as they are, by the key of their item."""
        self.steady: set[str] = set()
        """Ids of what is not made anew where it is known."""
        self.armed: list[Indicator] = []
        self._feed, self._now, self._known_as = feed, stamp(retrieved), known_as
        self._retrieved = retrieved
        self._author = _id("identity", feed.name)

    def object(self, item: Item) -> None:
        """Take a STIX object, marked like the feed if it bears no marking itself."""
        body = dict(item.body)
        marks = self._marks("") if body.get("type") != "marking-definition" else []
        if marks and not body.get("object_marking_refs"):
            body["object_marking_refs"] = marks
        self.objects[item.key] = body
        self.given[item.key] = item

    def indicator(self, one: Indicator, *, steady: bool = False) -> str:
        """Take a value and arm it; return the id of its object."""
        if one.confidence == UNSAID:
            one = replace(one, confidence=self._feed.reputation)
        one = replace(one, source=self._feed.name, tlp=one.tlp or self._feed.tlp)
        self.armed.append(replace(one, valid_from=one.valid_from or self._retrieved))
        # Under another marking it is another object: who may see one need not see the other.
        found = _id("indicator", self._feed.name, one.type, one.value, one.tlp)
        item: dict[str, Any] = {
            "type": "indicator", "id": found, "name": one.value[:200],
            "indicator_types": ["malicious-activity"], "pattern": pattern(one.type, one.value),
            "pattern_type": "stix", "confidence": one.confidence,
            "valid_from": stamp(one.valid_from) if one.valid_from else self._now,
        }  # fmt: skip
        if one.valid_until and stamp(one.valid_until) > item["valid_from"]:
            item["valid_until"] = stamp(one.valid_until)
        if one.description:
            item["description"] = one.description
        if one.labels:
            item["labels"] = list(one.labels)
        self._put(item, one.tlp)
        if steady:
            self.steady.add(found)
        return found

    def event(self, item: Item) -> None:
        """Take an event: a report, and its values as indicators."""
        body = item.body
        values = [{**one, "tlp": one["tlp"] or body["tlp"]} for one in body["indicators"]]
        refs = [self.indicator(as_indicator(one)) for one in values]
        self._put(
            {"type": "report", "id": _id("report", self._feed.name, item.key),
             "name": body["name"], "report_types": ["threat-report"],
             "published": stamp(body["published"]) if body["published"] else self._now,
             "object_refs": list(dict.fromkeys(refs)) or [self.author()]},
            body["tlp"],
        )  # fmt: skip

    def flaw(self, item: Item) -> None:
        """Take what is said of a vulnerability: a note beside the one object of its CVE id."""
        body = item.body
        fact = Fact.of(body, self._feed.name)
        told = [body.get("title"), body.get("description"), *_said(fact)]
        note = {
            "type": "note", "id": _id("note", self._feed.name, item.key),
            "abstract": f"{fact.cve}: {_short(fact)} ({self._feed.name})",
            "content": "\n".join(filter(None, map(str, filter(None, told)))) or fact.cve,
            "object_refs": [self.vulnerability(fact.cve)],
            "extensions": {EXTENSION: fact.to_extension()},
        }  # fmt: skip
        if EXTENSION not in self.objects:
            for one in extension_definition():
                self._steady(one)
        self._put(note, str(body.get("tlp") or ""))

    def report(
        self, item: Item, found: Extraction, claims: Claims, armed: Sequence[Indicator]
    ) -> str:
        """Take a report with what was read in it; return the id of its object."""
        ids = {one.name: self._named(one) for one in found.entities if one.type in _TYPES}
        ids |= {
            one.value: self.vulnerability(one.value)
            for one in found.indicators
            if one.type is ValueType.CVE
        }
        published = int(item.body.get("published") or 0)
        for one in armed:
            ids[one.value] = self.indicator(replace(one, valid_from=published), steady=True)
        refs = list(ids.values())
        techniques = {str(one["id"]): one for one in claims.techniques}
        refs += [self._technique(key, one) for key, one in techniques.items()]
        refs += self._relations(item.key, claims.relations, ids)
        report = _id("report", self._feed.name, item.key)
        text, link = str(item.body["text"]), str(item.body.get("link") or "")
        whole: dict[str, Any] = {
            "type": "report", "id": report, "name": str(item.body["name"]),
            "description": text[:DESCRIPTION], "report_types": ["threat-report"],
            "published": stamp(published) if published else self._now,
            "object_refs": list(dict.fromkeys(refs)) or [self.author()],
        }  # fmt: skip
        if link:
            whole["external_references"] = [{"source_name": self._feed.name, "url": link}]
        self._put(whole)
        self._quotes(report, techniques, armed)
        return report

    def vulnerability(self, cve: str) -> str:
        """Return the id of the object of a CVE id."""
        return self._known_as("vulnerability", cve) or self._steady(vulnerability(cve))

    def author(self) -> str:
        """Return the id of the object that stands for the feed."""
        if self._author in self.objects:
            return self._author
        return self._steady(
            {"type": "identity", "id": self._author, "spec_version": "2.1",
             "created": BEGINNING, "modified": BEGINNING, "name": self._feed.name,
             "identity_class": "organization"}
        )  # fmt: skip

    def _quotes(
        self, report: str, techniques: Mapping[str, Mapping[str, Any]], armed: Sequence[Indicator]
    ) -> None:
        """Keep the words that say so beside the report: no claim without its quote."""
        lines = [f"{key} {one['name']}: “{one['quote']}”" for key, one in techniques.items()]
        lines += [f"{one.value}: “{one.description}”" for one in armed]
        if lines:
            self._put(
                {"type": "note", "id": _id("note", report), "object_refs": [report],
                 "abstract": "What the report claims, in its own words",
                 "content": "\n".join(lines)}
            )  # fmt: skip

    def _named(self, one: NamedEntity) -> str:
        kind = _TYPES[one.type]
        known = self._known_as(kind, one.name) if one.type not in ("country", "sector") else ""
        if known:
            return known
        item: dict[str, Any] = {
            "type": kind, "id": _id(kind, "named", letters(one.name) or one.name),
            "spec_version": "2.1", "created": BEGINNING, "modified": BEGINNING, "name": one.name,
        }  # fmt: skip
        if kind == "malware":
            item["is_family"] = True
        elif kind == "identity":
            item["identity_class"] = "class"
        elif kind == "location":
            codes = [i.rpartition(":")[2] for i in one.ids if i.startswith("iso3166-1:")]
            item["country" if codes else "region"] = codes[0] if codes else one.name
        return self._steady(item)

    def _technique(self, key: str, one: Mapping[str, Any]) -> str:
        reference = {"source_name": "mitre-attack", "external_id": key}
        return self._known_as("attack-pattern", key) or self._steady(
            {"type": "attack-pattern", "id": _id("attack-pattern", "named", key),
             "spec_version": "2.1", "created": BEGINNING, "modified": BEGINNING,
             "name": str(one["name"] or key), "external_references": [reference]}
        )  # fmt: skip

    def _relations(
        self, key: str, relations: Sequence[Mapping[str, Any]], ids: Mapping[str, str]
    ) -> list[str]:
        found = []
        for one in relations:
            source, target = ids.get(str(one["source"])), ids.get(str(one["target"]))
            if not source or not target or source == target:
                continue
            kind = str(one["type"])
            found.append(_id("relationship", self._feed.name, key, source, kind, target))
            self._put(
                {"type": "relationship", "id": found[-1], "relationship_type": kind,
                 "source_ref": source, "target_ref": target,
                 "description": str(one["quote"])[:500],
                 "confidence": round(float(one["confidence"]) * 100)}
            )  # fmt: skip
        return found

    def _marks(self, tlp: str) -> list[str]:
        said = tlp or self._feed.tlp
        if not said:
            return []
        try:
            return [_MARKS[Tlp.of(said)]]
        except ObjectError:
            return [_MARKS[Tlp.RED]]

    def _put(self, item: dict[str, Any], tlp: str = "") -> None:
        common = {"spec_version": "2.1", "created": self._now, "modified": self._now}
        marks = self._marks(tlp)
        marked = {"object_marking_refs": marks} if marks else {}
        found = {**item, **common, "created_by_ref": self.author(), **marked}
        self.objects.setdefault(item["id"], found)

    def _steady(self, item: dict[str, Any]) -> str:
        self.objects.setdefault(item["id"], item)
        self.steady.add(item["id"])
        return str(item["id"])


def as_indicator(body: Mapping[str, Any]) -> Indicator:
    """Return the indicator that the body of an item holds."""
    fields = {**body, "type": IndicatorType(body["type"]), "labels": tuple(body["labels"])}
    return Indicator(**fields)


def pattern(kind: IndicatorType, value: str) -> str:
    """Return the STIX pattern of a value (STIX 2.1, section 9)."""
    text = value.replace("\\", "\\\\").replace("'", "\\'")
    if kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
        return f"[ipv{6 if ':' in value else 4}-addr:value = '{text}']"
    if kind is IndicatorType.HASH:
        return f"[file:hashes.'{_HASHES.get(len(value), 'SHA-256')}' = '{text}']"
    return f"[{_PATHS[kind]} = '{text}']"


_HASHES = {32: "MD5", 40: "SHA-1", 56: "SHA-224", 64: "SHA-256", 96: "SHA-384", 128: "SHA-512"}
_PATHS = {
    IndicatorType.DOMAIN: "domain-name:value", IndicatorType.URL: "url:value",
    IndicatorType.MAIL: "email-addr:value", IndicatorType.FILE_NAME: "file:name",
}  # fmt: skip


def _short(fact: Fact) -> str:
    if fact.withdrawn:
        return "withdrawn"
    if fact.known_exploited:
        return "known to be exploited"
    if fact.epss is not None:
        return f"EPSS {fact.epss:.2f}"
    return f"advisory {fact.advisory}" if fact.advisory else "said of it"


def _said(fact: Fact) -> list[str]:
    """Return a fact in lines for people and other people's programs."""
    lines = [
        (fact.known_exploited, f"Known to be exploited since {fact.exploited_since or '?'}."),
        (fact.ransomware, "Used by ransomware."),
        (fact.epss is not None, f"EPSS {fact.epss}, percentile {fact.percentile}."),
        (bool(fact.products), f"Products: {', '.join(fact.products)}"),
        (bool(fact.action), f"What to do: {fact.action}"),
        (bool(fact.due), f"Due by {fact.due}."),
        (fact.withdrawn, "Withdrawn by its source."),
    ]
    return [line for true, line in lines if true]


def _id(kind: str, *parts: str) -> str:
    return f"{kind}--{uuid.uuid5(NAMESPACE, chr(31).join((kind, *parts)))}"
