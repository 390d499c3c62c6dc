"""Who uses what, in ATT&CK's own sentences against ATT&CK's own relationships.

ATT&CK describes how a group or campaign uses a technique, and marks the groups and programs of the
sentence as links: names whose place is known. A relation found between two of them is right where
ATT&CK also holds the relationship. That is hard on recall (a sentence may name two without stating
it) and on precision (ATT&CK does not hold every relationship that its sentences state).
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from noroshi.app.quality.labelled import scores
from noroshi.intel.attack_text import Span
from noroshi.intel.relations import Party, find_relations

_LINK = re.compile(r"\[([^\]]+)\]\(https://attack\.mitre\.org/(groups|software|campaigns)/(\w+)\)")
_CITATION = re.compile(r"\(Citation:[^)]*\)")
_KINDS = {"groups": "actor", "campaigns": "actor", "software": "malware"}
_ACTORS = frozenset({"intrusion-set", "campaign"})
_USE = frozenset({"uses", "drops"})
"""Who delivers a program uses it, too."""


def who_uses(bundle: Path) -> dict[str, Any]:
    """Return precision and recall for two halves of the groups and campaigns.

    The digest of an id says which half: ``dev``, which the finder may be mended on, or ``test``,
    which is only ever counted.
    """
    objects = orjson.loads(gzip.decompress(bundle.read_bytes()))["objects"]
    ids = {item["id"]: _id(item) for item in objects}
    links = [item for item in objects if item["type"] == "relationship"]
    known = _known(links, ids)
    actors = {item["id"] for item in objects if item["type"] in _ACTORS}
    counts: dict[str, Counter[str]] = {"dev": Counter(), "test": Counter()}
    for link in links:
        if link["relationship_type"] == "uses" and link["source_ref"] in actors:
            text, parties = _named(link.get("description", ""))
            count = counts[_half(ids[link["source_ref"]])]
            count.update(_compared(text, parties, known))
    return {
        half: scores(count["found"], count["wrong"], count["missed"])
        for half, count in counts.items()
    }


def _compared(text: str, parties: list[Party], known: set[tuple[str, str]]) -> Iterator[str]:
    said = {
        (one.source.value, one.target.value)
        for one in find_relations(text, parties)
        if one.type in _USE and one.source.type == "actor"
    }
    actors = {party.value for party in parties if party.type == "actor"}
    programs = {party.value for party in parties if party.type == "malware"}
    truth = {(who, what) for who in actors for what in programs} & known
    yield from ("found" for _ in said & truth)
    yield from ("wrong" for _ in said - truth)
    yield from ("missed" for _ in truth - said)


def _known(links: list[dict[str, Any]], ids: dict[str, str]) -> set[tuple[str, str]]:
    """Return who uses what; a campaign's programs are its group's, and the other way round."""
    pairs: dict[str, set[tuple[str, str]]] = {"uses": set(), "attributed-to": set()}
    for link in links:
        if link["relationship_type"] in pairs:
            both = ids[link["source_ref"]], ids[link["target_ref"]]
            pairs[link["relationship_type"]].add(both)
    known = pairs["uses"]
    for campaign, group in pairs["attributed-to"]:
        for one, other in ((campaign, group), (group, campaign)):
            known |= {(other, what) for who, what in known if who == one}
    return known


def _named(description: str) -> tuple[str, list[Party]]:
    """Return the plain text of a description and the names that were links in it."""
    marked = _CITATION.sub("", description)
    text, at, parties = "", 0, []
    for link in _LINK.finditer(marked):
        text += marked[at : link.start()]
        span = Span(len(text), len(text) + len(link.group(1)))
        parties.append(Party(_KINDS[link.group(2)], link.group(3), span))
        text, at = text + link.group(1), link.end()
    return text + marked[at:], parties


def _half(identity: str) -> str:
    return "test" if int(hashlib.sha256(identity.encode()).hexdigest(), 16) % 2 else "dev"


def _id(item: dict[str, Any]) -> str:
    names = item.get("external_references", [])
    ours = (str(name["external_id"]) for name in names if name.get("source_name") == "mitre-attack")
    return next(ours, str(item["id"]))
