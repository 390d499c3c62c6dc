"""What the object store knows of vulnerabilities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from noroshi.intel.flaws.fact import Fact, fact_in, vulnerability
from noroshi.intel.objects import Clearance, ObjectStore
from noroshi.intel.objects.gate import Gate
from noroshi.intel.objects.keys import keys_of_any_kind
from noroshi.intel.objects.tables import ADDITIONS, ARTEFACTS, OBJECTS, REFERENCES

_AT_ONCE = 500


def facts_of(
    store: ObjectStore, cves: Iterable[str], clearance: Clearance
) -> dict[str, list[Fact]]:
    """Return what is said of some vulnerabilities to a reader, by CVE id, in order of source."""
    wanted = sorted(set(cves))
    found: dict[str, list[Fact]] = defaultdict(list)
    with store.knowledge.read() as connection:
        gate = Gate(connection, clearance)
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            notes = _notes(connection, _vulnerabilities(connection, part))
            shown = gate.lasts([note for note, _ in notes])
            sources = dict(notes)
            for note, item in shown.items():
                fact = fact_in(item, sources[note])
                if fact is not None and fact.cve in wanted:
                    found[fact.cve].append(fact)
    return {cve: sorted(found[cve], key=lambda fact: fact.source) for cve in found}


def facts_about(store: ObjectStore, cve: str, clearance: Clearance) -> list[Fact]:
    """Return what is said of one vulnerability."""
    return facts_of(store, (cve,), clearance).get(cve, [])


def _vulnerabilities(connection: sa.Connection, cves: list[str]) -> list[str]:
    """Return the ids of the objects that stand for some CVE ids, ours and others'."""
    query = (
        sa.select(OBJECTS.c.id, OBJECTS.c.type)
        .join(ARTEFACTS, ARTEFACTS.c.object == OBJECTS.c.number)
        .where(ARTEFACTS.c.key.in_(keys_of_any_kind(cve.casefold() for cve in cves)))
        .where(OBJECTS.c.last.is_(True))
    )
    # Types are told apart here: asked for them, SQLite goes through all vulnerabilities there are.
    others = (row.id for row in connection.execute(query) if row.type == "vulnerability")
    return sorted({*(str(vulnerability(cve)["id"]) for cve in cves), *others})


def _notes(connection: sa.Connection, ids: list[str]) -> list[tuple[str, str]]:
    """Return id and source of the notes beside some objects."""
    query = (
        sa.select(OBJECTS.c.id, ADDITIONS.c.source)
        .select_from(
            REFERENCES.join(OBJECTS, OBJECTS.c.number == REFERENCES.c.object).join(
                ADDITIONS, ADDITIONS.c.number == OBJECTS.c.addition
            )
        )
        .where(REFERENCES.c.target.in_(ids))
        .where(OBJECTS.c.type == "note")
        .where(OBJECTS.c.last.is_(True))
    )
    return [(row.id, row.source) for row in connection.execute(query)]
