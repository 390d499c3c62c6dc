"""Infrastructure in common: which named things lead to the same indicators and observables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from noroshi.intel.objects.gate import Gate
from noroshi.intel.objects.graph import edges, walk

INFRASTRUCTURE = frozenset(
    ("indicator", "infrastructure", "ipv4-addr", "ipv6-addr", "domain-name", "url", "email-addr",
     "file", "x509-certificate", "observed-data"),
)  # fmt: skip
"""Types that are, or stand for, something attackers run or leave. A network operator is none:
half the world is its customer."""

NAMED = frozenset(
    ("intrusion-set", "threat-actor", "malware", "campaign", "tool", "report", "incident",
     "grouping"),
)  # fmt: skip
"""Types that infrastructure is laid at the door of."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A thing that leads to the same infrastructure as another.

    Attributes:
        object: the thing, as the reader sees it.
        by: the infrastructure that both lead to.
    """

    object: dict[str, Any]
    by: tuple[dict[str, Any], ...]


def shared_infrastructure(connection: sa.Connection, gate: Gate, start: str) -> list[Shared]:
    """Return what shares infrastructure with an object, the most in common first.

    The infrastructure is what stands within two steps of it by relations, references and artefacts
    in common, such as a domain and the address it resolves to. Names and tags alike do not count.
    """
    own = walk(connection, gate, [start], 2, INFRASTRUCTURE.__contains__)
    by_id = {one.id: one.object for one in own if one.exact}
    mine = gate.last(start)
    if mine is not None and mine["type"] in INFRASTRUCTURE:
        by_id[start] = mine
    leads: dict[str, set[str]] = defaultdict(set)
    for edge in edges(connection, gate, list(by_id)):
        if edge.exact and edge.there != start:
            leads[edge.there].add(edge.here)
    things = gate.lasts(leads)
    found = [
        Shared(item, tuple(by_id[name] for name in sorted(leads[there])))
        for there, item in things.items()
        if item["type"] in NAMED and not item.get("revoked")
    ]
    return sorted(found, key=lambda one: (-len(one.by), one.object["id"]))
