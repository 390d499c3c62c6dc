"""SQL of pages: TAXII's filters over the whole store or one collection."""

from __future__ import annotations

import sqlalchemy as sa

from noroshi.intel.objects import clock
from noroshi.intel.objects.markings import Clearance
from noroshi.intel.objects.record import Match
from noroshi.intel.objects.tables import ENTRIES, OBJECTS

_NEXT = {
    table: sa.select(table.c.number, table.c.date_added)
    .where(table.c.number >= sa.bindparam("number"))
    .order_by(table.c.number)
    .limit(1)
    for table in (OBJECTS, ENTRIES)
}


def last_until(connection: sa.Connection, collection: str, date: int) -> int:
    """Return a number that all that was added until a date has at most, and all later exceeds.

    Dates never fall where numbers grow, so the place is found by halving: an index on dates would
    cost every entry, and to pass over the dates of all before it every page.
    """
    order = _order(collection)
    low = 0
    high = int(connection.execute(sa.select(sa.func.max(order.c.number))).scalar() or 0)
    while low < high:
        middle = (low + high + 1) // 2
        row = connection.execute(_NEXT[order], {"number": middle}).one()
        if row.date_added > date:
            high = middle - 1
        else:
            low = row.number
    return low


def _order(collection: str) -> sa.Table:
    """Return the table whose numbers pages go by."""
    return ENTRIES if collection else OBJECTS


def page_query(
    clearance: Clearance,
    collection: str,
    match: Match,
    after: int,
    limit: int,
) -> sa.Select[tuple[object, ...]]:
    """Return the query of the next rows: number, date_added, id, moment, spec, body.

    The rows still have to pass the markings; the level kept beside each only spares reading what
    cannot pass.
    """
    order = _order(collection)
    if collection:
        joined = ENTRIES.join(OBJECTS, OBJECTS.c.number == ENTRIES.c.object)
        query = _columns(order).select_from(joined).where(ENTRIES.c.collection == collection)
    else:
        query = _columns(order).select_from(OBJECTS)
    query = query.where(order.c.number > after).order_by(order.c.number).limit(limit)
    if not clearance.markings:
        query = query.where(OBJECTS.c.tlp <= int(clearance.tlp))
    if match.ids:
        query = query.where(OBJECTS.c.id.in_(match.ids))
    if match.types:
        query = query.where(OBJECTS.c.type.in_(match.types))
    if match.spec_versions:
        query = query.where(OBJECTS.c.spec.in_(match.spec_versions))
    return _versions(query, order, match)


def _columns(order: sa.Table) -> sa.Select[tuple[object, ...]]:
    columns = (order.c.number, order.c.date_added)
    return sa.select(*columns, *(OBJECTS.c[name] for name in ("id", "moment", "spec", "body")))


def _versions(
    query: sa.Select[tuple[object, ...]], order: sa.Table, match: Match
) -> sa.Select[tuple[object, ...]]:
    versions = match.versions
    if "all" in versions:
        return query
    wanted: list[sa.ColumnElement[bool]] = []
    if "last" in versions or not versions:
        wanted.append(_end(order, "last", match.spec_versions))
    if "first" in versions:
        wanted.append(_end(order, "first", match.spec_versions))
    moments = [clock.parse(word) for word in versions if word not in ("first", "last")]
    exact = [moment for moment in moments if moment is not None]
    if exact:
        wanted.append(OBJECTS.c.moment.in_(exact))
    return query.where(sa.or_(*wanted) if wanted else sa.false())


def _end(order: sa.Table, flag: str, specs: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Return the condition of an object's first or last version, among those of some specs."""
    if not specs:
        return order.c[flag].is_(True)
    other, place = OBJECTS.alias(), ENTRIES.alias()
    farther = other.c.moment > OBJECTS.c.moment
    query = sa.select(sa.literal(1)).where(other.c.id == OBJECTS.c.id, other.c.spec.in_(specs))
    if order is ENTRIES:
        query = query.where(
            place.c.object == other.c.number, place.c.collection == ENTRIES.c.collection
        )
    if flag == "first":
        farther = other.c.moment < OBJECTS.c.moment
    return ~query.where(farther).correlate(OBJECTS, ENTRIES).exists()
