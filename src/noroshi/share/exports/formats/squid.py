"""Squid: three lists and the ``acl`` lines that read them.

Source: Squid's ``acl`` directive: ``dstdomain`` with a leading dot takes in sub-domains, and a list
must not hold a name below another of its names; ``dst`` takes addresses; ``url_regex`` takes POSIX
extended expressions, one a line. Of a TLS connection Squid sees the host only, so that the URL list
works for http, and for https where Squid decrypts.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from contextlib import ExitStack
from itertools import islice
from typing import IO

import numpy as np

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.objects.bundle import Writable
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job, comments
from noroshi.share.exports.policy import Left
from noroshi.share.exports.row import Row
from noroshi.share.exports.safe import host_name, split_url
from noroshi.share.exports.writing import Target

ADDRESSES, DOMAINS, URLS, RULES = "addresses.txt", "domains.txt", "urls.txt", "noroshi.conf"
_ACL = f"""\
# Put the lists beside this file, correct the paths, and include it before other http_access lines.
acl noroshi_addresses dst "{ADDRESSES}"
acl noroshi_domains dstdomain "{DOMAINS}"
acl noroshi_urls url_regex "{URLS}"
http_access deny noroshi_addresses
http_access deny noroshi_domains
http_access deny noroshi_urls
"""
_SPECIAL = re.compile(r"[\\.^$*+?()\[\]{}|]")
_AT_ONCE = 10_000


def write(job: Job, target: Target) -> None:
    """Write the lists, then the lines that read them."""
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(target.file(name)) for name in (ADDRESSES, DOMAINS, URLS)
        }
        names = stack.enter_context(tempfile.TemporaryFile("w+", encoding="ascii"))
        for row in job.rows:
            if row.kind is IndicatorType.DOMAIN and host_name(row.value):
                names.write(f"{row.value}\n")
            elif (entry := _entry(row)) is not None:
                files[entry[0]].write(f"{entry[1]}\n".encode())
            else:
                job.refuse(row.value)
        _write_domains(job, names, files[DOMAINS])
    with target.file(RULES) as sink:
        sink.write(comments(job.head()) + _ACL.encode() + comments(job.tail()))


def _write_domains(job: Job, names: IO[str], sink: Writable) -> None:
    """Write the names that are not below another; names wait in a file, only digests in memory."""
    names.seek(0)
    known = np.unique(np.fromiter((_key(line.rstrip("\n")) for line in names), np.uint64))
    names.seek(0)
    while part := [line.rstrip("\n") for line in islice(names, _AT_ONCE)]:
        above = [(at, _key(parent)) for at, name in enumerate(part) for parent in _parents(name)]
        held = np.isin(np.array([key for _, key in above], np.uint64), known)
        covered = {at for (at, _), is_there in zip(above, held, strict=True) if is_there}
        for at, name in enumerate(part):
            if at in covered:
                job.refuse(name, Left.COVERED)
            else:
                sink.write(f".{name}\n".encode())


def _parents(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[at:]) for at in range(1, len(labels) - 1)]


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())


def _entry(row: Row) -> tuple[str, str] | None:
    if row.kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
        return ADDRESSES, row.value
    if row.kind is not IndicatorType.URL or split_url(row.value) is None:
        return None
    return URLS, f"^{_SPECIAL.sub(_escaped, row.value)}"


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


FORMAT = Format(
    "squid", N_("Squid proxy: lists and acl lines (folder)"),
    frozenset((IndicatorType.ADDRESS, IndicatorType.NETWORK, IndicatorType.DOMAIN,
               IndicatorType.URL)),
    write,
)  # fmt: skip
