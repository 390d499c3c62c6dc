"""``noroshi docs``: reference pages written from the code, so that they cannot go stale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.cli.options import LangOption, call
from noroshi.model import EVENT_CLASSES, EventClass


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("docs", hidden=True)(docs)


def docs(
    folder: Annotated[Path, typer.Option("--folder", help="Where the pages go.")] = Path("docs"),
    lang: LangOption = None,
) -> None:
    """Write the reference of event classes and columns."""
    this = call(None, lang, as_json=False)
    page = folder / "columns.md"
    page.write_text("\n".join(column_reference()) + "\n", encoding="utf-8")
    this.out.say("Wrote {path}", path=str(page))


def column_reference() -> Iterator[str]:
    """Yield the lines of the column reference."""
    yield "# Event classes and their columns"
    yield ""
    yield "Written by `make docs` from `src/noroshi/model`. Every table also has `native`, the"
    yield "source record's own fields; ask for one with `native['CommandLine']`."
    for event_class in EVENT_CLASSES.values():
        yield from _class(event_class)


def _class(event_class: EventClass) -> Iterator[str]:
    yield ""
    yield f"## {event_class.name}"
    yield ""
    yield f"OCSF {event_class.uid}, {event_class.caption}."
    yield ""
    yield "| column | type | OCSF | meaning |"
    yield "|---|---|---|---|"
    for column in event_class.columns:
        doc = column.doc.replace("|", "\\|")
        yield f"| `{column.name}` | {column.kind.value} | {column.path} | {doc} |"
