"""``noroshi drill list|lint|import-flow``: scenarios to play, and whether they can be played."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.drill.folder import begin, located, said
from noroshi.app.cli.options import Home, Json, LangOption
from noroshi.drill.scenario.flow import read_flow
from noroshi.drill.scenario.lint import SEEDS, Problem
from noroshi.drill.scenario.lint import lint as lint_scenario
from noroshi.drill.scenario.outline import outline
from noroshi.drill.scenario.schema import ScenarioOf
from noroshi.drill.scenario.shelf import added, scenarios
from noroshi.drill.steps import library

BROKEN = 1


class Course(StrEnum):
    """For whom a scenario is."""

    A = "A"
    B = "B"
    C = "C"


BUILT_IN = "noroshi-scenarios"


def register(part: typer.Typer) -> None:
    """Add the commands."""
    part.command("list", epilog="Example: noroshi drill list --lang ja")(list_scenarios)
    part.command("lint", epilog="Example: noroshi drill lint ./ours.yaml")(lint)
    part.command("import-flow", epilog="Example: noroshi drill import-flow ./incident.afb")(
        import_flow
    )


def list_scenarios(
    course: Annotated[Course | None, typer.Option("--course", help="Only of this course.")] = None,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """List the scenarios that can be played."""
    this = begin(lang, as_json=as_json, home=home)
    known = [(each, BUILT_IN) for each in scenarios().values()]
    for found in added(this.workspace.packs.list()):
        if found.scenario:
            known.append((found.scenario, found.pack))
        else:
            this.out.warn("Not listed: {error}", error=found.problem)
    known = [row for row in known if course is None or row[0].course == course]
    if as_json:
        this.out.json([_listed(each, pack) for each, pack in known])
        return
    rows = (
        (each.name, each.course, f"{each.hours:g}", str(len(each.steps)),
         each.title.both()[this.out.language])
        for each, _ in known
    )  # fmt: skip
    this.out.table(["Name", "Course", "Hours", "Steps", "Title"], rows)
    this.out.say("Courses: A beginners, half a day; B a day; C for those who know the trade.")


def _listed(each: ScenarioOf, pack: str) -> dict[str, Any]:
    return {
        "name": each.name,
        "title": each.title.both(),
        "course": each.course,
        "hours": each.hours,
        "levels": sorted(each.levels),
        "steps": len(each.steps),
        "techniques": sorted({library()[s.use].technique for s in each.steps.values()
                              if s.use in library()}),
        "pack": pack,
    }  # fmt: skip


def lint(
    scenario: Annotated[str, typer.Argument(help="Name or file of a scenario, or: all.")],
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=20, help="How many seeds.")] = len(
        SEEDS
    ),
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> int:
    """Try whether scenarios can be played, in every level and under several seeds."""
    this = begin(lang, as_json=as_json, home=home)
    names = list(scenarios()) if scenario == "all" else [scenario]
    found: dict[str, list[Problem]] = {}
    for name in names:
        found[name] = lint_scenario(located(this, name), range(1, seeds + 1))
        if as_json:
            continue
        for problem in found[name]:
            what = said(problem.what, this.out.language)
            this.out.warn("{name}: {rule}: {where}: {what}", name=name, rule=problem.rule,
                          where=problem.where, what=what)  # fmt: skip
        if not found[name]:
            this.out.say("{name}: can be played.", name=name)
    if as_json:
        this.out.json(
            {
                name: [
                    {"rule": p.rule, "where": p.where, "what": said(p.what, this.out.language)}
                    for p in problems
                ]
                for name, problems in found.items()
            }
        )
    return BROKEN if any(found.values()) else 0


def import_flow(
    file: Annotated[Path, typer.Argument(help="Attack Flow: .afb or STIX .json.", dir_okay=False)],
    out: Annotated[
        Path | None, typer.Option("--out", help="Scenario file to write, .yaml.", dir_okay=False)
    ] = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Make a scenario of an Attack Flow; what the library has no step for is named."""
    this = begin(lang, as_json=as_json)
    flow = read_flow(file)
    made = outline(flow)
    if out:
        out.write_text(made.text, "utf-8")
    if as_json:
        this.out.json(
            {
                "name": flow.name,
                "actions": len(flow.actions),
                "playable": made.playable,
                "added": list(made.added),
                "unplayable": [{"name": a.name, "technique": a.technique} for a in made.left],
                "scenario": made.text,
            }
        )
        return
    this.out.say(
        "{name}: {playable} of {all} actions can be played, {added} steps were added before them.",
        name=flow.name, playable=made.playable, all=len(flow.actions), added=len(made.added),
    )  # fmt: skip
    for action in made.left:
        this.out.say("No step for: {name} ({technique})", name=action.name,
                     technique=action.technique or "–")  # fmt: skip
    if out:
        this.out.say("Scenario: {path}", path=str(out))
