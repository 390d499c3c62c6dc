"""What is said of vulnerabilities in catalogues: CISA KEV, FIRST EPSS.

Sources: CISA known exploited vulnerabilities catalogue (JSON with its schema, CSV); FIRST EPSS (CSV
with a comment line before its header).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import Files
from noroshi.collect.feeds.kinds.values import (
    CVE,
    listed,
    load,
    mapping,
    moment,
    paragraphs,
    part,
    table,
    words,
)

_STEP = 20
"""EPSS moves every day by a hair: only a step of a twentieth is something new."""


def read_kev(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the vulnerabilities that are known to be exploited."""
    return Files(door, lambda got: _catalogue(door, got)).items()


def _catalogue(door: Door, got: Got) -> Iterator[Item]:
    for one in _entries(got):
        cve = words(one.get("cveID"))
        if not CVE.fullmatch(cve):
            door.refuse(str(one), "no CVE id in cveID")
            continue
        yield Item(cve, Form.FLAW, _known_exploited(cve, one), moment(one.get("dateAdded")))


def _entries(got: Got) -> Iterator[dict[str, Any]]:
    """Yield the entries of a catalogue: the JSON and the CSV name their fields alike."""
    if got.body.lstrip()[:1] in (b"{", b"["):
        data = mapping(load(got.body, got.location))
        if "vulnerabilities" not in data:
            raise FeedError(f"{got.location}: no KEV catalogue: it has no vulnerabilities")
        yield from map(mapping, listed(data["vulnerabilities"]))
        return
    yield from table(got, ("cveID", "dateAdded"))


def _known_exploited(cve: str, one: dict[str, Any]) -> dict[str, Any]:
    vendor, product = words(one.get("vendorProject")), words(one.get("product"))
    named = product if product.casefold().startswith(vendor.casefold()) else f"{vendor} {product}"
    return {
        "cve": cve,
        "title": words(one.get("vulnerabilityName")),
        "description": paragraphs(one.get("shortDescription")),
        "products": [named.strip()] if named.strip() else [],
        "known_exploited": True,
        "exploited_since": words(one.get("dateAdded"), 40),
        "due": words(one.get("dueDate"), 40),
        "ransomware": words(one.get("knownRansomwareCampaignUse")).lower() == "known",
        "action": paragraphs(one.get("requiredAction"), 2000),
    }


def read_epss(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the scores: those under the feed's least are kept only where they were above before."""
    return Files(door, lambda got: _scores(door, got)).items()


def _scores(door: Door, got: Got) -> Iterator[Item]:
    stated = re.match(rb"#[^\n]*score_date:([^,\s]+)", got.body)
    date = moment(stated[1].decode("ascii", "replace")) if stated else 0
    yield from filter(None, (_scored(door, row, date) for row in table(got, ("cve", "epss"))))


def _scored(door: Door, row: dict[str, Any], date: int) -> Item | None:
    cve, score = words(row.get("cve")), part(row.get("epss"))
    if score is None or not CVE.fullmatch(cve):
        door.refuse(f"{cve} {row.get('epss')}", "no CVE id with a score from 0 to 1")
        return None
    body = {"cve": cve, "epss": score, "percentile": part(row.get("percentile")), "scored": date}
    low = score < door.feed.least
    return Item(cve, Form.FLAW, body, date, -1 if low else int(score * _STEP), low)
