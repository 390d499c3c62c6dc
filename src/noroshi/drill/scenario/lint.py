"""Is a scenario fit to be played: each problem is named with its place and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from noroshi.drill.action import Defences
from noroshi.drill.clock import local
from noroshi.drill.errors import DrillError
from noroshi.drill.exercise.outcome import Outcome
from noroshi.drill.exercise.stage import ScenarioStage
from noroshi.drill.exercise.state import Settings
from noroshi.drill.grading.ask import ask
from noroshi.drill.grading.policies import best_policy, model_policy
from noroshi.drill.intruder.bind import bind
from noroshi.drill.intruder.play import tell
from noroshi.drill.scenario.schema import ScenarioOf
from noroshi.drill.scenario.shelf import scenario
from noroshi.drill.steps import library
from noroshi.lang import N_, Message

SEEDS = (1, 2, 3)
_FULL = (95.0, 105.0)
_HARM_APART, _BEST_APART = 5.0, 25.0
_MODEL_SLACK = 10.0
_AVERTABLE = 15.0


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        rule: its name.
        where: place in the scenario.
        what: what is wrong and what to do.
    """

    rule: str
    where: str
    what: Message


def lint(name: str, seeds: Sequence[int] = SEEDS) -> list[Problem]:
    """Return what is wrong with a scenario; nothing if it can be played.

    Args:
        name: of the scenario, or the path of its file.
        seeds: under which it is tried.

    Raises:
        DrillError: there is no such scenario, or it cannot be read.
    """
    raw = scenario(name)
    if sorted(raw.levels) != [1, 2, 3]:
        return [Problem("levels", "levels", Message(N_("give the levels 1, 2 and 3")))]
    try:
        for seed in seeds:
            for level in raw.levels:
                tell(bind(raw, seed, level), Defences())
    except (DrillError, KeyError) as error:
        about = {"error": str(error)}
        return [Problem("graph", "steps", Message(N_("it cannot be played: {error}"), about))]
    found = [*_graph(raw), *_injects(raw)]
    futures = {
        (seed, level): _future(name, seed, level) for seed in seeds for level in sorted(raw.levels)
    }
    found += [p for (seed, level), of in futures.items() for p in _reached(raw, of, seed, level)]
    found += [*_alike(futures, seeds), *_harder(futures, seeds[0]), *_questions(raw, name, seeds)]
    return found


@dataclass(frozen=True)
class _Future:
    settings: Settings
    outcome: Outcome
    best: float
    model: float
    targets: frozenset[str]


def _future(name: str, seed: int, level: int) -> _Future:
    stage = ScenarioStage()
    settings = stage.open(name, seed, level, "")
    outcome = stage.tell(settings, ())
    best = best_policy(lambda actions: stage.tell(settings, actions), settings)
    model = model_policy(lambda actions: stage.tell(settings, actions), settings)
    return _Future(settings, outcome, best.harm, model.harm,
                   frozenset(action.target for action in model.actions))  # fmt: skip


def _graph(raw: ScenarioOf) -> Iterator[Problem]:
    for name, of in raw.steps.items():
        where = f"steps.{name}"
        for before in (*of.after, *of.any):
            if before not in raw.steps:
                about = {"step": before}
                yield Problem(
                    "graph", where, Message(N_("comes after {step}, which is none"), about)
                )
        for part in (of.on, of.origin, of.site, *of.account):
            if part and part not in raw.cast and part != "pcs":
                about = {"part": part}
                yield Problem("cast", where, Message(N_("{part} is no part of the cast"), about))
    for part in raw.fallbacks:
        if part not in raw.cast:
            about = {"part": part}
            yield Problem("cast", "fallbacks", Message(N_("{part} is no part of the cast"), about))
    for number, each in enumerate(raw.model):
        if each.step and each.step not in raw.steps:
            about = {"step": each.step}
            where = f"model.{number}"
            yield Problem("graph", where, Message(N_("comes after {step}, which is none"), about))


def _injects(raw: ScenarioOf) -> Iterator[Problem]:
    for number, each in enumerate(raw.injects):
        if each.step and each.step not in raw.steps:
            about = {"step": each.step}
            where = f"injects.{number}"
            yield Problem("injects", where, Message(N_("comes after {step}, which is none"), about))
    if not raw.model:
        yield Problem("model", "model", Message(N_("say what a good team does")))
    if not raw.hints:
        yield Problem("hints", "hints", Message(N_("give a hint for those who play alone")))


