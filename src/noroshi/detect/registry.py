"""Set-shaped analytics: found by walking this folder and by entry point ``noroshi.detectors``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any, TypeAlias

import ibis.expr.types as ir

from noroshi.model import Finding, Severity

Tables: TypeAlias = Mapping[str, ir.Table]
Row: TypeAlias = Mapping[str, Any]

_ATTRIBUTE = "__noroshi_detector__"


@dataclass(frozen=True, slots=True)
class Window:
    """The span of time that findings are wanted for: ``start <= time < end``, µs since 1970 UTC.

    Undated events (time 0) lie in no window.
    """

    start: int = 1
    end: int = 2**63 - 1

    def holds(self, time: ir.IntegerColumn) -> ir.BooleanValue:
        """Return the condition that a time lies in the window."""
        return (time >= max(self.start, 1)) & (time < self.end)


Expression: TypeAlias = Callable[[Tables, Window], ir.Table]


@dataclass(frozen=True, slots=True)
class Detector:
    """One analytic.

    Attributes:
        name: short name, the ``analytic`` of its findings.
        title: one line in English, a message template.
        techniques: ATT&CK techniques that it can point at.
        severity: of an ordinary finding; a finding may say another.
        reads: event classes whose tables it gets.
        finding: makes a finding of one row of the expression.
        expression: what it computes, the same on every engine.
        lookback_days: days before the window that its tables also hold.
        history_days: days with events that must lie behind it before it may speak.
    """

    name: str
    title: str
    techniques: tuple[str, ...]
    severity: Severity
    reads: tuple[str, ...]
    finding: Callable[[Row], Finding]
    expression: Expression
    lookback_days: int = 0
    history_days: int = 0


def detector(
    *,
    name: str,
    title: str,
    techniques: tuple[str, ...],
    severity: Severity,
    reads: tuple[str, ...],
    finding: Callable[[Row], Finding],
    lookback_days: int = 0,
    history_days: int = 0,
) -> Callable[[Expression], Expression]:
    """Declare a function as an analytic; the arguments are :class:`Detector`'s."""

    def mark(expression: Expression) -> Expression:
        declared = Detector(
            name,
            title,
            techniques,
            severity,
            reads,
            finding,
            expression,
            lookback_days,
            history_days,
        )
        setattr(expression, _ATTRIBUTE, declared)
        return expression

    return mark


@cache
def detectors() -> Sequence[Detector]:
    """Return every analytic there is, in name order."""
    found = {item.name: item for module in _modules() for item in _declared(module)}
    return tuple(found[name] for name in sorted(found))


def _modules() -> Iterator[object]:
    package = importlib.import_module("noroshi.detect")
    for info in pkgutil.walk_packages(package.__path__, "noroshi.detect."):
        yield importlib.import_module(info.name)
    for entry in entry_points(group="noroshi.detectors"):
        yield entry.load()


def _declared(module: object) -> Iterator[Detector]:
    for value in vars(module).values():
        declared = getattr(value, _ATTRIBUTE, None)
        if isinstance(declared, Detector):
            yield declared
