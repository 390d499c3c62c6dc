"""Attack Flows of others: the builder's ``.afb`` files and STIX 2.1 bundles.

Sources: MITRE Center for Threat-Informed Defense, "Attack Flow" 2.0 (language: actions,
conditions, AND and OR operators, assets; relationships by ``effect_refs``, ``on_true_refs``,
``on_false_refs``) and the Attack Flow Builder's file format ``attack_flow_v2``.

The text comes from strangers: sizes are bounded and nothing in it is trusted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from noroshi.drill.errors import DrillError

MAX_BYTES = 32 << 20
"""Largest flow, bytes."""
MOST_OBJECTS = 200_000
_ACTIONS = frozenset({"action", "attack-action"})
_AND, _OR = "AND", "OR"


@dataclass(frozen=True, slots=True)
class FlowAction:
    """One action of a flow, with the ids of actions before it: all of them, or any of them."""

    id: str
    name: str
    technique: str
    after_all: tuple[str, ...] = ()
    after_any: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow: its name and its actions, each after those it builds on."""

    name: str
    actions: tuple[FlowAction, ...]


@dataclass
class _Graph:
    """Blocks by id as (kind, name, technique, operator), and who leads to whom."""

    name: str = ""
    blocks: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    before: dict[str, list[str]] = field(default_factory=dict)

    def link(self, source: str, target: str) -> None:
        """Note that one block leads to another."""
        if source in self.blocks and target in self.blocks and source != target:
            self.before.setdefault(target, []).append(source)


def read_flow(path: Path) -> Flow:
    """Read a flow.

    Raises:
        DrillError: not readable, too large, or no Attack Flow.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DrillError(f"{path}: larger than {MAX_BYTES:,} bytes; that is no Attack Flow")
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise DrillError(f"{path}: not readable as JSON: {error}") from error
    return flow_from(data, str(path), path.stem)


def flow_from(data: object, where: str, called: str) -> Flow:
    """Return the flow of parsed JSON.

    Args:
        data: the document.
        where: for the error.
        called: name if it has none.

    Raises:
        DrillError: it is no Attack Flow.
    """
    objects = data.get("objects") if isinstance(data, dict) else None
    if not isinstance(objects, list) or len(objects) > MOST_OBJECTS:
        raise DrillError(f"{where}: no Attack Flow: there is no list of objects")
    known = [each for each in objects if isinstance(each, dict)]
    graph = _stix(known) if any("type" in each for each in known) else _builder(known)
    if not any(kind in _ACTIONS for kind, *_ in graph.blocks.values()):
        raise DrillError(f"{where}: no Attack Flow: there is no action in it")
    return Flow(graph.name or called, tuple(_ordered(graph)))


def _builder(objects: list[dict[str, Any]]) -> _Graph:
    graph = _Graph()
    anchors: dict[str, str] = {}
    latches: dict[str, str] = {}
    lines: list[tuple[str, str]] = []
    for each in objects:
        kind, id_ = _word(each.get("id")), _word(each.get("instance"))
        properties = _pairs(each.get("properties"))
        if kind == "flow":
            graph.name = _word(properties.get("name"))
        elif kind == "dynamic_line":
            lines.append((_word(each.get("source")), _word(each.get("target"))))
        elif "latches" in each:
            latches |= dict.fromkeys(map(_word, _list(each["latches"])), id_)
        elif isinstance(each.get("anchors"), dict):
            anchors |= {_word(anchor): id_ for anchor in each["anchors"].values()}
            technique = _word(_pairs(properties.get("ttp")).get("technique"))
            technique = technique or _word(properties.get("technique_id"))
            operator = _word(properties.get("operator")) or kind.partition("_")[0]
            graph.blocks[id_] = (kind, _word(properties.get("name")), technique, operator.upper())
    for source, target in lines:
        ends = (anchors.get(latches.get(end, ""), "") for end in (source, target))
        graph.link(*ends)
    return graph


_REFS = ("effect_refs", "on_true_refs", "on_false_refs")


def _stix(objects: list[dict[str, Any]]) -> _Graph:
    graph = _Graph()
    for each in objects:
        kind, id_ = _word(each.get("type")), _word(each.get("id"))
        if kind == "attack-flow":
            graph.name = _word(each.get("name"))
        if kind in ("attack-action", "attack-condition", "attack-operator"):
            name = _word(each.get("name"))
            technique = _word(each.get("technique_id"))
            graph.blocks[id_] = (kind, name, technique, _word(each.get("operator")).upper())
    for each in objects:
        for key in _REFS:
            for target in _list(each.get(key)):
                graph.link(_word(each.get("id")), _word(target))
    return graph


def _ordered(graph: _Graph) -> Iterator[FlowAction]:
    """Yield the actions so that each comes after those before it; what leads back is left out."""
    placed: dict[str, int] = {}
    for id_ in graph.blocks:
        _place(graph, id_, placed)
    for id_ in sorted(placed, key=lambda each: placed[each]):
        kind, name, technique, _ = graph.blocks[id_]
        if kind not in _ACTIONS:
            continue
        every, either = _above(graph, id_, placed)
        yield FlowAction(id_, name or technique or "?", technique, every, either)


def _place(graph: _Graph, start: str, placed: dict[str, int]) -> None:
    """Number a block after those before it, without recursion: a hostile flow may be deep."""
    stack = [(start, False)]
    begun: set[str] = set()
    while stack:
        id_, done = stack.pop()
        if done:
            placed.setdefault(id_, len(placed))
        elif id_ not in placed and id_ not in begun:
            begun.add(id_)
            stack.append((id_, True))
            stack += [(before, False) for before in graph.before.get(id_, ())]


def _above(
    graph: _Graph, id_: str, placed: Mapping[str, int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the nearest actions above a block: all through an AND, any otherwise."""
    every: dict[str, None] = {}
    either: dict[str, None] = {}
    seen = {id_}
    stack = [(before, False) for before in graph.before.get(id_, ())]
    while stack:
        above, joined = stack.pop()
        if above in seen or placed[above] >= placed[id_]:
            continue
        seen.add(above)
        kind, _, _, operator = graph.blocks[above]
        if kind in _ACTIONS:
            (every if joined else either)[above] = None
        else:
            together = joined or operator == _AND
            stack += [(before, together) for before in graph.before.get(above, ())]
    return tuple(every), tuple(either)


def _pairs(value: object) -> dict[str, Any]:
    """The builder keeps a mapping as a list of pairs."""
    return {
        each[0]: each[1]
        for each in _list(value)
        if isinstance(each, list) and len(each) == 2 and isinstance(each[0], str)
    }


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _word(value: object) -> str:
    return value[:400] if isinstance(value, str) else ""
