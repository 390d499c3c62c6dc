"""YAML from outside: the one place where it is read.

PyYAML composes by recursion: a file of a few kB that nests deeply takes seconds in Python and
overflows the stack of the C loader, which ends the process; aliases of aliases expand without end
in whatever walks through them; numbers in base 60 take quadratic time. So the events of a text are
looked at first, which needs neither recursion nor memory, and only then is it composed.

Source: YAML 1.1, sections 3.1 (events, nodes), 3.2.2.2 (anchors and aliases); ``int`` and ``float``
of its type repository (base 60).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

DEEPEST = 64
"""Lists and mappings within one another, aliases followed."""
EXPANDED = 100_000
"""Nodes that aliases may stand for, all together."""
_LONGEST_NUMBER = 1000
_NUMBER = re.compile(r"[-+0-9_:.]*")
_EVENTS: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Gives events; libyaml's parser keeps its own stack, only its composing does not."""


def load_yaml(text: str | bytes) -> Any:
    """Return what the one document of a text says.

    Raises:
        yaml.YAMLError: not YAML, several documents, too deep, or aliases that expand too far.
        ValueError: a date or number that is none.
    """
    check(text)
    return yaml.load(text, yaml.SafeLoader)


def load_yaml_documents(text: str | bytes, loader: Any = yaml.SafeLoader) -> list[Any]:
    """Return what each document of a text says; for errors see :func:`load_yaml`.

    Args:
        text: the documents.
        loader: a loader that is safe.
    """
    check(text)
    return list(yaml.load_all(text, loader))


@dataclass(slots=True)
class _Open:
    """A list or mapping that has begun: its anchor, nodes inside, levels inside."""

    anchor: str | None
    size: int = 1
    height: int = 0


def check(text: str | bytes) -> None:
    """Refuse what would take too long, or too much, to compose.

    Raises:
        yaml.YAMLError: not YAML, too deep, aliases that expand too far or contain themselves, or a
            number of too many digits.
    """
    for event in yaml.parse(text, _EVENTS):
        if isinstance(event, yaml.DocumentStartEvent):
            walk = _Walk()
        elif isinstance(event, yaml.NodeEvent):
            walk.node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            walk.end()


class _Walk:
    """Where the events of a document have led."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[int, int]] = {}
        self._expanded = 0

    def node(self, event: yaml.NodeEvent) -> None:
        """Take a node that is a value, begins, or stands for another."""
        if isinstance(event, yaml.ScalarEvent):
            _refuse_long_number(event)
            self._add(event.anchor, 1, 0)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        else:
            self._open.append(_Open(event.anchor))
            _refuse_deep(len(self._open), event)

    def end(self) -> None:
        """Take the end of a list or mapping."""
        done = self._open.pop()
        self._add(done.anchor, done.size, done.height + 1)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if any(one.anchor == event.anchor for one in self._open):
            raise _refusal(f"the alias *{event.anchor} stands inside what it stands for", event)
        size, height = self._anchors.get(str(event.anchor), (1, 0))
        _refuse_deep(len(self._open) + height, event)
        self._expanded += size
        if self._expanded > EXPANDED:
            raise _refusal(f"its aliases expand to more than {EXPANDED:,} nodes", event)
        self._add(None, size, height)

    def _add(self, anchor: str | None, size: int, height: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = size, height
        if self._open:
            last = self._open[-1]
            last.size += size
            last.height = max(last.height, height)


def _refuse_deep(depth: int, event: yaml.NodeEvent) -> None:
    if depth > DEEPEST:
        raise _refusal(f"it is nested more than {DEEPEST} deep", event)


def _refuse_long_number(event: yaml.ScalarEvent) -> None:
    is_text = not event.implicit[0] and event.tag is None
    if len(event.value) > _LONGEST_NUMBER and not is_text and _NUMBER.fullmatch(event.value):
        raise _refusal(f"it holds a number of more than {_LONGEST_NUMBER:,} digits", event)


def _refusal(reason: str, event: yaml.Event) -> yaml.YAMLError:
    mark = event.start_mark
    return yaml.YAMLError(f"line {mark.line + 1}: {reason}" if mark else reason)
