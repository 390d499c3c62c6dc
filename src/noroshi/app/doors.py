"""Every door by which the store can reach a reader below its owner, found in the code.

A door is found by what makes it one: a method of the object store or notebook that takes a reader,
a path of the TAXII server, a format of export, a command with a level. The test that holds the
markings asks each door found here; a new one that it does not know fails it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from noroshi.app.cli.intel.export import OBJECTS
from noroshi.app.notebook import Notebook
from noroshi.intel.objects import ObjectStore
from noroshi.share.exports import all_formats

LEVEL = "--tlp"
"""The option by which a command takes a level."""


def doors(command: Any) -> set[str]:
    """Return the names of all doors.

    Args:
        command: the whole command line, as Typer gives it.
    """
    from noroshi.share.taxii.application import PATHS

    taxii = {f"taxii {method} {path}" for path, methods in PATHS.items() for method in methods}
    exports = {f"export {name}" for name in (*OBJECTS, *all_formats())}
    commands = {f"command {name}" for name in _with_level(command)}
    return taxii | exports | commands | set(_of_store()) | set(_of_notebook()) | {"assist"}


def _of_store() -> Iterator[str]:
    for name, member in inspect.getmembers(ObjectStore, inspect.isfunction):
        if not name.startswith("_") and "clearance" in inspect.signature(member).parameters:
            yield f"store {name}"


def _of_notebook() -> Iterator[str]:
    for name, _ in inspect.getmembers(Notebook, inspect.isfunction):
        if not name.startswith("_"):
            yield f"notebook {name}"


def _with_level(command: Any, name: str = "") -> Iterator[str]:
    for word, part in getattr(command, "commands", {}).items():
        yield from _with_level(part, f"{name} {word}".strip())
    if any(LEVEL in getattr(option, "opts", ()) for option in getattr(command, "params", ())):
        yield name
