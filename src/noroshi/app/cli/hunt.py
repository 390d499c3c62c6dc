"""``noroshi hunt``: read-only SQL over the events."""

from __future__ import annotations

from typing import Annotated

import typer

from noroshi.app.cli.options import Home, Json, LangOption, call
from noroshi.lake import TABLES
from noroshi.lake.hunt import hunt as run_hunt


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "hunt",
        epilog='Example: noroshi hunt "select device_hostname, count(*) from process_activity '
        'group by 1 order by 2 desc". Tables: noroshi lake stats. Native fields: '
        "native['CommandLine'].",
    )(hunt)


def hunt(
    sql: Annotated[str, typer.Argument(help="One SELECT statement.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="Rows a page.")] = 100,
    page: Annotated[int, typer.Option("--page", min=1, help="Which page.")] = 1,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds before it is stopped.")
    ] = 60.0,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Ask the lake in SQL. Reads only; no files, no network, no settings."""
    this = call(home, lang, as_json=as_json)
    lake = this.workspace.lake
    files = {name: lake.files(name) for name in TABLES}
    rows = run_hunt(files, sql, limit=limit, offset=(page - 1) * limit, timeout=timeout)
    if as_json:
        this.out.json({"columns": rows.column_names, "rows": rows.to_pylist(), "page": page})
        return
    this.out.table(rows.column_names, ([*row.values()] for row in rows.to_pylist()))
    if rows.num_rows == limit:
        this.out.say("Next page: --page {page}", page=page + 1)
