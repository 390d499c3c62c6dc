"""``noroshi drill play|act|advance|status|message|template|submit``: what a team does."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.cli.drill.folder import (
    As,
    Folder,
    begin,
    exercise,
    located,
    read_text,
    show_clock,
    show_letters,
    stage,
    state_json,
)
from noroshi.app.cli.options import Call, Home, Json, LangOption, moment
from noroshi.app.errors import AppError
from noroshi.drill.action import ActionKind
from noroshi.drill.clock import JST, MINUTE, ZONE, local
from noroshi.drill.exercise.letter import Channel
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.state import State
from noroshi.drill.exercise.variants import team_seed
from noroshi.drill.grading.ask import ask
from noroshi.drill.grading.document import read_document
from noroshi.drill.grading.template import template as make_template
from noroshi.drill.review.told import act_words
from noroshi.drill.review.words import Words


def register(part: typer.Typer) -> None:
    """Add the commands."""
    part.command(
        "play", epilog="Example: noroshi drill play mail-macro --out ./exercise --team red"
    )(play)
    part.command("act", epilog="Example: noroshi drill act ./exercise isolate-host PC007")(act)
    part.command("advance", epilog="Example: noroshi drill advance ./exercise --for 30")(advance)
    part.command("status", epilog="Example: noroshi drill status ./exercise --json")(status)
    part.command(
        "message",
        epilog='Example: noroshi drill message ./exercise mayor "We are looking into it" --as ciso',
    )(message)
    part.command("template", epilog="Example: noroshi drill template ./exercise > report.md")(
        template
    )
    part.command("submit", epilog="Example: noroshi drill submit ./exercise report.md")(submit)


def play(
    scenario: Annotated[str, typer.Argument(help="Name or file of a scenario.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the exercise.", file_okay=False)],
    team: Annotated[str, typer.Option("--team", help="Team; gets a folder below --out.")] = "",
    seed: Annotated[
        int | None, typer.Option("--seed", help="Same seed and team, same exercise.")
    ] = None,
    level: Annotated[
        int, typer.Option("--level", "--difficulty", min=1, max=3, help="1 easy, 2 normal, 3 hard.")
    ] = 1,
    speed: Annotated[
        float, typer.Option("--speed", help="Simulated seconds a second; 0: by drill advance.")
    ] = 0.0,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Start an exercise: evidence up to the alarm is written, and the alarm comes in."""
    this = begin(lang, as_json=as_json, home=home)
    if team and (Path(team).name != team or team.startswith(".")):
        raise AppError(f"{team!r} cannot be a folder's name; take letters and digits")
    base = secrets.randbelow(2**31) if seed is None else seed
    where = stage()
    name = located(this, scenario)
    chosen = team_seed(where, name, base, level, team)
    folder = out / team if team else out
    state = exercise(folder).start(where.open(name, chosen, level, team), speed)
    _answer(this, folder, state, new=len(state.letters))


