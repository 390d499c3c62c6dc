"""The beginning of a scenario of one's own: it can be played, and says what each part is for."""

from __future__ import annotations

import re
from importlib.resources import files

from noroshi.drill.errors import DrillError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")


def scaffold(name: str) -> str:
    """Return the YAML of a scenario with comments in both languages.

    Args:
        name: of the scenario.

    Raises:
        DrillError: it cannot be a scenario's name.
    """
    if not _NAME.match(name):
        raise DrillError(
            f"{name!r} is no name of a scenario; take lower-case letters, digits and hyphens, "
            "40 at most: our-town"
        )
    text = files("noroshi.drill.scenario").joinpath("templates/new.yaml").read_text("utf-8")
    return text.replace("@NAME@", name)
