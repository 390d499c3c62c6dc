"""``noroshi drill watch|inject|hint|branch|pause|resume|appeal``: what an instructor does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.drill.folder import (
    Folder,
    begin,
    exercise,
    said,
    show_clock,
    show_letters,
    state_json,
    teams,
    when,
)
from noroshi.app.cli.options import Call, Json, LangOption, moment
from noroshi.drill.clock import MINUTE, local
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.hints import next_hint
from noroshi.drill.exercise.letter import Channel
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.roles import Role
from noroshi.drill.exercise.state import State
from noroshi.drill.grading.grade import checked_appeal
from noroshi.drill.review.told import act_words
from noroshi.drill.review.words import Words


def register(part: typer.Typer) -> None:
    """Add the commands."""
    part.command("watch", epilog="Example: noroshi drill watch ./exercise")(watch)
    part.command(
        "inject",
        epilog='Example: noroshi drill inject ./exercise press "Is it true?" --to liaison',
    )(inject)
    part.command("hint", epilog="Example: noroshi drill hint ./exercise")(hint)
    part.command(
        "branch", epilog="Example: noroshi drill branch ./exercise ./other --at 2026-05-20T11:00"
    )(branch)
    part.command("pause", epilog="Example: noroshi drill pause ./exercise")(pause)
    part.command("resume", epilog="Example: noroshi drill resume ./exercise --speed 60")(resume)
    part.command(
        "appeal",
        epilog='Example: noroshi drill appeal ./exercise report 10 --reason "typing error"',
    )(appeal)


def watch(folder: Folder, lang: LangOption = None, as_json: Json = False) -> None:
    """Show all teams: the clock, what they did, what the intruder did, what it cost."""
    this = begin(lang, as_json=as_json)
    seen = [(one, one.catch_up()) for one in teams(folder)]
    if as_json:
        this.out.json([_watched_json(this, one, state) for one, state in seen])
        return
    words = Words(this.out.language)
    for one, state in seen:
        this.out.say("Team {team} in {folder}", team=state.settings.team or "–",
                     folder=str(one.folder))  # fmt: skip
        show_clock(this, state)
        _show_intruder(this, one, state)
        rows = (
            (f"{local(a.time):%m-%d %H:%M}", words.who(a.actor), act_words(a, words), a.note)
            for a in state.actions
        )
        this.out.table(["Time", "Role", "Action", "Note"], rows)
        show_letters(this, state.letters[-6:])


def inject(
    folder: Folder,
    sender: Annotated[Party, typer.Argument(help="Who speaks.")],
    text: Annotated[str, typer.Argument(help="What they say.")],
    to: Annotated[Role, typer.Option("--to", help="To whom.")] = Role.ALL,
    channel: Annotated[Channel, typer.Option("--by", help="How.")] = Channel.PHONE,
    within: Annotated[
        float, typer.Option("--answer-within", min=0, help="Minutes until they want an answer.")
    ] = 0.0,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Let somebody outside say something, to one team or to all below the folder."""
    this = begin(lang, as_json=as_json)
    states = [
        one.inject(sender, to, text, channel, round(within * MINUTE)) for one in teams(folder)
    ]
    _done(this, states)


def hint(
    folder: Folder,
    text: Annotated[str, typer.Argument(help="Your own words; without: the next hint.")] = "",
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Give a hint. Playing alone, ask for one; every hint is in the log."""
    this = begin(lang, as_json=as_json)
    states = []
    for one in teams(folder):
        state = one.catch_up()
        made = next_hint(one.outcome(state), state.actions, len(state.hints), state.clock.time)
        words = text or (said(made, this.out.language) if made else "")
        if words:
            state = one.hint(words)
        states.append(state)
        if not as_json:
            this.out.say("Hint: {text}", text=words or this.out.word("nothing more to see"))
    if as_json:
        _done(this, states)


def branch(
    folder: Folder,
    target: Annotated[Path, typer.Argument(help="New folder.", file_okay=False)],
    at: Annotated[str, typer.Option("--at", help="From when on; the town's time, ISO 8601.")],
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Copy the exercise as it stood at a time, to play on from there in another way."""
    this = begin(lang, as_json=as_json)
    time = moment(at if at[-6:-5] in "+-" or at.endswith("Z") else f"{at}+09:00") or 0
    _done(this, [exercise(folder).branch(time, target).state()])


def pause(folder: Folder, lang: LangOption = None, as_json: Json = False) -> None:
    """Stop the clock of one team or of all below the folder."""
    this = begin(lang, as_json=as_json)
    _done(this, [one.set_clock(paused=True) for one in teams(folder)])


def resume(
    folder: Folder,
    speed: Annotated[
        float | None, typer.Option("--speed", help="Simulated seconds a second.")
    ] = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Let the clock go on."""
    this = begin(lang, as_json=as_json)
    _done(this, [one.set_clock(paused=False, speed=speed) for one in teams(folder)])


def appeal(
    folder: Folder,
    mark: Annotated[str, typer.Argument(help="Which mark, as drill grade names it.")],
    points: Annotated[float, typer.Argument(help="Points it gets.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; the team reads it.")],
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Set a mark by hand; the log keeps both and the reason."""
    this = begin(lang, as_json=as_json)
    axis = checked_appeal(mark, points)
    _done(this, [exercise(folder).appeal(axis.value, points, reason)])


def _done(this: Call, states: list[State]) -> None:
    if this.out.as_json:
        this.out.json([state_json(state, this.out.language) for state in states])
        return
    for state in states:
        show_clock(this, state)


def _show_intruder(this: Call, one: Exercise, state: State) -> None:
    outcome = one.outcome(state)
    this.out.say(
        "Damage so far {now}, at the end {end} if nothing more is done.",
        now=round(outcome.harm_until(state.clock.time), 1),
        end=round(outcome.harm_until(state.settings.end), 1),
    )
    rows = (
        (
            f"{local(step.time):%m-%d %H:%M}",
            this.out.word(step.status.value),
            this.out.message(step.title),
            ", ".join(step.hosts),
            said(step.because, this.out.language) if step.because else "",
        )
        for step in outcome.steps
    )
    this.out.table(["Time", "Status", "Intruder's step", "Machines", "Why not"], rows)


def _watched_json(this: Call, one: Exercise, state: State) -> dict[str, Any]:
    outcome = one.outcome(state)
    return {
        **state_json(state, this.out.language),
        "folder": str(one.folder),
        "seed": state.settings.seed,
        "harm_now": outcome.harm_until(state.clock.time),
        "harm_end": outcome.harm_until(state.settings.end),
        "steps": [
            {
                "id": step.id,
                "technique": step.technique,
                "title": said(step.title, this.out.language),
                "status": step.status.value,
                "at": when(step.time),
                "hosts": list(step.hosts),
                "accounts": list(step.accounts),
                "because": said(step.because, this.out.language) if step.because else "",
            }
            for step in outcome.steps
        ],
    }
