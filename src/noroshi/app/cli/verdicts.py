"""``noroshi indicators score|judge``."""

from __future__ import annotations

import getpass
import time
from typing import Annotated, Any

import typer

from noroshi.app.cli.options import Call, Home, Json, LangOption, call
from noroshi.app.dossier.worth import score_of
from noroshi.intel.indicators import Indicator, IndicatorType
from noroshi.intel.indicators.indicator import guessed
from noroshi.intel.life import Score, Verdict

_Value = Annotated[str, typer.Argument(help="Address, name, URL, digest, mail; defanged is fine.")]


def register(part: typer.Typer) -> None:
    """Add the commands."""
    part.command("score", epilog="Example: noroshi indicators score evil[.]example")(score_one)
    example = 'Example: noroshi indicators judge 192.0.2.7 --wrong --note "our own scanner"'
    part.command("judge", epilog=example)(judge)


def score_one(
    value: _Value, home: Home = None, lang: LangOption = None, as_json: Json = False
) -> None:
    """Say what an indicator is worth today, 0 to 100, and why."""
    this = call(home, lang, as_json=as_json)
    kind, known, said = _said(this, value)
    worth = score_of(this.workspace, kind, known, said, time.time_ns() // 1000)
    if as_json:
        this.out.json(_score_json(this, kind, known, worth))
        return
    this.out.say("{value}: worth {score} of 100", value=known, score=worth.value)
    rows = ((f"{r.points:+.1f}", this.out.message(r.message)) for r in worth.reasons)
    this.out.table(["Points", "Reason"], rows)
    if worth.ends:
        this.out.say("Nothing will be left of it on {day}.", day=this.out.time(worth.ends))


def judge(
    value: _Value,
    right: Annotated[
        bool | None,
        typer.Option("--right/--wrong", help="It was what its source says, or a false alarm."),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="How you know.")] = "",
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Judge these sources only; default: all.")
    ] = None,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Note whether an indicator was right: its sources' words count more, or less, from now on.

    A false alarm makes no findings any more; judging it right later brings them back.
    """
    if right is None:
        raise typer.BadParameter("say --right or --wrong")
    this = call(home, lang, as_json=as_json)
    kind, known, said = _said(this, value)
    named = [item.source for item in said if not source or item.source in source]
    if not named:
        have = ", ".join(item.source for item in said)
        raise typer.BadParameter(f"no such source names {known}; those that do: {have}")
    now = time.time_ns() // 1000
    this.workspace.life.judge(
        Verdict(kind, known, name, getpass.getuser(), right, note, now) for name in named
    )
    sources = this.workspace.life.sources()
    weights = {name: round(sources[name].weight, 3) for name in named}
    if as_json:
        this.out.json({"type": kind.value, "value": known, "right": right, "weights": weights})
        return
    for name, weight in weights.items():
        this.out.say(
            "{source}: its word counts {weight} % now", source=name, weight=round(weight * 100)
        )
    if not right:
        this.out.say("To take it out of findings and cases: noroshi detect")


def _said(this: Call, value: str) -> tuple[IndicatorType, str, list[Indicator]]:
    kind, known = guessed(value)
    said = this.workspace.indicators.about(kind, known)
    if not said:
        raise typer.BadParameter(
            f"nobody names {known}; import who does: noroshi indicators import FILE"
        )
    return kind, known, said


def _score_json(this: Call, kind: IndicatorType, value: str, worth: Score) -> dict[str, Any]:
    reasons = [{"points": r.points, "why": this.out.message(r.message)} for r in worth.reasons]
    return {
        "type": kind.value, "value": value, "score": worth.value, "reasons": reasons,
        "first_seen": worth.first, "last_seen": worth.last, "ends": worth.ends,
    }  # fmt: skip
