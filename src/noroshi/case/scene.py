"""The machines on which things happened, as opposed to those that only saw them pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from noroshi.model import Finding

_PASSING = frozenset(
    [
        "network_activity",
        "tls_activity",
        "http_activity",
        "dns_activity",
        "email_activity",
        "scan_activity",
        "detection_finding",
        "file_transfer",
    ]
)
"""Event classes that firewalls, proxies, name servers and mail gateways write about others."""


def scene(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the machines concerned, most findings first.

    A proxy that logged a visit is no machine concerned; unless the findings know of no other.
    """
    return most_often(h for f in findings if not _is_passing(f) for h in f.hosts) or most_often(
        host for item in findings for host in item.hosts
    )


def most_often(names: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct names, the most frequent first, equals by name."""
    counts = Counter(names)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _is_passing(finding: Finding) -> bool:
    return bool(finding.evidence) and all(e.class_name in _PASSING for e in finding.evidence)
