"""What is said of vulnerabilities: CISA KEV, FIRST EPSS, CSAF 2.0 and OSV advisories.

Sources: CISA known exploited vulnerabilities catalogue (JSON); FIRST EPSS (CSV with a comment line
before its header); OASIS CSAF 2.0 (section 3.2, and 7 on providers and ROLIE); OSV schema 1.6.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from noroshi.collect.feeds.door import Door, Got
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.item import Form, Item
from noroshi.collect.feeds.kinds.files import each_file
from noroshi.collect.feeds.kinds.kind import listed, load, mapping, moment

_CVE = re.compile(r"CVE-\d{4}-\d{4,19}")
_STEP = 20
"""EPSS moves every day by a hair: only a step of a twentieth is something new."""
_MOST_PRODUCTS = 200


def read_kev(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the vulnerabilities that are known to be exploited."""
    for got in each_file(door):
        data = mapping(load(got.body, got.location))
        if "vulnerabilities" not in data:
            raise FeedError(f"{got.location}: no KEV catalogue: it has no vulnerabilities")
        for one in map(mapping, listed(data["vulnerabilities"])):
            if not _CVE.fullmatch(str(one.get("cveID"))):
                continue
            product = " ".join(f"{one.get('vendorProject', '')} {one.get('product', '')}".split())
            body = {
                "cve": one["cveID"],
                "title": str(one.get("vulnerabilityName", "")),
                "description": str(one.get("shortDescription", "")),
                "products": [product] if product else [],
                "known_exploited": True,
                "exploited_since": str(one.get("dateAdded", "")),
                "due": str(one.get("dueDate", "")),
                "ransomware": str(one.get("knownRansomwareCampaignUse", "")).lower() == "known",
                "action": str(one.get("requiredAction", "")),
            }
            yield Item(one["cveID"], Form.FLAW, body, moment(one.get("dateAdded")))


def read_epss(door: Door, _: dict[str, Any]) -> Iterator[Item]:
    """Yield the vulnerabilities whose score is at least the feed's least."""
    for got in each_file(door):
        lines = got.body.decode("utf-8", "replace").splitlines()
        about = lines[0] if lines and lines[0].startswith("#") else ""
        stated = re.search(r"score_date:(\S+)", about)
        date = moment(stated[1]) if stated else 0
        rows = csv.DictReader(io.StringIO("\n".join(lines[bool(about) :]).replace("\0", "")))
        if not {"cve", "epss"} <= set(rows.fieldnames or ()):
            raise FeedError(f"{got.location}: no EPSS table: it lacks the columns cve and epss")
        for row in rows:
            score = _number(row.get("epss"))
            if score is None or score < door.feed.least or not _CVE.fullmatch(str(row.get("cve"))):
                continue
            body = {"cve": row["cve"], "epss": score, "percentile": _number(row.get("percentile"))}
            yield Item(str(row["cve"]), Form.FLAW, body, date, int(score * _STEP))


def read_csaf(door: Door, position: dict[str, Any]) -> Iterator[Item]:
    """Yield advisories: of a folder, of a file, or all that a provider or ROLIE feed lists."""
    if not door.feed.is_remote:
        for got in each_file(door):
            if got.location.endswith((".json", ".json.gz")):
                yield from _advisory(mapping(load(got.body, got.location)))
        return
    got = door.read()
    if got is not None:
        yield from _followed(door, got, position, depth=0)


def _followed(door: Door, got: Got, position: dict[str, Any], depth: int) -> Iterator[Item]:
    """Follow provider metadata to its ROLIE feeds, and those to the advisories that changed."""
    data = mapping(load(got.body, got.location))
    if "distributions" in data and depth == 0:
        for one in map(mapping, listed(data["distributions"])):
            for feed in map(mapping, listed(mapping(one.get("rolie")).get("feeds"))):
                inner = door.read(urljoin(got.location, str(feed.get("url", ""))))
                if inner is not None:
                    yield from _followed(door, inner, position, depth=1)
        return
    if "feed" not in data:
        yield from _advisory(data)
        return
    known: dict[str, str] = position.setdefault("advisories", {})
    for entry in map(mapping, listed(mapping(data["feed"]).get("entry"))):
        source = str(mapping(entry.get("content")).get("src", ""))
        updated = str(entry.get("updated", ""))
        if not source or known.get(source) == updated:
            continue
        inner = door.read(urljoin(got.location, source), conditional=False)
        if inner is not None:
            yield from _advisory(mapping(load(inner.body, inner.location)))
        known[source] = updated


def _advisory(data: dict[str, Any]) -> Iterator[Item]:
    if "document" in data:
        yield from _csaf(data)
    elif "id" in data and ("affected" in data or "modified" in data):
        yield from _osv(data)


def _csaf(data: dict[str, Any]) -> Iterator[Item]:
    document = mapping(data["document"])
    tracking = mapping(document.get("tracking"))
    advisory = str(tracking.get("id") or document.get("title") or "?")
    date = moment(tracking.get("current_release_date"))
    names = dict(_product_names(mapping(data.get("product_tree"))))
    tlp = str(mapping(mapping(document.get("distribution")).get("tlp")).get("label", ""))
    for one in map(mapping, listed(data.get("vulnerabilities"))):
        cve = str(one.get("cve") or "")
        named = cve if _CVE.fullmatch(cve) else f"{advisory}: {one.get('title', '')}"
        status = mapping(one.get("product_status"))
        ids = [*listed(status.get("known_affected")), *listed(status.get("first_affected"))]
        notes = [str(mapping(note).get("text", "")) for note in listed(one.get("notes"))]
        fixes = [str(mapping(fix).get("details", "")) for fix in listed(one.get("remediations"))]
        body = {
            "cve": named,
            "title": str(document.get("title", "")),
            "description": "\n".join(filter(None, notes))[:5000],
            "products": [names.get(str(pid), str(pid)) for pid in ids[:_MOST_PRODUCTS]],
            "action": "\n".join(filter(None, fixes))[:2000],
            "advisory": advisory,
            "tlp": f"TLP:{tlp}" if tlp else "",
        }
        yield Item(f"{advisory} {named}", Form.FLAW, body, date)


def _product_names(tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield product ids and names, branches and relationships alike, without recursion."""
    waiting: list[Any] = [tree]
    while waiting:
        part = mapping(waiting.pop())
        waiting += listed(part.get("branches")) + listed(part.get("full_product_names"))
        for related in listed(part.get("relationships")):
            waiting.append(mapping(related).get("full_product_name"))
        product = mapping(part.get("product")) or part
        if "product_id" in product:
            yield str(product["product_id"]), str(product.get("name", product["product_id"]))


def _osv(data: dict[str, Any]) -> Iterator[Item]:
    aliases = [str(one) for one in listed(data.get("aliases")) if _CVE.fullmatch(str(one))]
    packages = [mapping(mapping(one).get("package")) for one in listed(data.get("affected"))]
    body = {
        "cve": aliases[0] if aliases else str(data["id"]),
        "title": str(data.get("summary", "")),
        "description": str(data.get("details", ""))[:5000],
        "products": list(
            dict.fromkeys(f"{p.get('ecosystem', '')} {p.get('name', '')}".strip() for p in packages)
        )[:_MOST_PRODUCTS],
        "advisory": str(data["id"]),
        "withdrawn": bool(data.get("withdrawn")),
    }
    yield Item(str(data["id"]), Form.FLAW, body, moment(data.get("modified")))


def _number(text: Any) -> float | None:
    try:
        found = float(text)
    except (TypeError, ValueError):
        return None
    return found if 0 <= found <= 1 else None
