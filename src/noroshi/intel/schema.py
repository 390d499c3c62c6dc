"""Which schema a knowledge store has, and how it gets the newest one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

_MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The store has a schema that this version does not know."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def newest() -> str:
    """Return the revision that this version of Noroshi writes."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current(connection: Connection) -> str | None:
    """Return the revision of a store; None if it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection) -> None:
    """Bring a store to the newest schema inside the connection's transaction.

    The caller holds the write lock; whoever comes second finds nothing left to do.

    Raises:
        SchemaError: the store was written by a newer version.
    """
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaError(
            f"its schema {current(connection)!r} is newer than this Noroshi ({newest()!r}); "
            "update Noroshi, or give another home folder"
        ) from error
