"""Noroshi (狼煙): raw security evidence and threat reports in, explained cases out."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def open(home: str, tlp: str | None = None) -> Any:
    """Open a home folder from Python; returns a :class:`noroshi.app.notebook.Notebook`.

    Args:
        home: the folder.
        tlp: what the reader may see, ``green`` for example; None for the owner, who sees all.
    """
    # By name: the floor at the top is opened only when somebody asks, not by every import below.
    return import_module("noroshi.app.notebook").open_home(home, tlp)
