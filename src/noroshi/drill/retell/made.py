"""From a case to a scenario that can be played, with an account of what became of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from noroshi.drill.action import Defences
from noroshi.drill.errors import DrillError
from noroshi.drill.intruder.bind import bind
from noroshi.drill.intruder.play import tell
from noroshi.drill.retell.document import document
from noroshi.drill.retell.leak import leaks, names
from noroshi.drill.retell.place import places
from noroshi.drill.retell.plan import Plan, plan
from noroshi.drill.retell.sighting import Sighting, gravest, sightings
from noroshi.drill.scenario.schema import ScenarioOf, parse
from noroshi.drill.steps import library
from noroshi.lang import N_, Message
from noroshi.model import Case, Finding

SEEDS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one thing that the case has seen.

    Attributes:
        sighting: what was seen.
        name: its step in the scenario; empty if it is not played.
        at: when it happens there.
        on: the part on which it happens.
        because: why it is not played; None if it is.
    """

    sighting: Sighting
    name: str = ""
    at: str = ""
    on: str = ""
    because: Message | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A scenario made from a case.

    Attributes:
        name: of the scenario.
        text: its YAML.
        told: what became of everything that the case has seen, earliest first.
        added: steps that the case has not seen, put in so that the others can be played.
        hidden: how many names of the real house were looked for in the text; none is in it.
    """

    name: str
    text: str
    told: tuple[Told, ...]
    added: tuple[str, ...]
    hidden: int


def from_case(case: Case, findings: Sequence[Finding]) -> Made:
    """Return a scenario that plays a case in the invented town.

    Args:
        case: the case.
        findings: its findings.

    Raises:
        DrillError: nothing of the case can be played, or a name of the real house would be told.
    """
    seen = sightings(findings)
    told = gravest(seen)
    if not told:
        known = ", ".join(sorted({one.technique for one in seen if one.technique})) or "none"
        raise DrillError(
            f"case {case.id[:8]}: there is no step for any of its techniques ({known}); "
            "write the story yourself: noroshi drill new"
        )
    name = f"case-{case.id[:8]}".lower()
    on = places(told)
    refused: list[Sighting] = []
    while True:
        graph = plan([one for one in told if one not in refused], on)
        left = [one for one in seen if one not in told or one in refused]
        text = document(name, graph, left)
        raw = parse(text, name)
        idle = _idle(raw, graph)
        if not idle:
            break
        refused += idle
        if len(refused) == len(told):
            raise DrillError(f"case {case.id[:8]}: none of its steps can come about in the town")
    scenario = parse(text, name)
    return Made(
        name, text, tuple(_account(seen, told, refused, graph, scenario)),
        tuple(each for each in scenario.steps if each not in _sighted(graph)),
        _hidden(case, findings, text, name),
    )  # fmt: skip


def _sighted(graph: Plan) -> dict[str, Sighting]:
    """What the case has seen, by the name of its step."""
    return graph.seen_in_way | {n.name: n.sighting for n in graph.nodes if n.sighting}


def _idle(raw: ScenarioOf, graph: Plan) -> list[Sighting]:
    """What never comes about, or is written down by no sensor, in the town as it is."""
    idle: set[str] = set()
    for seed in SEEDS:
        for level in raw.levels:
            for played in tell(bind(raw, seed, level), Defences()).played:
                fact = played.fact
                silent = fact.id in raw.steps and library()[raw.steps[fact.id].use].silent
                if "~" not in fact.id and (
                    not fact.happened or (level == 1 and not fact.seen and not silent)
                ):
                    idle.add(fact.id)
    seen = _sighted(graph)
    return [one for name, one in seen.items() if name in idle]


def _account(
    seen: Sequence[Sighting], told: Sequence[Sighting], refused: Sequence[Sighting], graph: Plan,
    scenario: ScenarioOf,
) -> Iterator[Told]:  # fmt: skip
    names = {id(one): name for name, one in _sighted(graph).items()}
    for one in seen:
        if name := names.get(id(one), ""):
            of = scenario.steps[name]
            yield Told(one, name, of.at or "", of.on)
        elif one in refused:
            yield Told(one, because=Message(N_("it cannot come about in the town's network")))
        elif one.step is not None:
            yield Told(one, because=Message(N_("the exercise tells enough without it")))
        elif one.technique:
            yield Told(one, because=Message(N_("the library has no step for it")))
        else:
            yield Told(one, because=Message(N_("the finding names no technique")))


def _hidden(case: Case, findings: Iterable[Finding], text: str, name: str) -> int:
    """Look for every name of the real house in the scenario; there must be none.

    Names that the invented town has too (``FS01``) are its own.
    """
    real = names(case, findings)
    found = leaks(real, text, name)
    if found:
        raise DrillError(
            f"case {case.id[:8]}: {found[0]!r} of the real house would stand in the scenario; "
            "please report this"
        )
    return len(real)
