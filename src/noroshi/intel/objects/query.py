"""SQL of pages: TAXII's filters over the whole store or one collection."""

from __future__ import annotations

import sqlalchemy as sa

from noroshi.intel.objects import clock
from noroshi.intel.objects.markings import Clearance
from noroshi.intel.objects.record import Match
from noroshi.intel.objects.tables import ENTRIES, OBJECTS


def page_query(
    clearance: Clearance,
    collection: str,
    match: Match,
    added_after: int | None,
    after: int,
    limit: int,
) -> sa.Select[tuple[object, ...]]:
    """Return the query of the next rows: number, date_added, id, version, spec, body.

    The rows still have to pass the markings; the level kept beside each only spares reading what
    cannot pass.
    """
    order = ENTRIES if collection else OBJECTS
    source = OBJECTS
    if collection:
        joined = ENTRIES.join(OBJECTS, OBJECTS.c.number == ENTRIES.c.object)
        query = _columns(order).select_from(joined).where(ENTRIES.c.collection == collection)
    else:
        query = _columns(order).select_from(source)
    query = query.where(order.c.number > after).order_by(order.c.number).limit(limit)
    if added_after is not None:
        query = query.where(order.c.date_added > added_after)
    if not clearance.markings:
        query = query.where(OBJECTS.c.tlp <= int(clearance.tlp))
    if match.ids:
        query = query.where(OBJECTS.c.id.in_(match.ids))
    if match.types:
        query = query.where(OBJECTS.c.type.in_(match.types))
    if match.spec_versions:
        query = query.where(OBJECTS.c.spec.in_(match.spec_versions))
    return _versions(query, order, match.versions)


def _columns(order: sa.Table) -> sa.Select[tuple[object, ...]]:
    columns = (order.c.number, order.c.date_added)
    return sa.select(*columns, *(OBJECTS.c[name] for name in ("id", "version", "spec", "body")))


def _versions(
    query: sa.Select[tuple[object, ...]], order: sa.Table, versions: tuple[str, ...]
) -> sa.Select[tuple[object, ...]]:
    if "all" in versions:
        return query
    wanted: list[sa.ColumnElement[bool]] = []
    if "last" in versions or not versions:
        wanted.append(order.c.last.is_(True))
    if "first" in versions:
        wanted.append(order.c.first.is_(True))
    moments = [clock.parse(word) for word in versions if word not in ("first", "last")]
    exact = [moment for moment in moments if moment is not None]
    if exact:
        wanted.append(OBJECTS.c.moment.in_(exact))
    return query.where(sa.or_(*wanted) if wanted else sa.false())
