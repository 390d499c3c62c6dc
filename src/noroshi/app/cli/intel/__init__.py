"""``noroshi intel``: what is known about the world, and what reports say of it."""

from __future__ import annotations

from types import ModuleType

import typer

from noroshi.app.cli.intel import (
    about,
    assist,
    export,
    extract,
    objects,
    pivot,
    relevant,
    show,
    techniques,
)
from noroshi.app.cli.options import group

PARTS: tuple[ModuleType, ...] = (
    extract, relevant, objects, show, pivot, about, export, techniques, assist,
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands of every part."""
    part = group("Reports and knowledge: extract, import, search, pivot, export.")
    for module in PARTS:
        module.register(part)
    app.add_typer(part, name="intel")
