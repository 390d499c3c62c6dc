"""What the exercise commands share: folders of teams, options, and how things are shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.options import Call, Lang, call
from noroshi.app.errors import AppError
from noroshi.drill.clock import local
from noroshi.drill.exercise.engine import Exercise
from noroshi.drill.exercise.letter import Letter
from noroshi.drill.exercise.log import NAME
from noroshi.drill.exercise.outcome import Stage
from noroshi.drill.exercise.parties import PARTY_NAMES, party_of
from noroshi.drill.exercise.roles import ROLE_NAMES, Role
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import State
from noroshi.drill.scenario.shelf import added, scenarios
from noroshi.lang import Language, Message, gettext, render, with_errors

Folder = Annotated[Path, typer.Argument(help="Folder of the exercise.", file_okay=False)]
As = Annotated[Role, typer.Option("--as", help="Your role in the team.")]

LARGEST = 2_000_000
"""Largest document that is taken, in bytes."""


def stage() -> Stage:
    """Return where exercises play."""
    return ScenarioStage()


def begin(lang: Lang | None, *, as_json: bool, home: Path | None = None) -> Call:
    """Return what a command answers with; the home is asked for added packs alone."""
    return call(home, lang, as_json=as_json)


def located(this: Call, name: str) -> str:
    """Return by which name a scenario is opened: the path of one that came in a pack."""
    if name in scenarios() or name.endswith((".yaml", ".yml")):
        return name
    for each in added(this.workspace.packs.list()):
        if each.scenario and each.scenario.name == name:
            return str(each.path)
    return name


def exercise(folder: Path) -> Exercise:
    """Return the exercise in a folder."""
    return Exercise(folder, stage())


def teams(folder: Path) -> list[Exercise]:
    """Return the exercise in a folder, or those of the teams below it.

    Raises:
        AppError: there is none.
    """
    found = [folder] if (folder / NAME).exists() else sorted(
        path.parent for path in folder.glob(f"*/{NAME}")
    )  # fmt: skip
    if not found:
        raise AppError(f"no exercise in {folder}; start one with: noroshi drill play")
    return [exercise(path) for path in found]


def read_text(path: Path) -> str:
    """Return a document as text.

    Raises:
        AppError: too large, or not UTF-8.
    """
    if path.stat().st_size > LARGEST:
        raise AppError(f"{path}: larger than {LARGEST:,} bytes; hand in text only")
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AppError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error


def who(name: str, language: Language) -> str:
    """Return a role, a party or a person for people to read."""
    party = party_of(name)
    if party:
        return gettext(PARTY_NAMES[party], language)
    return gettext(ROLE_NAMES[Role(name)], language) if name in {*Role} else name


def said(message: Message, language: Language) -> str:
    """Return a message; parameters that are terms of ours are translated too."""
    told = with_errors(message, language)
    return render(told, language, lambda text: gettext(text, language))


def letter_json(letter: Letter, language: Language) -> dict[str, Any]:
    """Return a letter as the commands print it."""
    return {
        "id": letter.id,
        "time": letter.time,
        "at": when(letter.time),
        "from": letter.sender,
        "to": letter.recipient,
        "channel": letter.channel.value,
        "text": said(letter.text, language),
        "answer_to": letter.answer_to,
        "answer_by": letter.wants_answer_by,
    }


def state_json(state: State, language: Language) -> Mapping[str, Any]:
    """Return what a participant may know."""
    clock, settings = state.clock, state.settings
    return {
        "scenario": settings.scenario,
        "difficulty": settings.difficulty,
        "team": settings.team,
        "now": clock.time,
        "at": when(clock.time),
        "end": clock.end,
        "speed": clock.speed,
        "paused": clock.paused,
        "over": clock.over,
        "inbox": [letter_json(letter, language) for letter in state.letters],
        "actions": [
            {
                "time": action.time,
                "at": when(action.time),
                "kind": action.kind.value,
                "target": action.target,
                "as": action.actor,
                "note": action.note,
            }
            for action in state.actions
        ],
        "hints": [{"time": time, "text": text} for time, text in state.hints],
        "submissions": [{"time": each.time, "name": each.name} for each in state.submissions],
    }


def when(time: int) -> str:
    """Return a simulated time by the clock of the town."""
    return local(time).isoformat(timespec="seconds")


def show_letters(this: Call, letters: tuple[Letter, ...]) -> None:
    """Print messages, each with its id, to answer by."""
    for letter in letters:
        this.out.say(
            "[{time}] {sender} → {recipient} ({channel}, {id}): {text}",
            time=f"{local(letter.time):%m-%d %H:%M}",
            sender=who(letter.sender, this.out.language),
            recipient=who(letter.recipient, this.out.language),
            channel=this.out.word(letter.channel.value),
            id=letter.id,
            text=said(letter.text, this.out.language),
        )


def show_clock(this: Call, state: State) -> None:
    """Print what time it is in the town."""
    this.out.say("It is {time} in the town.", time=f"{local(state.clock.time):%Y-%m-%d %H:%M}")
    if state.clock.paused:
        this.out.say("The exercise is paused.")
    if state.clock.over:
        this.out.say("The exercise is over.")
