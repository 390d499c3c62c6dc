r"""Regular expressions: a linear-time engine first, Python's own for what that cannot do.

Rules are written for PCRE-like engines. RE2 takes nearly all of them and runs in linear time on
whatever an attacker writes into a log. Expressions with look-around or back-references go to
Python's ``re``, which can be made to backtrack: they see the first :data:`REACH` characters of a
value only. Classes such as ``\w`` are ASCII, as in PCRE without ``UCP``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from re import _parser as re_parser  # type: ignore[attr-defined]
from typing import Any

try:
    import re2
except ImportError:  # pragma: no cover - a platform without the wheel
    re2 = None

from noroshi.detect.sigma.errors import RuleRejected

REACH = (65_536, 4_096, 512)
"""Characters that an expression for the backtracking engine gets to see, by the number of open
repetitions in it: each of them multiplies the work by the length."""

_LONG = 16
"""Repetitions up to this often do not count as open."""

_END = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


@lru_cache(maxsize=4_096)
def searcher(pattern: str, flags: str) -> Callable[[str], bool]:
    """Return a function that tells whether a value contains a match."""
    linear = _linear(pattern, flags)
    if linear is not None:
        return linear
    compiled = _backtracking(pattern, flags)
    reach = REACH[_open_repetitions(re_parser.parse(pattern, compiled.flags & ~re.ASCII), False)]
    return lambda value: compiled.search(value[:reach]) is not None


def runs_in_linear_time(pattern: str, flags: str = "") -> bool:
    """Tell whether RE2 takes an expression."""
    return _linear(pattern, flags) is not None


def check_pattern(pattern: str, flags: str) -> None:
    """Refuse what no engine can compile, and what would backtrack without bound.

    Raises:
        RuleRejected: the expression is invalid, or repeats a repetition in an expression that
            needs the backtracking engine.
    """
    if _linear(pattern, flags) is not None:
        return
    try:
        compiled = _backtracking(pattern, flags)
        count = _open_repetitions(re_parser.parse(pattern, compiled.flags & ~re.ASCII), False)
    except (re.error, OverflowError) as error:
        raise RuleRejected(f"invalid regular expression {pattern!r}: {error}") from error
    if count >= len(REACH):
        raise RuleRejected(
            f"regular expression {pattern!r} needs look-around or back-references and repeats too "
            "much to be run safely; rewrite it without one of the two"
        )


def _open_repetitions(items: Any, inside: bool) -> int:
    """Count open repetitions; one that repeats a choice or a repetition counts as too many."""
    count = 0
    for code, value in items:
        name = str(code)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            repeated = value[1] > _LONG
            if inside:
                return len(REACH)
            count += repeated + _open_repetitions(value[2], repeated)
        elif name == "BRANCH":
            if inside:
                return len(REACH)
            count += sum(_open_repetitions(branch, inside) for branch in value[1])
        elif name == "SUBPATTERN":
            count += _open_repetitions(value[3], inside)
        elif name in ("ASSERT", "ASSERT_NOT"):
            count += _open_repetitions(value[1], inside)
        elif name == "ATOMIC_GROUP":
            count += _open_repetitions(value, inside)
    return count


def _backtracking(pattern: str, flags: str) -> re.Pattern[str]:
    combined = re.ASCII
    for flag in flags:
        combined |= _FLAGS[flag]
    return re.compile(pattern, combined)


def _linear(pattern: str, flags: str) -> Callable[[str], bool] | None:
    """RE2's search, or None where RE2 is missing or cannot take the expression."""
    same = pattern if "m" in flags else _python_end(pattern)
    if re2 is None or same is None:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile((f"(?{flags})" if flags else "") + same, options)
    except re2.error:
        return None
    return lambda value: compiled.search(value) is not None


def _python_end(pattern: str) -> str | None:
    r"""Spell out ``$``: in PCRE and Python it also matches before a final line feed, not in RE2.

    Only a ``$`` that ends the expression or an alternative can be spelled as ``\n?\z``; None for
    any other, and where an inline flag could change what it means.
    """
    if "(?" in pattern and re.search(r"\(\?[a-zA-Z]*m", pattern):
        return None
    out: list[str] = []
    last = 0
    for found in _END.finditer(pattern):
        if found.group() != "$":
            continue
        rest = pattern[found.end() :]
        if rest and rest[0] not in "|)":
            return None
        if rest.lstrip(")") and not rest.lstrip(")").startswith("|"):
            return None
        out += [pattern[last : found.start()], r"(?:\n?\z)"]
        last = found.end()
    return "".join(out) + pattern[last:]
