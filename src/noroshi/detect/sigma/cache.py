"""What was parsed, kept on disk by the digest of each rule file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from noroshi.detect.sigma.condition import IR_VERSION
from noroshi.detect.sigma.parse import Parsed
from noroshi.detect.sigma.stored import from_json, to_json


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one rule file gave: rules, and (id or title, reason) of what was rejected."""

    parsed: tuple[Parsed, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()


@dataclass
class RuleCache:
    """One JSON file. An unreadable or foreign one counts as empty.

    Attributes:
        path: the file; None keeps nothing.
    """

    path: Path | None
    _known: dict[str, Any] = field(default_factory=dict)
    _used: dict[str, Any] = field(default_factory=dict)
    _dirty: bool = False

    def __post_init__(self) -> None:
        if self.path is None:
            return
        try:
            data = orjson.loads(self.path.read_bytes())
        except (OSError, ValueError):
            return
        if isinstance(data, dict) and data.get("version") == IR_VERSION:
            files = data.get("files")
            if isinstance(files, dict) and data.get("digest") == _digest(files):
                self._known = files

    def get(self, digest: str) -> FileResult | None:
        """Return what a file of this digest gave, or None if that is not known."""
        if digest not in self._known:
            return None
        data = self._known[digest]
        try:
            found = FileResult(
                tuple(map(from_json, data["parsed"])),
                tuple((str(name), str(reason)) for name, reason in data["rejected"]),
            )
        except (ValueError, TypeError, KeyError):
            return None
        self._used[digest] = data
        return found

    def put(self, digest: str, result: FileResult) -> None:
        """Remember what a file gave."""
        self._dirty = True
        self._used[digest] = {
            "parsed": [to_json(item) for item in result.parsed],
            "rejected": [list(item) for item in result.rejected],
        }

    def save(self) -> None:
        """Write what was used or added; a cache that cannot be written is done without."""
        if self.path is None or not self._dirty:
            return
        data = orjson.dumps(
            {"version": IR_VERSION, "digest": _digest(self._used), "files": self._used}
        )
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(self.path)
        except OSError:
            return


def _digest(files: dict[str, Any]) -> str:
    """Digest against accidental damage; it is no signature."""
    return hashlib.sha256(orjson.dumps(files, option=orjson.OPT_SORT_KEYS)).hexdigest()
