"""Items to knowledge: STIX objects with provenance, indicators armed, reports read.

Nothing here asks a clock: every time comes from the item or from when its batch was read, and every
id follows from the content, so that the same batch gives the same objects however often.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from noroshi.collect.feeds.feed import Feed
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.store import Batch
from noroshi.intel.indicators import Indicator, IndicatorStore, IndicatorType
from noroshi.intel.indicators.read import parse_indicators
from noroshi.intel.objects import TLP_IDS, ObjectError, ObjectStore, Provenance, Tlp
from noroshi.intel.objects.clock import text as stamp
from noroshi.intel.text import Claims, Document, Extraction, Knowledge, extract
from noroshi.intel.text.armed import armed
from noroshi.intel.text.extraction import ValueType

NAMESPACE = uuid.UUID("b6c1a1de-0c39-5d0b-8f0e-3a4a1c8f52e7")
EXTENSION = f"extension-definition--{uuid.uuid5(NAMESPACE, 'vulnerability facts')}"
DESCRIPTION = 20_000
"""Characters of a report's text that its object carries."""
_BEGINNING = "2026-01-01T00:00:00.000Z"
_TYPES = {"actor": "intrusion-set", "malware": "malware", "tool": "tool", "country": "location"}
_MARKS = {level: mark for mark, level in TLP_IDS.items()}


@dataclass(frozen=True, slots=True)
class Keeper:
    """Turns batches into knowledge.

    Attributes:
        objects: object store.
        indicators: indicators that events are matched against.
        knowledge: what reading reports needs.
        claims: finds techniques and relations in a report.
        settings: returns a feed's settings.
        words: is shown the text of each report, with its id, name and source.
    """

    objects: ObjectStore
    indicators: IndicatorStore
    knowledge: Callable[[], Knowledge]
    claims: Callable[[Extraction], Claims]
    settings: Callable[[str], Feed]
    words: Callable[[str, str, str, Provenance], object]

    def __call__(self, name: str, batch: Batch, items: list[Item]) -> None:
        """Keep a batch; the second time it changes nothing."""
        feed = self.settings(name)
        made = _Made(feed, batch.retrieved)
        said = Provenance(name, batch.retrieved, f"feed {feed.kind}", feed.reputation)
        for item in items:
            if item.form is Form.REPORT:
                self._report(made, item, said)
            else:
                made.take(item)
        self.objects.add(made.objects.values(), said)
        if made.armed:
            self.indicators.add(self._unarmed(made.armed))

    def _report(self, made: _Made, item: Item, said: Provenance) -> None:
        body = item.body
        found = extract(Document(str(body["name"]), str(body["text"])), self.knowledge())
        report = made.report(item, found, self.claims(found))
        self.words(str(body["text"]), report, str(body["name"]), said)

    def _unarmed(self, wanted: Sequence[Indicator]) -> Iterator[Indicator]:
        """Leave out what an earlier try has armed already, so that nothing is kept twice."""
        for one in wanted:
            if one not in self.indicators.about(one.type, one.value):
                yield one


