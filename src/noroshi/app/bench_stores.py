"""How large a store is at rest, for benchmarks."""

from __future__ import annotations

from pathlib import Path

from noroshi.intel.knowledge import Knowledge


def bytes_of(knowledge: Knowledge, folder: Path) -> int:
    """Return the bytes of a database, or of the files in the folder of one on SQLite."""
    if knowledge.engine.dialect.name == "postgresql":
        with knowledge.read() as connection:
            found = connection.exec_driver_sql("SELECT pg_database_size(current_database())")
            return int(found.scalar_one())
    return sum(path.stat().st_size for path in folder.iterdir())
