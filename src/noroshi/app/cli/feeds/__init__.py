"""``noroshi feeds``: what others publish, pulled, checked and kept."""

from __future__ import annotations

import typer

from noroshi.app.cli.feeds import pull, quarantine, settings
from noroshi.app.cli.options import group


def register(app: typer.Typer) -> None:
    """Add the commands of every part."""
    part = group("Feeds: pull what others publish, check it, and keep it as knowledge.")
    for module in (settings, pull, quarantine):
        module.register(part)
    app.add_typer(part, name="feeds")
