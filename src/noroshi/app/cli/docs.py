"""``noroshi docs``: reference pages written from the code, so that they cannot go stale."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.cli.options import LangOption, call
from noroshi.intel.packs import PackKind, builtin_packs
from noroshi.model import EVENT_CLASSES, EventClass
from noroshi.model.safe_yaml import load_yaml_documents

TITLES = Path("src/noroshi/lang/ja/rules.po")


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
    (folder / "misp.md").write_text("\n".join(misp_reference()) + "\n", encoding="utf-8")
    this.out.say("Wrote {path}", path=str(folder / "misp.md"))
    if TITLES.parent.is_dir():
        TITLES.write_text("\n".join(rule_titles()) + "\n", encoding="utf-8")
        this.out.say("Wrote {path}", path=str(TITLES))


def rule_titles() -> Iterator[str]:
    """Yield a catalogue with the Japanese titles that the built-in rules carry themselves."""
    yield 'msgid ""'
    yield 'msgstr ""'
    yield '"Content-Type: text/plain; charset=UTF-8\\n"'
    titles: dict[str, str] = {}
    for pack in builtin_packs():
        if pack.manifest.kind is PackKind.SIGMA_RULES:
            for path in pack.files(".yml", ".yaml"):
                documents = load_yaml_documents(path.read_text(encoding="utf-8"))
                titles |= {doc["title"]: doc["title_ja"] for doc in documents if "title_ja" in doc}
    for title, japanese in sorted(titles.items()):
        yield ""
        yield f"msgid {json.dumps(title, ensure_ascii=False)}"
        yield f"msgstr {json.dumps(japanese, ensure_ascii=False)}"


def misp_reference() -> Iterator[str]:
    """Yield the lines of the page on MISP; its tables are found out by making the round trips."""
    from noroshi.app.quality.misp import of_events, of_objects

    yield "# MISP: events in, events out"
    yield ""
    yield "Written by `make docs`: each verdict below is what a round trip just did."
    yield ""
    yield "```"
    yield "noroshi intel import events.json --source 'Partner CERT'"
    yield "noroshi intel export --format misp-events --tlp green -o events.json"
    yield "```"
    yield ""
    yield "One event, a list of them, or what a server answers with (`response`); the extra `misp`"
    yield "brings `misp-stix`, which converts. A report or grouping is an event with what it refers"
    yield "to; what no report holds is one event more. At most 50,000 attributes an event, 50,000"
    yield "objects an export. For values alone, with scores, there is `--format misp`, a feed, and"
    yield "`noroshi indicators import`."
    yield ""
    yield "**Markings hold.** A TLP tag of an event covers everything in it; one of an attribute,"
    yield "every object made of it; one inside a MISP object, all of that object; a TLP tag that"
    yield "nobody knows counts as TLP:RED. Going out, a marking that no attribute can bear, such as"
    yield "one of a single property or of a galaxy, is put on the event. Tightening the event's tag"
    yield "makes new versions of all that is in it."
    yield from _verdicts("MISP → store → MISP", of_events())
    yield from _verdicts("Store → MISP → store, objects that did not come from MISP", of_objects())


def _verdicts(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield "| what | verdict |"
    yield "|---|---|"
    for what, verdict in rows:
        yield f"| {what} | {verdict} |"


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
