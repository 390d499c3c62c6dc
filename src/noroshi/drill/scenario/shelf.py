"""Where scenarios lie: in packs that come with the program or were added, or in one's own file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from noroshi.drill.errors import DrillError
from noroshi.drill.scenario.schema import ScenarioOf, parse, read
from noroshi.intel.packs import Pack, builtin_packs
from noroshi.intel.packs.manifest import MANIFEST, PackKind

_YAML = (".yaml", ".yml")


@lru_cache(maxsize=1)
def scenarios() -> Mapping[str, ScenarioOf]:
    """Return the scenarios that come with the program, by name."""
    found = (read(path) for pack in _of(builtin_packs()) for path in pack.files(*_YAML))
    return {each.name: each for each in found}


def scenario(name: str) -> ScenarioOf:
    """Return one: by name, or by the path of its file.

    Raises:
        DrillError: there is none.
    """
    return opened(name)[0]


def opened(name: str) -> tuple[ScenarioOf, str]:
    """Return a scenario, and the text of its file if it did not come with the program.

    Raises:
        DrillError: there is none, or it cannot be read.
    """
    known = scenarios()
    if name in known:
        return known[name], ""
    if not name.endswith(_YAML):
        raise DrillError(
            f"there is no scenario {name!r}; there are {', '.join(known)}; or give a .yaml file, "
            "or add a pack: noroshi packs add"
        )
    raw = read(Path(name))
    return raw, Path(name).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Added:
    """A scenario of a pack that was added: where it lies, and what it is; or why it is not."""

    pack: str
    path: Path
    scenario: ScenarioOf | None
    problem: str = ""


def added(packs: Iterable[Pack]) -> Iterator[Added]:
    """Yield the scenarios of packs; one that cannot be read is yielded with the reason.

    A name that the program's own scenarios have, or an earlier pack, is a problem.
    """
    taken = set(scenarios())
    for pack in _of(packs):
        for path in pack.files(*_YAML):
            if path.name == MANIFEST:
                continue
            try:
                found = parse(path.read_text("utf-8"), f"{pack.name}: {path.name}")
            except (DrillError, OSError, UnicodeDecodeError) as error:
                yield Added(pack.name, path, None, str(error))
                continue
            if found.name in taken:
                about = f"{pack.name}: {path.name}: name: {found.name!r} is taken; rename it"
                yield Added(pack.name, path, None, about)
                continue
            taken.add(found.name)
            yield Added(pack.name, path, found)


def _of(packs: Iterable[Pack]) -> Iterator[Pack]:
    return (pack for pack in packs if pack.manifest.kind is PackKind.SCENARIOS)
