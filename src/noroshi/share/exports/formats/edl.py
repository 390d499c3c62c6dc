"""External dynamic lists of firewalls: addresses, domains and URLs, each in a file of its own.

Source of the rules: Palo Alto Networks, PAN-OS Administrator's Guide, "Formatting Guidelines for an
External Dynamic List": one entry a line; URLs without their scheme; a host ends with a slash. No
comments are written, because not every firewall takes them.
"""

from __future__ import annotations

from contextlib import ExitStack

from noroshi.intel.indicators import IndicatorType
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job
from noroshi.share.exports.row import Row
from noroshi.share.exports.safe import host_name, split_url
from noroshi.share.exports.writing import Target

ADDRESSES, DOMAINS, URLS = "addresses.txt", "domains.txt", "urls.txt"
_WILD = frozenset("*^")
"""Characters that mean something else than themselves in a list of URLs."""


def write(job: Job, target: Target) -> None:
    """Write the three lists; one without entries is empty, so that an old one does not stay."""
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(target.file(name)) for name in (ADDRESSES, DOMAINS, URLS)
        }
        for row in job.rows:
            entry = _entry(row)
            if entry is None:
                job.refuse(row.value)
            else:
                files[entry[0]].write(f"{entry[1]}\n".encode())


def _entry(row: Row) -> tuple[str, str] | None:
    if row.kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
        return ADDRESSES, row.value
    if row.kind is IndicatorType.DOMAIN:
        return (DOMAINS, row.value) if host_name(row.value) else None
    if split_url(row.value) is None or _WILD & set(row.value):
        return None
    return URLS, row.value.partition("://")[2]


FORMAT = Format(
    "edl", N_("external dynamic lists of firewalls (folder)"),
    frozenset((IndicatorType.ADDRESS, IndicatorType.NETWORK, IndicatorType.DOMAIN,
               IndicatorType.URL)),
    write,
)  # fmt: skip
