"""The licence of rules that name none: that of the collection they lie in.

The Detection Rule License asks that whoever shows a rule's match also shows its author and licence.
"""

from __future__ import annotations

from pathlib import Path

_NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENSE.Detection.Rules.md", "LICENCE")

_KNOWN = (
    ("Detection Rule License", "DRL-1.1"),
    ("Apache License", "Apache-2.0"),
    ("MIT License", "MIT"),
    ("GNU AFFERO", "AGPL-3.0"),
    ("GNU GENERAL PUBLIC LICENSE", "GPL"),
)


class Licences:
    """Licences by folder, each folder looked at once."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self._roots = frozenset(roots)
        self._known: dict[Path, str] = {}

    def of(self, folder: Path) -> str:
        """Return the licence of the nearest licence file at or above a folder, up to the root."""
        if folder not in self._known:
            found = _read(folder)
            if not found and folder not in self._roots and folder.parent != folder:
                found = self.of(folder.parent) if self._below_root(folder) else ""
            self._known[folder] = found
        return self._known[folder]

    def _below_root(self, folder: Path) -> bool:
        return any(root in folder.parents for root in self._roots)


def _read(folder: Path) -> str:
    for name in _NAMES:
        try:
            with (folder / name).open("rb") as file:
                text = file.read(4_096).decode("utf-8", "replace")
        except OSError:
            continue
        return next((short for words, short in _KNOWN if words.lower() in text.lower()), name)
    return ""
