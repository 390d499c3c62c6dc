"""STIX patterns to single values.

Only what one value can decide is taken: equality and ``IN`` on observables, joined by ``OR``, or by
``AND`` where all are digests or names of the same file. The rest is refused with the reason.

Source: STIX 2.1, section 9 (STIX Patterning).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from noroshi.intel.indicators.indicator import IndicatorError, IndicatorType

_TOKEN = re.compile(
    r"\s*+(?:(?P<text>'(?:[^'\\]|\\.)*+')"
    r"|(?P<path>[a-z0-9-]++:(?:[\w.\[\]*-]++|'(?:[^'\\]|\\.)*+')++)"
    r"|(?P<word>\w++(?:\.\w++)?)"
    r"|(?P<mark><=|>=|!=|=|<|>|\(|\)|\[|\]|,))"
)

_PATHS = {
    "ipv4-addr:value": IndicatorType.ADDRESS,
    "ipv6-addr:value": IndicatorType.ADDRESS,
    "domain-name:value": IndicatorType.DOMAIN,
    "url:value": IndicatorType.URL,
    "email-addr:value": IndicatorType.MAIL,
    "email-message:from_ref.value": IndicatorType.MAIL,
    "email-message:sender_ref.value": IndicatorType.MAIL,
    "file:name": IndicatorType.FILE_NAME,
    "network-traffic:dst_ref.value": IndicatorType.ADDRESS,
    "network-traffic:src_ref.value": IndicatorType.ADDRESS,
}
_UNSUPPORTED = frozenset(
    {"NOT", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET", "FOLLOWEDBY", "EXISTS", "REPEATS"}
)
PATTERN_LENGTH = 100_000


def values_of(pattern: str) -> Iterator[tuple[IndicatorType, str]]:
    """Yield type and raw value of everything in a pattern that can be matched alone.

    Raises:
        IndicatorError: the pattern is malformed or needs more than one value.
    """
    if len(pattern) > PATTERN_LENGTH:
        raise IndicatorError(f"STIX pattern over {PATTERN_LENGTH} characters")
    tokens = list(_tokens(pattern))
    _refuse_what_one_value_cannot_decide(tokens)
    position = 0
    while position < len(tokens):
        kind, token = tokens[position]
        position += 1
        if kind != "path":
            continue
        operator = tokens[position][1] if position < len(tokens) else ""
        if operator not in ("=", "IN"):
            raise IndicatorError(f"STIX comparison {operator!r} on {token} is not matched")
        position += 1
        while position < len(tokens) and tokens[position][0] != "path":
            if tokens[position][0] == "text":
                yield _type_of(token), _literal(tokens[position][1])
            if tokens[position][1] in ("]", ")", "OR", "AND"):
                break
            position += 1


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(pattern.rstrip()):
        found = _TOKEN.match(pattern, position)
        if found is None or found.lastgroup is None:
            raise IndicatorError(f"STIX pattern not understood at {pattern[position:][:40]!r}")
        yield found.lastgroup, found.group(found.lastgroup)
        position = found.end()


def _refuse_what_one_value_cannot_decide(tokens: Sequence[tuple[str, str]]) -> None:
    words = {token for kind, token in tokens if kind == "word"}
    if found := words & _UNSUPPORTED:
        raise IndicatorError(f"STIX {', '.join(sorted(found))} is not matched")
    objects = {token.partition(":")[0] for kind, token in tokens if kind == "path"}
    if not objects:
        raise IndicatorError("STIX pattern without a comparison")
    if "AND" in words and objects != {"file"}:
        raise IndicatorError("STIX AND over different observables: one alone would say too much")


def _type_of(path: str) -> IndicatorType:
    if path.startswith("file:hashes"):
        return IndicatorType.HASH
    try:
        return _PATHS[path]
    except KeyError:
        raise IndicatorError(f"STIX path {path} is not matched") from None


def _literal(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
