"""A hosts file (hosts(5)): names that lead nowhere. It has no wildcards: sub-domains go on."""

from __future__ import annotations

from noroshi.intel.indicators import IndicatorType
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job, comments
from noroshi.share.exports.safe import host_name
from noroshi.share.exports.writing import Target


def write(job: Job, target: Target) -> None:
    """Write a line for each name."""
    with target.file("hosts") as sink:
        sink.write(comments(job.head()))
        for row in job.rows:
            if host_name(row.value):
                sink.write(f"0.0.0.0 {row.value}\n".encode())
            else:
                job.refuse(row.value)
        sink.write(comments(job.tail()))


FORMAT = Format(
    "hosts", N_("hosts file of one machine"), frozenset((IndicatorType.DOMAIN,)), write, "hosts"
)