def act(
    folder: Folder,
    kind: Annotated[ActionKind, typer.Argument(help="What to do.")],
    target: Annotated[str, typer.Argument(help="On what: machine, account, address, party …")],
    role: As = Role.ALL,
    note: Annotated[str, typer.Option("--note", help="Why, or what was said.")] = "",
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Do something: it takes effect at once and changes what comes after."""
    this = begin(lang, as_json=as_json)
    before = len(exercise(folder).state().letters)
    state = exercise(folder).act(kind, target, role, note)
    if not as_json:
        done = act_words(state.actions[-1], Words(this.out.language))
        this.out.say("Done: {what}.", what=done)
    _answer(this, folder, state, new=len(state.letters) - before)


def advance(
    folder: Folder,
    until: Annotated[
        str | None, typer.Option("--to", help="Town's time, 14:30 or ISO 8601.")
    ] = None,
    minutes: Annotated[float | None, typer.Option("--for", min=0, help="Minutes.")] = None,
    role: As = Role.ALL,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Let time pass in the town."""
    this = begin(lang, as_json=as_json)
    state = exercise(folder).state()
    before = len(state.letters)
    if (until is None) == (minutes is None):
        raise typer.BadParameter("give --to or --for")
    time = _town_time(state, until) if until else state.clock.time + round((minutes or 0) * MINUTE)
    state = exercise(folder).advance(time, role)
    _answer(this, folder, state, new=len(state.letters) - before)


def status(folder: Folder, lang: LangOption = None, as_json: Json = False) -> None:
    """Show what the team knows: the clock, its messages, what it did, where the evidence is."""
    this = begin(lang, as_json=as_json)
    state = exercise(folder).catch_up()
    _answer(this, folder, state, new=len(state.letters))
    if as_json:
        return
    for action in state.actions:
        words = Words(this.out.language)
        this.out.say(
            "[{time}] {role}: {what} {note}",
            time=f"{local(action.time):%m-%d %H:%M}",
            role=words.who(action.actor),
            what=act_words(action, words),
            note=action.note,
        )
    for _, text in state.hints:
        this.out.say("Hint: {text}", text=text)


def message(
    folder: Folder,
    recipient: Annotated[str, typer.Argument(help="Role, party or a person's login.")],
    text: Annotated[str, typer.Argument(help="What you say.")],
    role: As = Role.ALL,
    answer: Annotated[str, typer.Option("--answer", help="Id of the message you answer.")] = "",
    channel: Annotated[Channel, typer.Option("--by", help="How.")] = Channel.CHAT,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Say something to the team or to somebody outside."""
    this = begin(lang, as_json=as_json)
    state = exercise(folder).message(role, recipient, text, channel, answer)
    _answer(this, folder, state, new=1)


def template(folder: Folder, lang: LangOption = None, as_json: Json = False) -> None:
    """Print the form of the report, with the questions of this exercise."""
    this = begin(lang, as_json=as_json)
    one = exercise(folder)
    settings = one.state().settings
    questions = ask(settings, stage().tell(settings, ()), one.evidence)
    text = make_template(questions, this.out.language)
    if as_json:
        this.out.json({"template": text, "questions": [each.id for each in questions]})
    else:
        typer.echo(text, nl=False)


def submit(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="Report, Markdown or JSON.", dir_okay=False)],
    role: As = Role.ALL,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Hand in the report. It can be handed in again; the last one counts."""
    this = begin(lang, as_json=as_json)
    one = exercise(folder)
    settings = one.state().settings
    text = read_text(file)
    document = read_document(text, file.name, settings.begin, settings.end)
    state = one.submit(role, file.name, text)
    if as_json:
        this.out.json(state_json(state, this.out.language))
        return
    this.out.say(
        "Handed in. Parts: {parts}; machines: {hosts}; lines of timeline: {lines}; "
        "answers: {answers}.",
        parts=len(document.sections),
        hosts=len(document.scope.get("hosts", ())),
        lines=len(document.timeline),
        answers=len(document.answers),
    )


def _answer(this: Call, folder: Path, state: State, *, new: int) -> None:
    if this.out.as_json:
        evidence = {"evidence": str(folder / "evidence")}
        this.out.json({**state_json(state, this.out.language), **evidence})
        return
    show_clock(this, state)
    show_letters(this, state.letters[len(state.letters) - new :])
    this.out.say(
        "Evidence so far: noroshi ingest {folder} --zone {zone}",
        folder=str(folder / "evidence"),
        zone=ZONE,
    )


def _town_time(state: State, text: str) -> int:
    """A bare clock time is the next such time in the town; a full one has the town's zone."""
    try:
        if len(text) > len("23:59:59"):
            found = moment(text if text[-6:-5] in "+-" or text.endswith("Z") else f"{text}+09:00")
            return state.clock.time if found is None else found
        hour, _, minute = text.partition(":")
        now = local(state.clock.time)
        named = now.replace(hour=int(hour), minute=int(minute or 0), second=0, microsecond=0)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no time, e.g. 14:30") from error
    if named <= now:
        named += timedelta(days=1)
    return state.clock.time + (named.astimezone(JST) - now) // timedelta(microseconds=1)
