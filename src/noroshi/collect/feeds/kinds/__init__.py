"""The kinds of feed, and how content and address tell the kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from noroshi.collect.feeds.door import refuse_device
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.inflate import inflated
from noroshi.collect.feeds.kinds.advisories import read_advisories
from noroshi.collect.feeds.kinds.articles import read_articles
from noroshi.collect.feeds.kinds.files import files_in
from noroshi.collect.feeds.kinds.flaws import read_epss, read_kev
from noroshi.collect.feeds.kinds.kind import Kind
from noroshi.collect.feeds.kinds.listing import read_list
from noroshi.collect.feeds.kinds.misp import read_misp
from noroshi.collect.feeds.kinds.reports import read_mails, read_reports
from noroshi.collect.feeds.kinds.stix import read_stix, read_taxii
from noroshi.lang import N_

HEAD = 16_384
"""Bytes that tell the kind."""
_LOOKED_AT = 50
"""Files of a folder that tell its kind."""


def _has(pattern: bytes) -> Callable[[bytes, str], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda head, _: bool(compiled.search(head))


def _named(pattern: str, content: bytes = rb"\A\b\B") -> Callable[[bytes, str], bool]:
    name, head = re.compile(pattern), re.compile(content, re.IGNORECASE)
    return lambda data, where: bool(name.search(where.lower()) or head.search(data))


_XML_FEED = rb"<(?:rss|feed|rdf:RDF)[\s>]"
_KEV = rb'"catalogVersion"|"?cveID"?\s*[:,]'
_EPSS = rb"(?:\A|\n)cve,epss|\A#model_version:"
_ADVISORY = (
    rb'"csaf_version"|"distributions"\s*:|"rolie"|"schema_version"\s*:|"affected"\s*:|"aliases"\s*:'
)
_MISP = rb'"Event"\s*:|"Orgc"\s*:|"threat_level_id"'
_STIX = rb'"type"\s*:\s*"bundle"|"spec_version"'
_REPORT = rb"%PDF-|<!doctype html|<html[\s>]|\APK\x03\x04"
_MAIL = rb"\A(?:From |(?:Received|Return-Path|Message-ID|Date|Subject|From|To|X-[\w-]+): )"
_SUFFIXES = r"\.(?:html?|pdf|docx|md)$"

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("taxii", N_("TAXII 2.1 collection"), read_taxii, _named("/collections/")),
        Kind("rss", N_("RSS 2.0, RDF or Atom; each entry is a report"), read_articles,
             _named(r"\.(?:rss|atom|rdf)$", _XML_FEED)),
        Kind("kev", N_("known exploited vulnerabilities (CISA), JSON or CSV"), read_kev,
             _named(r"known_exploited_vulnerabilities|/kev\.csv$", _KEV), whole=True),
        Kind("epss", N_("EPSS scores (FIRST), CSV"), read_epss,
             _named(r"epss[^/]*\.csv", _EPSS), whole=True),
        Kind("misp", N_("MISP feed (manifest.json, hashes.csv) or event files"), read_misp,
             _named(r"(?:manifest\.json|hashes\.csv)$", _MISP)),
        Kind("stix", N_("STIX 2 bundles"), read_stix, _has(_STIX)),
        Kind("advisories", N_("CSAF or OSV advisories, provider metadata, ROLIE, archives"),
             read_advisories, _named(r"provider-metadata\.json$|csaf|/osv", _ADVISORY)),
        Kind("mail", N_("mailbox: Maildir, mbox or .eml files"), read_mails,
             _named(r"\.(?:eml|mbox)$|/(?:cur|new)/", _MAIL)),
        Kind("reports", N_("folder of reports: HTML, PDF, DOCX, Markdown, text"), read_reports,
             _named(_SUFFIXES, _REPORT)),
        Kind("list", N_("CSV or plain list of indicators"), read_list,
             _named(r"\.(?:csv|txt|list|ipset|netset)$"), whole=True),
    )
}  # fmt: skip


def guessed_kind(location: str) -> str:
    """Return the kind that a feed looks like; nothing is asked over the network.

    Args:
        location: http(s) address, or path of a file or folder.

    Raises:
        FeedError: it looks like none.
    """
    if "://" in location:
        found = _fitting(b"", urlsplit(location).path)
    else:
        found = _of_files(Path(location))
    if found:
        return found
    raise FeedError(
        f"{location[:200]}: cannot tell of which kind this feed is; give --kind, one of "
        f"{', '.join(KINDS)}"
    )


def _of_files(path: Path) -> str:
    try:
        refuse_device(path, path.stat())
        if not path.is_dir():
            return _fitting(_head(path), str(path))
        files = (one for one, _ in zip(files_in(path), range(_LOOKED_AT), strict=False))
        kinds = [kind for one in files if (kind := _fitting(_head(one), str(one)))]
    except OSError as error:
        raise FeedError(f"{path}: {error.strerror or error}") from error
    return max(kinds, key=kinds.count, default="")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(HEAD)
    if data.startswith(b"\x1f\x8b"):
        return _unpacked(path)
    return data


def _unpacked(path: Path) -> bytes:
    with path.open("rb") as file:
        return inflated(file.read(64 << 20), str(path), 256 << 20)[:HEAD]


def _fitting(head: bytes, name: str) -> str:
    return next((kind.name for kind in KINDS.values() if kind.fits(head, name)), "")
