"""``noroshi share``: what we know, to those it is meant for."""

from __future__ import annotations

from types import ModuleType

import typer

from noroshi.app.cli.options import group
from noroshi.app.cli.share import collection, serve, user

PARTS: tuple[ModuleType, ...] = (serve, collection, user)


def register(app: typer.Typer) -> None:
    """Add the commands of every part."""
    part = group("Sharing: a TAXII 2.1 server, its collections and its members.")
    for module in PARTS:
        module.register(part)
    app.add_typer(part, name="share")
