"""Unbound: names do not exist, nor does anything below them (unbound.conf(5), ``local-zone``)."""

from __future__ import annotations

from noroshi.intel.indicators import IndicatorType
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job, comments
from noroshi.share.exports.safe import host_name
from noroshi.share.exports.writing import Target


def write(job: Job, target: Target) -> None:
    """Write a file to be included from ``unbound.conf``."""
    with target.file("noroshi.conf") as sink:
        sink.write(comments(job.head()) + b"server:\n")
        for row in job.rows:
            if host_name(row.value):
                sink.write(f'    local-zone: "{row.value}." always_nxdomain\n'.encode())
            else:
                job.refuse(row.value)
        sink.write(comments(job.tail()))


FORMAT = Format(
    "unbound", N_("Unbound, to be included"), frozenset((IndicatorType.DOMAIN,)), write,
    "noroshi.conf",
)  # fmt: skip