def _reached(raw: ScenarioOf, of: _Future, seed: int, level: int) -> Iterator[Problem]:
    """Every step comes about when nobody does anything, and leaves evidence at level 1."""
    where = f"level {level}, seed {seed}"
    for step in of.outcome.steps:
        if "~" in step.id:
            continue
        if not step.happened:
            about = {"step": step.id}
            yield Problem("reachable", where, Message(N_("{step} never comes about"), about))
        use = raw.steps[step.id].use if step.id in raw.steps else ""
        silent = use in library() and library()[use].silent is not None
        if level == 1 and step.happened and not step.seen and not silent:
            about = {"step": step.id}
            yield Problem("evidence", where, Message(N_("no sensor writes about {step}"), about))
    total = of.outcome.harm_until(of.settings.end)
    if not _FULL[0] <= total <= _FULL[1]:
        about2 = {"harm": round(total, 1)}
        yield Problem(
            "harm", where, Message(N_("all damage together is {harm}; make it 100"), about2)
        )
    before = of.outcome.harm_until(of.settings.alert)
    if total - of.best < _AVERTABLE:
        about2 = {"harm": round(before, 1)}
        said = N_("nothing can be saved any more: {harm} is done at the alarm")
        yield Problem("decisions", where, Message(said, about2))
    if of.model > of.best + _MODEL_SLACK:
        about2 = {"model": round(of.model, 1), "best": round(of.best, 1)}
        said = N_("the model answer leaves damage of {model}, the best way found {best}")
        yield Problem("model", where, Message(said, about2))


def _alike(futures: dict[tuple[int, int], _Future], seeds: Sequence[int]) -> Iterator[Problem]:
    """Another seed is another team's turn: it must be as much work."""
    for level in (1, 2, 3):
        of = [futures[seed, level] for seed in seeds]
        for values, most in (
            ([each.outcome.harm_until(each.settings.end) for each in of], _HARM_APART),
            ([each.best for each in of], _BEST_APART),
            ([float(len(each.outcome.done(each.settings.end))) for each in of], 0.0),
        ):
            if max(values) - min(values) > most:
                about = {"low": round(min(values), 1), "high": round(max(values), 1)}
                said = N_("seeds differ too much: {low} to {high}")
                yield Problem("alike", f"level {level}", Message(said, about))


def _harder(futures: dict[tuple[int, int], _Future], seed: int) -> Iterator[Problem]:
    """A higher level has a later alarm, and leaves no more to be saved."""
    for level in (2, 3):
        lower, higher = futures[seed, level - 1], futures[seed, level]
        if higher.settings.alert <= lower.settings.alert:
            yield Problem("harder", f"level {level}", Message(N_("its alarm comes no later")))
        if higher.best < lower.best - 1e-6:
            yield Problem("harder", f"level {level}", Message(N_("more can be saved than below")))


def _questions(raw: ScenarioOf, name: str, seeds: Sequence[int]) -> Iterator[Problem]:
    """Every question of the scenario is answered by the evidence, in one way."""
    stage = ScenarioStage()
    for seed in seeds if raw.questions else ():
        for level in sorted(raw.levels):
            settings = stage.open(name, seed, level, "")
            untouched = stage.tell(settings, ())
            with TemporaryDirectory(prefix="noroshi-lint-") as folder:
                begin, until = (f"{local(time):%Y%m%dT%H%M%S}"
                                for time in (settings.begin, settings.alert))  # fmt: skip
                window = Path(folder) / f"{begin}-{until}"
                window.mkdir()
                stage.write(settings, (), settings.begin, settings.alert, window)
                asked = [question.text for question in ask(settings, untouched, Path(folder))]
            for number, each in enumerate(untouched.brief.questions):
                if each.text not in asked:
                    about = {"needle": each.needle, "answer": each.answer}
                    where = f"questions.{number}, level {level}, seed {seed}"
                    said = N_("the evidence does not answer it in one way ({needle}: {answer})")
                    yield Problem("questions", where, Message(said, about))
