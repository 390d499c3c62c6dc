"""``noroshi intel about``: what intelligence says of a machine or a case of ours."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from noroshi.app.cli.options import Home, Json, LangOption, call
from noroshi.app.cli.output import Output
from noroshi.app.dossier.known_of import KnownOf, known_of_case, known_of_host
from noroshi.app.errors import AppError
from noroshi.case import CaseError
from noroshi.intel.objects import Clearance
from noroshi.intel.objects.words import kind_word, name_of

ALL = Clearance.everything()


def register(part: typer.Typer) -> None:
    """Add the command."""
    part.command("about", epilog="Example: noroshi intel about 192.168.10.5")(about)


def about(
    subject: Annotated[str, typer.Argument(help="A machine's name or address, or a case's id.")],
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Say what intelligence knows of a machine or case of yours."""
    this = call(home, lang, as_json=as_json)
    try:
        known = known_of_case(this.workspace, subject, ALL)
    except CaseError:
        known = known_of_host(this.workspace, subject, ALL)
    if not known.looked_up and not known.findings:
        raise AppError(
            f"no event, finding or case of {subject!r}; noroshi cases lists the cases, noroshi "
            "hunt finds machines"
        )
    if as_json:
        this.out.json(_as_json(known))
        return
    _show(known, this.out)
    if not this.workspace.objects.count():
        this.out.say(
            "Nothing of the world's is known here yet: noroshi intel import FILE, noroshi feeds add"
        )


def _show(known: KnownOf, out: Output) -> None:
    out.say(
        "{subject}: {named} of {count} values are named by intelligence.",
        subject=known.subject, named=len(known.values), count=known.looked_up,
    )  # fmt: skip
    if known.values:
        rows = (
            (one.value, ", ".join(sorted({out.word(kind_word(o["type"])) for o in one.objects})),
             ", ".join(name_of(lead) for lead in one.leads[:5]), one.benign)
            for one in known.values[:50]
        )  # fmt: skip
        out.table(["Value", "Known as", "Leads to", "Harmless by list"], rows)
    if known.techniques:
        told = ", ".join(f"{name} ({count})" for name, count in known.techniques)
        out.say("Techniques of its findings: {techniques}", techniques=told)
    if known.alike:
        out.say("Groups known for several of these techniques – a hint where to read on, no proof:")
        out.table(
            ["Name", "Techniques in common", "Known for", "Weight"],
            (
                (name_of(one.object), ", ".join(one.techniques), one.known, one.weight)
                for one in known.alike
            ),
        )
    if known.cases:
        out.say("Cases ({count})", count=len(known.cases))
        cases = ((c.id[:8], round(c.score), out.plain(c.title)) for c in known.cases[:20])
        out.table(["Case", "Score", "Title"], cases)


def _as_json(known: KnownOf) -> dict[str, Any]:
    return {
        "subject": known.subject, "looked_up": known.looked_up,
        "values": [
            {"value": one.value, "objects": [item["id"] for item in one.objects],
             "leads": [{"id": lead["id"], "name": name_of(lead)} for lead in one.leads],
             "benign": one.benign}
            for one in known.values
        ],
        "techniques": [{"id": name, "findings": count} for name, count in known.techniques],
        "alike": [
            {"id": one.object["id"], "name": name_of(one.object),
             "techniques": list(one.techniques), "known": one.known, "weight": one.weight}
            for one in known.alike
        ],
        "findings": [finding.id for finding in known.findings],
        "cases": [case.id for case in known.cases],
    }  # fmt: skip
