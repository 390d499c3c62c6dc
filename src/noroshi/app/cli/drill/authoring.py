"""``noroshi drill new|steps|from-case``: scenarios of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.drill.folder import begin, said
from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.detection import stored_findings
from noroshi.app.errors import AppError
from noroshi.drill.retell import Made, Told, from_case
from noroshi.drill.scenario.scaffold import scaffold
from noroshi.drill.steps import Tactic, library

OutFile = Annotated[
    Path | None,
    typer.Option("--out", help="Scenario file to write; NAME.yaml if left out.", dir_okay=False),
]


def register(part: typer.Typer) -> None:
    """Add the commands."""
    part.command("new", epilog="Example: noroshi drill new our-town")(new)
    part.command("steps", epilog="Example: noroshi drill steps --tactic TA0008")(steps)
    part.command("from-case", epilog="Example: noroshi drill from-case 3f2a --out ./ours.yaml")(
        make_from_case
    )


def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario: our-town.")],
    out: OutFile = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Write the beginning of a scenario of one's own, with comments in both languages."""
    this = begin(lang, as_json=as_json)
    path = write_new(out or Path(f"{name}.yaml"), scaffold(name))
    if as_json:
        this.out.json({"name": name, "scenario": str(path)})
        return
    this.out.say("Scenario: {path}", path=str(path))
    this.out.say("Next: noroshi drill lint {path}", path=str(path))


def steps(
    tactic: Annotated[str, typer.Option("--tactic", help="Only of this ATT&CK tactic.")] = "",
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """List the library's steps: what each needs, gives and leaves behind."""
    this = begin(lang, as_json=as_json)
    if tactic and tactic.upper() not in {*Tactic}:
        raise AppError(f"no tactic {tactic!r}; one of {', '.join(Tactic)}")
    found = [s for s in library().values() if not tactic or s.tactic == tactic.upper()]
    if as_json:
        this.out.json(
            [
                {
                    "step": one.id,
                    "technique": one.technique,
                    "tactic": one.tactic.value,
                    "title": said(one.title, this.out.language),
                    "needs": sorted(one.needs),
                    "gives": sorted(one.gives),
                    "leaves": list(one.leaves),
                    "harm": one.harm,
                }
                for one in found
            ]
        )
        return
    rows = (
        (one.id, one.technique, said(one.title, this.out.language), ", ".join(sorted(one.needs)),
         ", ".join(sorted(one.gives)))
        for one in found
    )  # fmt: skip
    this.out.table(["Step", "Technique", "What", "Needs", "Gives"], rows)


def make_from_case(
    case: Annotated[str, typer.Argument(help="Id of a case, or its beginning.")],
    out: OutFile = None,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Make a scenario of a case of one's own, told in an invented town."""
    this = call(home, lang, as_json=as_json)
    found = this.workspace.cases.show(case)
    mine = set(found.finding_ids)
    findings = [item for item in stored_findings(this.workspace.lake) if item.id in mine]
    made = from_case(found, findings)
    path = write_new(out or Path(f"{made.name}.yaml"), made.text)
    if as_json:
        this.out.json(_json(made, path, this))
        return
    rows = (
        (one.sighting.technique or "–", this.out.time(one.sighting.time), one.sighting.host or "–",
         str(one.sighting.count), *_played(one, made, this))
        for one in made.told
    )  # fmt: skip
    this.out.table(["Technique", "Seen", "Host", "Findings", "Played", "At", "On"], rows)
    this.out.say(
        "{played} of {seen} things seen are played; {added} steps were put in so that they can be.",
        played=sum(1 for one in made.told if one.name), seen=len(made.told), added=len(made.added),
    )  # fmt: skip
    this.out.say(
        "{count} names of the real house were looked for in the scenario; none stands in it.",
        count=made.hidden,
    )
    this.out.say("Scenario: {path}", path=str(path))
    this.out.say("Next: noroshi drill lint {path}", path=str(path))


def write_new(path: Path, text: str) -> Path:
    """Write a file that is not there yet.

    Raises:
        AppError: it is there already, or its folder is not.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise AppError(f"{path} is there already; name another with --out") from error
    except OSError as error:
        raise AppError(f"{path}: cannot be written: {error.strerror}") from error
    return path


def _played(one: Told, made: Made, this: Call) -> tuple[str, str, str]:
    """Return what became of it: the step, its time and its part; or why it is not played."""
    if one.because is not None:
        return said(one.because, this.out.language), "–", "–"
    step = one.sighting.step
    near = "" if one.sighting.exact or step is None else f" ({step.technique})"
    return f"{one.name}: {step.id if step else ''}{near}", one.at, one.on or "–"


def _json(made: Made, path: Path, this: Call) -> dict[str, Any]:
    return {
        "name": made.name,
        "scenario": str(path),
        "added": list(made.added),
        "names_looked_for": made.hidden,
        "told": [
            {
                "technique": one.sighting.technique,
                "host": one.sighting.host,
                "time": one.sighting.time,
                "findings": one.sighting.count,
                "step": one.name,
                "use": one.sighting.step.id if one.name and one.sighting.step else "",
                "exact": bool(one.name) and one.sighting.exact,
                "at": one.at,
                "on": one.on,
                "because": said(one.because, this.out.language) if one.because else "",
            }
            for one in made.told
        ],
    }
