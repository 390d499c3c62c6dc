"""The kinds of feed, and how content tells its kind."""

from __future__ import annotations

import re

from noroshi.collect.feeds.kinds.articles import read_articles
from noroshi.collect.feeds.kinds.flaws import read_csaf, read_epss, read_kev
from noroshi.collect.feeds.kinds.kind import Kind
from noroshi.collect.feeds.kinds.listing import read_list, read_stix
from noroshi.collect.feeds.kinds.misp import read_misp
from noroshi.collect.feeds.kinds.reports import read_mails, read_reports
from noroshi.collect.feeds.kinds.taxii import read_taxii
from noroshi.lang import N_

HEAD = 4096
"""Bytes that tell the kind."""


def _has(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.IGNORECASE)


_XML_FEED = _has(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_KEV = _has(rb'"(?:catalogVersion|cveID)"')
_EPSS = _has(rb"(?:\A|\n)cve,epss")
_CSAF = _has(rb'"csaf_version"|"document"\s*:|"canonical_url"|"schema_version"|"rolie"')
_MISP = _has(rb'"Event"\s*:|"Orgc"\s*:|"threat_level_id"')
_STIX = _has(rb'"type"\s*:\s*"bundle"|"spec_version"')
_PAGE = _has(rb"%PDF-|<!doctype html|<html[\s>]|\APK\x03\x04")
_MAIL = _has(rb"\A(?:From |(?:Received|Return-Path|Message-ID|Date|Subject|From|To): )")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("rss", N_("RSS 2.0, RDF or Atom"), read_articles, lambda d, _: bool(_XML_FEED.search(d))),
        Kind("epss", N_("EPSS scores, CSV"), read_epss, lambda d, _: bool(_EPSS.search(d))),
        Kind("kev", N_("known exploited vulnerabilities, JSON"), read_kev,
             lambda d, _: bool(_KEV.search(d))),
        Kind("misp", N_("MISP feed (manifest.json, hashes.csv) or event files"), read_misp,
             lambda d, n: bool(_MISP.search(d)) or n.endswith(("manifest.json", "hashes.csv"))),
        Kind("stix", N_("STIX 2 bundles"), read_stix, lambda d, _: bool(_STIX.search(d))),
        Kind("csaf", N_("CSAF or OSV advisories, provider metadata, ROLIE"), read_csaf,
             lambda d, _: bool(_CSAF.search(d))),
        Kind("taxii", N_("TAXII 2.1 collection"), read_taxii,
             lambda _, n: "/collections/" in n),
        Kind("mail", N_("mailbox: Maildir, mbox or .eml files"), read_mails,
             lambda d, n: bool(_MAIL.search(d)) or n.endswith((".eml", ".mbox"))),
        Kind("reports", N_("folder of reports: HTML, PDF, DOCX, text"), read_reports,
             lambda d, n: bool(_PAGE.search(d)) or n.endswith((".txt.md", ".md", ".docx"))),
        Kind("list", N_("CSV or plain list of indicators"), read_list, lambda d, _: b"\0" not in d),
    )
}  # fmt: skip


def guess(head: bytes, name: str) -> str:
    """Return the kind that content looks like; empty if it looks like none."""
    found = next((kind.name for kind in KINDS.values() if kind.fits(head[:HEAD], name)), "")
    if "/collections/" in name and found in ("", "list"):
        return "taxii"
    return found
