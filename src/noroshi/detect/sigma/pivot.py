"""Pivots: for each rule a small set of texts of which a matching event must contain one.

A rule that matches needs at least one of its pivots; so the events in which none of them occurs
need no look at the rule at all. Exclusions (``not``) can never be pivots. Among the possible sets
the one expected to occur least often is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from re import _parser as re_parser  # type: ignore[attr-defined]  # has no public name
from typing import Any

from noroshi.detect.sigma.condition import And, Condition, Not, Or, Regex, Text, Wild
from noroshi.detect.sigma.fold import fold

SHORTEST = 2
"""Bytes below which a text is too common to look for, unless it is one of :data:`_RARE`."""

_RARE = frozenset("`^~{}#$!@")
"""Single characters that are rare enough in logs to be looked for."""

_COMMONPLACE = fold(
    r"c:\windows\system32\cmd.exe /c c:\windows\syswow64\windowspowershell\v1.0\powershell.exe "
    r"c:\windows\system32\svchost.exe -k netsvcs c:\windows\explorer.exe c:\windows\system32\r"
    r"c:\program files (x86)\microsoft\edge\application\msedge.exe c:\programdata\microsoft\ "
    r"c:\program files\google\chrome\application\chrome.exe --type=renderer c:\users\public\ "
    r"appdata\local\temp\ appdata\roaming\microsoft\windows\ rundll32.exe regsvr32.exe https:// "
    r"http://www. .com .dll .ps1 .bat .vbs nt authority\system hklm\software\microsoft\windows\ "
    r"currentversion\services hkey_local_machine\system\currentcontrolset\control\ "
    r"/usr/bin/ /usr/sbin/ /etc/ /tmp/ /var/log/ /bin/sh /bin/bash python3 curl sudo "
    "execve syscall get post user system true false"
)
"""Text full of what is on every machine; what occurs in it makes a poor pivot."""


@dataclass(frozen=True, slots=True, order=True)
class Pivot:
    """One text to look for.

    Attributes:
        field: Sigma field; empty for every field of the record.
        text: folded text.
        whole: the value must be this text, not merely contain it.
    """

    field: str
    text: str
    whole: bool = False


def pivots(condition: Condition) -> tuple[Pivot, ...] | None:
    """Return texts of which one must occur for the condition to hold; None if there are none."""
    if isinstance(condition, And):
        return _rarest(pivots(child) for child in condition.children)
    if isinstance(condition, Or):
        return _either([pivots(child) for child in condition.children])
    if isinstance(condition, Not):
        inner = condition.child
        return pivots(inner.child) if isinstance(inner, Not) else None
    if isinstance(condition, Text):
        return _text(condition)
    if isinstance(condition, Regex):
        return _regex(condition)
    return None


def _rarest(found: Iterable[tuple[Pivot, ...] | None]) -> tuple[Pivot, ...] | None:
    known = [item for item in found if item is not None]
    return min(known, key=_frequency, default=None)


def _either(found: list[tuple[Pivot, ...] | None]) -> tuple[Pivot, ...] | None:
    union: dict[Pivot, None] = {}
    for item in found:
        if item is None:
            return None
        union |= dict.fromkeys(item)
    return tuple(union)


def _frequency(found: tuple[Pivot, ...]) -> float:
    return sum(_share(pivot) for pivot in found)


def _share(pivot: Pivot) -> float:
    """Rough share of events in which a pivot occurs: a guess that only steers the choice."""
    if pivot.whole:
        return 0.02 if len(pivot.text) <= 5 else 0.004
    return _part_share(pivot.text)


def _part_share(text: str) -> float:
    length = len(text.encode())
    if text in _RARE:
        return 0.2
    if text in _COMMONPLACE:
        return max(0.08, 0.5 * 0.8**length)
    return max(1e-6, 0.5 * 0.6**length)


def _text(atom: Text) -> tuple[Pivot, ...] | None:
    field = atom.field or ""
    texts = [part for part in atom.parts if not isinstance(part, Wild)]
    if atom.cased:
        texts = [fold(text) for text in texts]
    if len(texts) == len(atom.parts):
        return (Pivot(field, "".join(texts), whole=True),)
    return _longest(field, [_searchable(text) for text in texts])


def _searchable(text: str) -> str:
    """Return the longest stretch without NUL, which not every search engine takes."""
    return max(text.split("\0"), key=len) if "\0" in text else text


def _longest(field: str, runs: list[str]) -> tuple[Pivot, ...] | None:
    best = runs[0] if len(runs) == 1 else min(runs, key=_part_share, default="")
    return (Pivot(field, best),) if len(best.encode()) >= SHORTEST or best in _RARE else None


def _regex(atom: Regex) -> tuple[Pivot, ...] | None:
    flags = re.ASCII
    if "i" in atom.flags:
        flags |= re.IGNORECASE
    try:
        tree = re_parser.parse(atom.pattern, flags)
    except (re.error, OverflowError, RecursionError):
        return None
    ignore = bool(tree.state.flags & re.IGNORECASE) or (
        "(?" in atom.pattern and "i" in "".join(re.findall(r"\(\?([a-zA-Z-]+)", atom.pattern))
    )
    return _sequence(atom.field or "", tree, ignore)


def _sequence(field: str, items: Any, ignore: bool) -> tuple[Pivot, ...] | None:
    """Pivots of a sequence of a parsed expression: its literal runs, or what a part needs."""
    runs = [""]
    parts: list[tuple[Pivot, ...] | None] = []
    for code, value in items:
        name = str(code)
        if name == "LITERAL" and _plain(value, ignore):
            runs[-1] += chr(value).lower()
            continue
        runs.append("")
        if name == "SUBPATTERN":
            parts.append(_sequence(field, value[3], ignore))
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0] > 0:
            parts.append(_sequence(field, value[2], ignore))
        elif name == "ATOMIC_GROUP":
            parts.append(_sequence(field, value, ignore))
        elif name == "BRANCH":
            parts.append(_either([_sequence(field, branch, ignore) for branch in value[1]]))
    return _rarest([_longest(field, [run]) for run in runs if run] + parts)


def _plain(code: int, ignore: bool) -> bool:
    """Tell whether a literal looks the same after folding.

    Without regard to case an ``s`` also stands for the long s (U+017F), which folds to itself.
    """
    return 0 < code < 0x80 and not (ignore and chr(code) in "sS")
