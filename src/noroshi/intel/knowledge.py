"""The knowledge store: SQLite by default, PostgreSQL by URL, migrated when it is opened.

Writers take turns on both: a write transaction holds the whole store from its first statement
(SQLite ``BEGIN IMMEDIATE``, PostgreSQL a transaction-level advisory lock), so that "read what is
there, decide, write" needs no further care. Readers never wait.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from noroshi.intel.errors import IntelError
from noroshi.intel.schema import SchemaError, current, newest, upgrade

BUSY_SECONDS = 60
"""How long a SQLite writer waits for its turn."""

_WRITER_CACHE = 64 << 20
"""Bytes of pages that a SQLite writer keeps: a batch of objects changes some 40 MB of them, and
what does not fit is written and read again within one transaction. Readers keep SQLite's 2 MB."""

_CHECKPOINT = 8_000
"""Pages (of 4 KB) in the write-ahead log from which on they are moved into the file: pages that
several batches change are then moved once."""

_WRITERS = 0x4E4F524F
"""PostgreSQL advisory lock that writers hold."""


class KnowledgeError(IntelError):
    """The knowledge store cannot be opened or used."""


class Knowledge:
    """An open knowledge store.

    Args:
        location: path of a SQLite file (made if missing), or a ``postgresql://`` URL.

    Raises:
        KnowledgeError: the store cannot be opened, or a newer Noroshi has written it.
    """

    def __init__(self, location: str | Path) -> None:
        self._url = _url(location)
        # Neither the password nor what follows the question mark, where one may stand, too.
        self.name = self._url.set(query={}).render_as_string(hide_password=True)
        self.engine = self._engine()
        # A server is told, even by a command that simply ends, and nothing warns of open sockets.
        weakref.finalize(self, self.engine.dispose)
        try:
            self._migrate()
        except (DBAPIError, OSError) as error:
            self.engine.dispose()
            raise KnowledgeError(f"cannot open the knowledge store {self.name}: {error}") from error
        except SchemaError as error:
            self.engine.dispose()
            raise KnowledgeError(f"{self.name}: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one consistent state."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection that may write and that no other writer runs beside.

        Commits at the end of the block; an exception leaves the store as it was.

        Raises:
            KnowledgeError: another writer held the store for longer than ``BUSY_SECONDS``.
        """
        with self.engine.connect() as connection:
            connection.execution_options(noroshi_write=True)
            if connection.dialect.name == "postgresql":
                # A snapshot taken before the wait for the lock would be stale after it.
                connection.execution_options(isolation_level="READ COMMITTED")
            try:
                transaction = connection.begin()
            except DBAPIError as error:
                raise KnowledgeError(
                    f"{self.name} is busy: another process is writing; try again ({error.orig})"
                ) from error
            with transaction:
                if connection.dialect.name == "postgresql":
                    connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS}
                    )
                yield connection

    def _engine(self) -> Engine:
        try:
            if self._url.get_backend_name() == "postgresql":
                return create_engine(
                    self._url, pool_pre_ping=True, isolation_level="REPEATABLE READ"
                )
            if self._url.database and self._url.database != ":memory:":
                Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(self._url, connect_args={"timeout": BUSY_SECONDS})
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise KnowledgeError(
                f"{self.name}: the database driver is missing ({error}); install Noroshi with its "
                "'postgresql' extra"
            ) from error
        except OSError as error:
            raise KnowledgeError(f"cannot make the folder of {self.name}: {error}") from error
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _migrate(self) -> None:
        with self.read() as connection:
            if current(connection) == newest():
                return
        with self.write() as connection:
            upgrade(connection)


def _url(location: str | Path) -> URL:
    """Return the database URL of a path or URL.

    Raises:
        KnowledgeError: the URL is malformed or names a database that is not supported.
    """
    if isinstance(location, Path) or "://" not in location:
        return URL.create("sqlite", database=str(location))
    try:
        url = make_url(location.strip())
    except (ArgumentError, ValueError) as error:
        # What was given is not shown: a password may stand anywhere in it.
        raise KnowledgeError(
            "not a database URL; it looks like postgresql://user@host:5432/database "
            "(write @ : / in a password as %40 %3A %2F)"
        ) from error
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise KnowledgeError(
            f"{url.get_backend_name()} is not supported; give a file path or a postgresql:// URL"
        )
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _set_up_sqlite(connection: DBAPIConnection, _: object) -> None:
    """Make one new SQLite connection safe to share a file with other processes.

    Source: sqlite.org, "Pragma statements" and "Write-Ahead Logging".
    """
    connection.isolation_level = None  # transactions begin where _begin_sqlite says
    cursor = connection.cursor()
    pragmas = ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL",
               f"wal_autocheckpoint={_CHECKPOINT}")  # fmt: skip
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("noroshi_write", False)
    if writes:
        connection.exec_driver_sql(f"PRAGMA cache_size=-{_WRITER_CACHE >> 10}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
