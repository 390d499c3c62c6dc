"""One hunting statement against views, in this process; run by :mod:`noroshi.lake.hunt`.

The statement runs in an in-memory DuckDB of its own. The views are made first; then the file
system and the network are shut but for the lake's own files, and the configuration is locked, so
that no statement can open them again.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import threading
from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from noroshi.lake.engine.duckdb_engine import glob_escaped, select, settings, text_list
from noroshi.lake.engine.parquet_list import EmptyFiles
from noroshi.lake.errors import HuntError
from noroshi.lake.tables import TABLES

MAX_SQL_CHARACTERS = 100_000
MAX_RESULT_BYTES = 256 * 1_048_576
BATCH_ROWS = 2_048
_PROCESS_MIB = 2_048
"""Address space that Python, Arrow and DuckDB's own code and threads take before any data."""
_STATEMENT = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/|\()*(select|with)\b", re.I | re.S)
_POSITION = re.compile(r"\n\nLINE (\d+): ([^\n]*)\n( *)\^")


def query(
    tables: Mapping[str, Sequence[str]],
    sql: str,
    *,
    limit: int,
    offset: int,
    timeout: float,
    memory_mib: int,
) -> pa.Table:
    """Answer one SELECT; see :func:`noroshi.lake.hunt.hunt`."""
    empty = EmptyFiles()
    try:
        with duckdb.connect(config=settings(f"{memory_mib}MiB", empty.folder)) as connection:
            _make_views(connection, tables, empty)
            statement = _only_select(connection, sql)
            return _answer(connection, statement, limit, offset, timeout)
    finally:
        empty.close()


def _make_views(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[str]], empty: EmptyFiles
) -> None:
    files = [file for some in tables.values() for file in some]
    allowed = [*files, *(glob_escaped(file) for file in files)]
    connection.execute(f"SET allowed_paths={text_list(allowed)}")
    connection.execute(f"SET allowed_directories={text_list([str(empty.folder)])}")
    for name, some in tables.items():
        if name not in TABLES:
            raise HuntError(f"no table {name!r}; there are {', '.join(TABLES)}")
        connection.execute(f'CREATE VIEW "{name}" AS {select(some, TABLES[name], empty)}')
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")


def _only_select(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    if len(sql) > MAX_SQL_CHARACTERS:
        raise HuntError(f"the statement has more than {MAX_SQL_CHARACTERS} characters")
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise HuntError(_explained(error)) from error
    if len(statements) != 1:
        raise HuntError(f"exactly one statement is allowed, these are {len(statements)}")
    found = statements[0]
    if found.type != duckdb.StatementType.SELECT or not _STATEMENT.match(found.query):
        kind = found.query.split(maxsplit=1)[0][:20].upper()
        raise HuntError(f"line 1, column 1: only SELECT and WITH are allowed, not {kind}")
    return _without_semicolon(connection, str(found.query))


def _without_semicolon(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Return the statement without a closing semicolon and the comments after it."""
    body, sign, rest = sql.rpartition(";")
    try:
        closes = bool(sign) and not connection.extract_statements(rest)
        return body if closes and connection.extract_statements(body) else sql
    except duckdb.Error:
        return sql


def _answer(
    connection: duckdb.DuckDBPyConnection, sql: str, limit: int, offset: int, timeout: float
) -> pa.Table:
    watch = threading.Timer(timeout, connection.interrupt)
    watch.start()
    try:
        # Planned once by itself: errors then name positions in the statement as it was written.
        connection.execute(f"EXPLAIN\n{sql}")
        relation = connection.sql(sql).limit(limit, offset)
        return _bounded(relation.to_arrow_reader(BATCH_ROWS))
    except duckdb.InterruptException as error:
        raise HuntError(
            f"stopped after {timeout:g} seconds; narrow the days or give more time"
        ) from error
    except (duckdb.Error, pa.ArrowException) as error:
        raise HuntError(_explained(error, lines_before=1)) from error
    finally:
        watch.cancel()


def _bounded(reader: pa.RecordBatchReader) -> pa.Table:
    batches, size = [], 0
    for batch in reader:
        size += batch.nbytes
        if size > MAX_RESULT_BYTES:
            raise HuntError(
                f"the answer has more than {MAX_RESULT_BYTES >> 20} MiB; ask for fewer columns "
                "or rows"
            )
        batches.append(batch)
    return pa.Table.from_batches(batches, reader.schema)


def _explained(error: Exception, lines_before: int = 0) -> str:
    """Return DuckDB's words with line and column in front instead of its drawing."""
    text = str(error)
    found = _POSITION.search(text)
    if found is None:
        return text.strip()
    line = int(found[1]) - lines_before
    column = len(found[3]) - len(f"LINE {found[1]}: ") + 1
    return f"line {line}, column {column}: {text[: found.start()].strip()}"


def main() -> None:
    """Answer the request on standard input: an Arrow stream out, or the error's words."""
    request = json.load(sys.stdin)
    room = (request["memory_mib"] + _PROCESS_MIB) * 1_048_576
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    try:
        table = query(**request)
    except HuntError as error:
        sys.exit(str(error))
    except MemoryError:
        sys.exit("Out of Memory: the query needs more than it is given")
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as writer:
        writer.write_table(table)


if __name__ == "__main__":
    main()
