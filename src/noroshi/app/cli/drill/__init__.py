"""``noroshi drill``: a simulated organisation that writes evidence and answers back."""

from __future__ import annotations

from types import ModuleType

import typer

from noroshi.app.cli.drill import (
    authoring,
    check,
    exercise,
    generate,
    graded,
    instructor,
    profile,
    scenarios,
)
from noroshi.app.cli.options import group

PARTS: tuple[ModuleType, ...] = (
    scenarios,
    authoring,
    profile,
    generate,
    check,
    exercise,
    instructor,
    graded,
)


def register(app: typer.Typer) -> None:
    """Add the commands of every part."""
    part = group("Exercises: generate evidence, play, act, grade, report.")
    for module in PARTS:
        module.register(part)
    app.add_typer(part, name="drill")