class _Made:
    """The objects of a batch, each once."""

    def __init__(self, feed: Feed, retrieved: int) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.armed: list[Indicator] = []
        self._feed, self._now = feed, stamp(retrieved)
        self._author = _id("identity", feed.name)
        self._put(
            {"type": "identity", "id": self._author, "name": feed.name,
             "identity_class": "organization", "created": _BEGINNING, "modified": _BEGINNING},
            None,
        )  # fmt: skip

    def take(self, item: Item) -> None:
        if item.form is Form.OBJECT:
            self._object(item.body)
        elif item.form is Form.INDICATOR:
            self._indicator(item.body)
        elif item.form is Form.EVENT:
            self._event(item)
        else:
            self._flaw(item)

    def report(self, item: Item, found: Extraction, claims: Claims) -> str:
        body = item.body
        names = {e.name: self._named(e.type, e.name) for e in found.entities if e.type in _TYPES}
        named = {value.value: self._cve(value.value) for value in found.indicators
                 if value.type is ValueType.CVE}  # fmt: skip
        refs = [*names.values(), *named.values()]
        for one in armed(found, self._feed.name):
            ref = self._indicator_of(replace(one, valid_from=0), quote=one.description)
            named[one.value] = ref
            refs.append(ref)
        techniques = {str(t["id"]): t for t in claims.techniques}
        refs += [self._technique(key, one) for key, one in techniques.items()]
        for relation in claims.relations:
            ends = [(names | named).get(str(relation[side])) for side in ("source", "target")]
            if ends[0] and ends[1] and ends[0] != ends[1]:
                refs.append(self._relation(item.key, relation, str(ends[0]), str(ends[1])))
        text = str(body["text"])
        whole = {
            "type": "report", "id": _id("report", self._feed.name, item.key),
            "name": str(body["name"]), "description": text[:DESCRIPTION],
            "published": stamp(int(body.get("published") or 0)) if body.get("published")
            else self._now,
            "report_types": ["threat-report"],
            "object_refs": list(dict.fromkeys(refs)) or [self._author],
        }  # fmt: skip
        if body.get("link"):
            whole["external_references"] = [{"source_name": self._feed.name, "url": body["link"]}]
        self._put(whole)
        if techniques:
            self._quotes(whole["id"], list(techniques.values()))
        return str(whole["id"])

    def _quotes(self, report: str, techniques: Sequence[Mapping[str, Any]]) -> None:
        """Keep the words that say so beside the report: no claim without its quote."""
        lines = [f"{t['id']} {t['name']}: “{t['quote']}”" for t in techniques]
        self._put(
            {"type": "note", "id": _id("note", report), "abstract": "Techniques and their words",
             "content": "\n".join(lines), "object_refs": [report]},
        )  # fmt: skip

    def _object(self, item: Mapping[str, Any]) -> None:
        marks = self._marks("") if item.get("type") != "marking-definition" else []
        given = dict(item)
        if marks and not given.get("object_marking_refs"):
            given["object_marking_refs"] = marks
        self.objects[f"{given['id']} {given.get('modified', '')}"] = given
        if given.get("type") == "indicator":
            bundle = orjson.dumps({"type": "bundle", "objects": [given]})
            self.armed += parse_indicators(bundle, self._feed.name, "bundle").indicators

    def _indicator(self, body: Mapping[str, Any]) -> str:
        fields = {**body, "type": IndicatorType(body["type"]), "labels": tuple(body["labels"])}
        return self._indicator_of(Indicator(**{**fields, "source": self._feed.name}))

    def _indicator_of(self, one: Indicator, quote: str = "") -> str:
        if one.confidence == 50:
            one = replace(one, confidence=self._feed.reputation)
        one = replace(one, tlp=one.tlp or self._feed.tlp)
        self.armed.append(one)
        item: dict[str, Any] = {
            "type": "indicator", "id": _id("indicator", self._feed.name, one.type, one.value),
            "name": one.value[:200], "indicator_types": ["malicious-activity"],
            "pattern": pattern(one.type, one.value), "pattern_type": "stix",
            "valid_from": stamp(one.valid_from) if one.valid_from else self._now,
            "confidence": one.confidence,
        }  # fmt: skip
        if one.valid_until > one.valid_from:
            item["valid_until"] = stamp(one.valid_until)
        if one.valid_until and item.get("valid_until", "9") <= item["valid_from"]:
            del item["valid_until"]
        if quote or one.description:
            item["description"] = quote or one.description
        if one.labels:
            item["labels"] = list(one.labels)
        self._put(item, one.tlp)
        return str(item["id"])

    def _event(self, item: Item) -> None:
        body = item.body
        refs = [self._indicator({**one, "tlp": body["tlp"]}) for one in body["indicators"]]
        self._put(
            {"type": "report", "id": _id("report", self._feed.name, item.key),
             "name": body["name"], "report_types": ["threat-report"],
             "published": stamp(body["published"]) if body["published"] else self._now,
             "object_refs": list(dict.fromkeys(refs)) or [self._author]},
            body["tlp"],
        )  # fmt: skip

    def _flaw(self, item: Item) -> None:
        body = item.body
        facts = {
            name: body[name]
            for name in ("known_exploited", "exploited_since", "due", "ransomware", "epss",
                         "percentile", "products", "action", "advisory", "withdrawn")
            if body.get(name) not in (None, "", [], False)
        }  # fmt: skip
        flaw: dict[str, Any] = {
            "type": "vulnerability", "id": _id("vulnerability", self._feed.name, item.key),
            "name": body["cve"],
            "extensions": {EXTENSION: {"extension_type": "property-extension", **facts}},
        }  # fmt: skip
        told = "\n".join(filter(None, (body.get("title"), body.get("description"))))
        if told:
            flaw["description"] = told
        if str(body["cve"]).startswith("CVE-"):
            flaw["external_references"] = [{"source_name": "cve", "external_id": body["cve"]}]
        if body.get("known_exploited"):
            flaw["labels"] = ["known-exploited"]
        self._definition()
        self._put(flaw, str(body.get("tlp") or ""))

    def _definition(self) -> None:
        self._put(
            {"type": "extension-definition", "id": EXTENSION, "name": "Vulnerability facts",
             "created": _BEGINNING, "modified": _BEGINNING, "version": "1.0.0",
             "schema": "known_exploited, exploited_since, due, ransomware, epss, percentile, "
                       "products, action, advisory, withdrawn",
             "extension_types": ["property-extension"],
             "created_by_ref": _id("identity", "noroshi")},
            None,
        )  # fmt: skip
        self._put(
            {"type": "identity", "id": _id("identity", "noroshi"), "name": "Noroshi",
             "identity_class": "system", "created": _BEGINNING, "modified": _BEGINNING},
            None,
        )  # fmt: skip

    def _cve(self, name: str) -> str:
        found = _id("vulnerability", "named", name)
        reference = {"source_name": "cve", "external_id": name}
        self._put(
            {"type": "vulnerability", "id": found, "name": name, "created": _BEGINNING,
             "modified": _BEGINNING, "external_references": [reference]},
            None,
        )  # fmt: skip
        return found

    def _named(self, kind: str, name: str) -> str:
        made = _TYPES[kind]
        found = _id(made, "named", re.sub(r"[\W_]+", "", name.casefold()) or name)
        item = {"type": made, "id": found, "name": name, "created": _BEGINNING,
                "modified": _BEGINNING}  # fmt: skip
        if made == "malware":
            item["is_family"] = True  # type: ignore[assignment]
        if made == "location":
            item["region"] = name
        self._put(item, None)
        return found

    def _technique(self, key: str, one: Mapping[str, Any]) -> str:
        found = _id("attack-pattern", "named", key)
        reference = {"source_name": "mitre-attack", "external_id": key}
        self._put(
            {"type": "attack-pattern", "id": found, "name": str(one["name"] or key),
             "created": _BEGINNING, "modified": _BEGINNING, "external_references": [reference]},
            None,
        )  # fmt: skip
        return found

    def _relation(self, key: str, one: Mapping[str, Any], source: str, target: str) -> str:
        found = _id("relationship", self._feed.name, key, source, str(one["type"]), target)
        self._put(
            {"type": "relationship", "id": found, "relationship_type": str(one["type"]),
             "source_ref": source, "target_ref": target, "description": str(one["quote"])[:500],
             "confidence": round(float(one["confidence"]) * 100)},
        )  # fmt: skip
        return found

    def _marks(self, tlp: str) -> list[str]:
        levels = []
        for text in filter(None, (tlp, self._feed.tlp if not tlp else "")):
            try:
                levels.append(Tlp.of(text))
            except ObjectError:
                levels.append(Tlp.RED)
        return [_MARKS[level] for level in levels]

    def _put(self, item: dict[str, Any], tlp: str | None = "") -> None:
        """Add an object of ours; ``tlp`` None is for names that everybody knows."""
        item = {"spec_version": "2.1", "created": self._now, "modified": self._now, **item}
        if tlp is not None:
            item["created_by_ref"] = self._author
            if marks := self._marks(tlp):
                item["object_marking_refs"] = marks
        self.objects.setdefault(item["id"], item)


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


def _id(kind: str, *parts: str) -> str:
    return f"{kind}--{uuid.uuid5(NAMESPACE, chr(31).join((kind, *parts)))}"
