"""How Windows writes values, and what OCSF wants instead."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.collect.mapping import (
    Expression,
    Fields,
    as_expression,
    choice,
    coalesce,
    iso_time,
    per_value,
    without,
)

AUDIT_FAILURE, AUDIT_SUCCESS = 1 << 52, 1 << 53
"""Bits of ``Keywords`` in the Security log. Source: winmeta.xml of the Windows SDK."""

SEVERITY: Mapping[str, str | int | bool] = {"0": 1, "1": 5, "2": 4, "3": 3, "4": 1, "5": 1}
"""``Level`` (0 always, 1 critical, 2 error, 3 warning, 4 information, 5 verbose) -> OCSF."""

PROTOCOLS: Mapping[str, str | int | bool] = {
    "1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "58": "icmpv6",
}  # fmt: skip
"""IANA protocol numbers that the Windows Filtering Platform logs in practice."""

INTEGRITY: Mapping[str, str | int | bool] = {
    "S-1-16-0": "Untrusted",
    "S-1-16-4096": "Low",
    "S-1-16-8192": "Medium",
    "S-1-16-8448": "Medium Plus",
    "S-1-16-12288": "High",
    "S-1-16-16384": "System",
    "S-1-16-20480": "Protected Process",
}
"""Mandatory labels. Source: [MS-DTYP] 2.4.2.4, well-known SIDs."""

DNS_STATUS: Mapping[str, str | int | bool] = {
    "0": "NOERROR",
    "9001": "FORMERR",
    "9002": "SERVFAIL",
    "9003": "NXDOMAIN",
    "9004": "NOTIMP",
    "9005": "REFUSED",
    "9501": "NOERROR",
}
"""Win32 DNS error codes -> response codes; 9501 is "no records of that type"."""

DNS_TYPES: Mapping[str, str | int | bool] = {
    "1": "A", "2": "NS", "5": "CNAME", "6": "SOA", "12": "PTR", "15": "MX", "16": "TXT",
    "28": "AAAA", "33": "SRV", "64": "SVCB", "65": "HTTPS", "255": "ANY",
}  # fmt: skip
"""IANA resource record types."""

_HIVES = (
    ("\\REGISTRY\\MACHINE", "HKLM"),
    ("\\REGISTRY\\USER", "HKU"),
)


def event_time(fields: Fields) -> pa.Array:
    """When the event was written by its own record; Sysmon's ``UtcTime`` where that is missing."""
    created: pa.Array = iso_time("TimeCreated")(fields)
    if not created.null_count:
        return created
    return pc.coalesce(created, iso_time("UtcTime")(fields))


def present(source: Expression | str) -> Expression:
    """The text unless it is one of Windows' words for "nothing"."""
    return without(source, "", "-", "%%1793", "(null)", "NULL SID", "S-1-0-0")


def first_present(*sources: Expression | str) -> Expression:
    """The first field that says something."""
    return coalesce(*(present(source) for source in sources))


def protocol(source: Expression | str) -> Expression:
    """Protocol number as its name; other numbers as they are."""
    return coalesce(choice(source, PROTOCOLS), source)


def address(source: Expression | str) -> Expression:
    """An address without the IPv4-mapped prefix of Kerberos events; null for ``LOCAL``."""
    return per_value(
        lambda text: text.removeprefix("::ffff:") or None, without(source, "", "-", "LOCAL")
    )


def registry_path(source: Expression | str) -> Expression:
    r"""``\REGISTRY\MACHINE\…`` as ``HKLM\…``."""
    return per_value(_registry_path, source)


def joined_path(key: Expression | str, name: Expression | str) -> Expression:
    """Registry key and value name as one path; the key alone where there is no name."""
    key_of, name_of = as_expression(key), as_expression(name)

    def run(fields: Fields) -> pa.Array:
        keys = key_of(fields)
        return pc.coalesce(pc.binary_join_element_wise(keys, name_of(fields), "\\"), keys)

    return run


def listed(source: Expression | str, separator: str) -> Expression:
    """A text of several values as a list."""
    return per_value(
        lambda text: [item.strip() for item in text.split(separator) if item.strip()] or None,
        source,
        pa.list_(pa.string()),
    )


def audit_status() -> Expression:
    """OCSF status out of the ``Keywords`` of the Security log."""
    return per_value(_audit_status, "Keywords", pa.int64())


def task_command(source: Expression | str) -> Expression:
    """What a scheduled task runs, out of its XML."""
    return per_value(_task_command, source)


def header(name: str, source: Expression | str) -> Expression:
    """One ``name=value`` line of the text that classic PowerShell events carry."""
    pattern = re.compile(rf"^\s*{re.escape(name)}\s*=[ \t]*([^\r\n]*)", re.MULTILINE)

    def find(text: str) -> str | None:
        found = pattern.search(text)
        return found.group(1).strip() or None if found else None

    return per_value(find, source)


def any_value(name: str) -> Expression:
    """All values of a field as one text, one a line."""

    def run(fields: Fields) -> pa.Array:
        return pc.binary_join(fields.texts(name), "\n")

    return run


def _registry_path(text: str) -> str:
    for prefix, hive in _HIVES:
        if text[: len(prefix)].upper() == prefix:
            return hive + text[len(prefix) :]
    return text


def _audit_status(text: str) -> int:
    if len(text) > 20:
        raise ValueError("too long")
    bits = int(text, 16)
    return 1 if bits & AUDIT_SUCCESS else 2 if bits & AUDIT_FAILURE else 0


_COMMAND = re.compile(r"<Command>([^<]*)</Command>")
_ARGUMENTS = re.compile(r"<Arguments>([^<]*)</Arguments>")
_XML_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


def _task_command(text: str) -> str | None:
    parts = [found.group(1) for p in (_COMMAND, _ARGUMENTS) if (found := p.search(text))]
    command = " ".join(parts)
    for entity, character in _XML_ENTITIES:
        command = command.replace(entity, character)
    return command or None
