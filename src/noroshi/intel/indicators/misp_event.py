"""Indicators out of MISP events. Source: MISP core format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from noroshi.intel.indicators.imported import (
    Imported,
    in_parts,
    listed,
    moment,
    strictest_tag,
)
from noroshi.intel.indicators.indicator import Indicator, IndicatorType


def misp_event(event: Mapping[str, Any], base: Indicator) -> Iterator[Imported]:
    """Yield the attributes of an event that are meant for detection, part by part."""
    labels = _tags(event)
    this = replace(
        base,
        labels=labels,
        description=str(event.get("info", ""))[:500],
        valid_from=moment(event.get("date")),
        tlp=strictest_tag(labels),
    )
    attributes = listed(event.get("Attribute"))
    for item in listed(event.get("Object")):
        attributes += listed(item.get("Attribute")) if isinstance(item, dict) else []
    for part in in_parts(attributes):
        found = Imported()
        for attribute in part:
            if isinstance(attribute, dict):
                _misp_attribute(attribute, this, found)
        yield found


def _misp_attribute(attribute: Mapping[str, Any], base: Indicator, found: Imported) -> None:
    kinds = _MISP_COMPOSITES.get(str(attribute.get("type")), str(attribute.get("type"))).split("|")
    value = str(attribute.get("value", ""))
    if attribute.get("to_ids") is False:
        found.refuse(value, "not meant for detection by its source (to_ids is false)")
        return
    base = replace(base, valid_from=_last_told(attribute) or base.valid_from)
    if own := strictest_tag(_tags(attribute)):
        base = replace(base, tlp=own)
    parts = value.split("|") if len(kinds) > 1 else [value]
    if kinds[0] == "filename" and len(kinds) == len(parts) == 2:
        # The digest says it all; the name alone would match other files.
        base = replace(base, description=f"{base.description} ({parts[0][:100]})".strip())
        kinds, parts = kinds[1:], parts[1:]
    for kind, part in zip(kinds, parts, strict=False):
        if kind in _MISP_TYPES:
            found.add(base, _MISP_TYPES[kind], part)
        elif kind not in _MISP_COMPANIONS:
            found.refuse(value, f"MISP attribute type {kind} is not matched")


def _tags(item: Mapping[str, Any]) -> tuple[str, ...]:
    tags = (tag.get("name") for tag in listed(item.get("Tag")) if isinstance(tag, dict))
    return tuple(str(name) for name in tags if name)


def _last_told(attribute: Mapping[str, Any]) -> int:
    """Return when a MISP attribute was last seen or changed, µs since 1970 UTC; 0 if unsaid."""
    seen = moment(attribute.get("last_seen")) or moment(attribute.get("first_seen"))
    stamp = str(attribute.get("timestamp", ""))
    return seen or (int(stamp) * 1_000_000 if stamp.isdecimal() and len(stamp) <= 10 else 0)


_MISP_TYPES: dict[str, IndicatorType | None] = {
    **dict.fromkeys(("ip-src", "ip-dst", "ip"), None),
    **dict.fromkeys(("domain", "hostname"), IndicatorType.DOMAIN),
    **dict.fromkeys(("url", "uri"), IndicatorType.URL),
    **dict.fromkeys(("md5", "sha1", "sha224", "sha256", "sha384", "sha512"), IndicatorType.HASH),
    **dict.fromkeys(("imphash", "ja3-fingerprint-md5"), IndicatorType.HASH),
    **dict.fromkeys(("x509-fingerprint-sha1", "x509-fingerprint-sha256"), IndicatorType.HASH),
    **dict.fromkeys(
        ("email", "email-src", "email-dst", "email-reply-to", "whois-registrant-email"),
        IndicatorType.MAIL,
    ),
    **dict.fromkeys(("filename", "email-attachment"), IndicatorType.FILE_NAME),
}
_MISP_COMPOSITES = {"malware-sample": "filename|md5", "attachment": "filename"}
_MISP_COMPANIONS = frozenset({"port", "size-in-bytes", "text", "comment"})
