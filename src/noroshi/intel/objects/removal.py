"""Taking objects out again, and saying anew which version is the first and the last."""

from __future__ import annotations

import sqlalchemy as sa

from noroshi.intel.objects.artefacts import artefacts
from noroshi.intel.objects.gate import parts
from noroshi.intel.objects.keys import artefact_key
from noroshi.intel.objects.packing import unpack
from noroshi.intel.objects.references import references
from noroshi.intel.objects.tables import ARTEFACTS, ENTRIES, OBJECTS, REFERENCES


def remove_objects(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    """Remove versions from the store with all that hangs on them; return how many."""
    rows = connection.execute(sa.select(OBJECTS.c.number, OBJECTS.c.id).where(which)).all()
    for row in rows:
        remove_entries(connection, ENTRIES.c.object == row.number)
        _remove_keys(connection, row.number)
        connection.execute(OBJECTS.delete().where(OBJECTS.c.number == row.number))
    for object_id in {row.id for row in rows}:
        left = sa.select(OBJECTS.c.number, OBJECTS.c.moment).where(OBJECTS.c.id == object_id)
        _flag(connection, OBJECTS, [(row.number, row.moment) for row in connection.execute(left)])
    return len(rows)


def _remove_keys(connection: sa.Connection, number: int) -> None:
    """Remove what a version is found by: those tables lie in the order of what is asked for."""
    query = sa.select(OBJECTS.c.body).where(OBJECTS.c.number == number)
    item = unpack(connection.execute(query).scalar_one())
    targets = {target for _, target in references(item)}
    keys = {artefact_key(*pair) for pair in artefacts(item)}
    for some in parts(targets):
        held = REFERENCES.c.target.in_(some) & (REFERENCES.c.object == number)
        connection.execute(REFERENCES.delete().where(held))
    for part in parts(keys):
        held = ARTEFACTS.c.key.in_(part) & (ARTEFACTS.c.object == number)
        connection.execute(ARTEFACTS.delete().where(held))


def remove_entries(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    """Remove versions from collections; return how many entries went."""
    columns = (ENTRIES.c.number, ENTRIES.c.collection, ENTRIES.c.id)
    rows = connection.execute(sa.select(*columns).where(which)).all()
    for row in rows:
        connection.execute(ENTRIES.delete().where(ENTRIES.c.number == row.number))
    for collection, object_id in {(row.collection, row.id) for row in rows}:
        left = (
            sa.select(ENTRIES.c.number, OBJECTS.c.moment)
            .select_from(ENTRIES.join(OBJECTS, OBJECTS.c.number == ENTRIES.c.object))
            .where(ENTRIES.c.collection == collection)
            .where(ENTRIES.c.id == object_id)
        )
        _flag(connection, ENTRIES, [(row.number, row.moment) for row in connection.execute(left)])
    return len(rows)


def _flag(connection: sa.Connection, table: sa.Table, rows: list[tuple[int, int]]) -> None:
    if not rows:
        return
    moments = [moment for _, moment in rows]
    for number, moment in rows:
        flags = {"first": moment == min(moments), "last": moment == max(moments)}
        connection.execute(table.update().where(table.c.number == number).values(**flags))
