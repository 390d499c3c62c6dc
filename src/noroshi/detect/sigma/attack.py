"""ATT&CK techniques and tactics named in a rule's tags."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)", re.IGNORECASE)
_OTHER = re.compile(r"attack\.(?:[gscm]\d{4}|ta\d{4}|t\d{4}.*|ds\d{4})", re.IGNORECASE)


def techniques(tags: Iterable[str]) -> tuple[str, ...]:
    """Return technique ids such as ``T1059.001``, sorted."""
    found = (_TECHNIQUE.fullmatch(tag) for tag in tags)
    return tuple(sorted({match.group(1).upper() for match in found if match}))


def tactics(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tactic short names such as ``lateral-movement``, in the order of the tags."""
    names = (
        tag.split(".", 1)[1].lower().replace("_", "-")
        for tag in tags
        if tag.lower().startswith("attack.") and not _OTHER.fullmatch(tag)
    )
    return tuple(dict.fromkeys(names))
