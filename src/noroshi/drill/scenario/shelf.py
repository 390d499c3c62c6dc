"""Where scenarios lie: in the packs that come with the program, or in a file of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from noroshi.drill.errors import DrillError
from noroshi.drill.scenario.schema import ScenarioOf, read
from noroshi.intel.packs import builtin_packs
from noroshi.intel.packs.manifest import PackKind


@lru_cache(maxsize=1)
def scenarios() -> Mapping[str, ScenarioOf]:
    """Return the scenarios that come with the program, by name."""
    packs = (pack for pack in builtin_packs() if pack.manifest.kind is PackKind.SCENARIOS)
    found = (read(path) for pack in packs for path in pack.files(".yaml", ".yml"))
    return {each.name: each for each in found}


def scenario(name: str) -> ScenarioOf:
    """Return one: by name, or by the path of its file.

    Raises:
        DrillError: there is none.
    """
    known = scenarios()
    if name in known:
        return known[name]
    if name.endswith((".yaml", ".yml")) and Path(name).is_file():
        return _own(name, Path(name).stat().st_mtime_ns)
    raise DrillError(
        f"there is no scenario {name!r}; there are {', '.join(known)}; or give a .yaml file"
    )


@lru_cache(maxsize=16)
def _own(path: str, changed: int) -> ScenarioOf:
    return read(Path(path))
