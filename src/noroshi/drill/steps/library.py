"""Every step there is, found by walking this folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import noroshi.drill.steps as room
from noroshi.drill.errors import DrillError
from noroshi.drill.steps.step import Step

_MACHINERY = frozenset({"act", "library", "step"})


@cache
def library() -> Mapping[str, Step]:
    """Return the steps by id.

    Raises:
        DrillError: two steps have one id.
    """
    found: dict[str, Step] = {}
    for module in sorted(info.name for info in iter_modules(room.__path__)):
        if module in _MACHINERY:
            continue
        for value in vars(import_module(f"{room.__name__}.{module}")).values():
            if isinstance(value, Step) and found.setdefault(value.id, value) is not value:
                raise DrillError(f"two steps are called {value.id!r}")
    return found


def by_technique(technique: str) -> tuple[Step, ...]:
    """Return the steps of an ATT&CK technique: its own, else those of its family."""
    steps = library().values()
    exact = tuple(each for each in steps if each.technique == technique)
    family = technique.partition(".")[0]
    return exact or tuple(each for each in steps if each.technique.partition(".")[0] == family)
