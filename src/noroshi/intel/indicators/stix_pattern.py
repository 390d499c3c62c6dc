"""STIX patterns to values that can be looked up one by one.

A pattern is read by its grammar and reduced to a *cover*: values of which at least one must be
seen wherever the pattern holds. Of comparisons joined by ``AND`` the most telling one is enough (a
digest says more than a file name), but that a domain resolves to an address, as MISP's
``domain|ip`` says, makes both be looked for; of those joined by ``OR`` every one is needed. What
has no cover (``NOT``, ``LIKE``, other objects, several observations together) is refused with the
reason.

Source: STIX 2.1, section 9 (STIX Patterning), and its ANTLR grammar.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn, TypeAlias

from noroshi.intel.indicators.indicator import IndicatorError, IndicatorType

PATTERN_LENGTH = 100_000
NESTING = 50

_TOKEN = re.compile(
    r"\s*+(?:(?P<text>[thb]?'(?:[^'\\]|\\.)*+')"
    r"|(?P<path>[a-zA-Z][a-zA-Z0-9_-]*+:(?:[\w.*-]++|\[(?:\*|\d++)\]|['\"](?:[^'\"\\]|\\.)*+['\"])++)"
    r"|(?P<word>[A-Za-z]\w*+)"
    r"|(?P<number>[+-]?+\d++(?:\.\d++)?+)"
    r"|(?P<mark><=|>=|!=|<>|==|=|<|>|\(|\)|\[|\]|,))",
    re.DOTALL,
)

_PATHS = {
    "ipv4-addr:value": IndicatorType.ADDRESS,
    "ipv6-addr:value": IndicatorType.ADDRESS,
    "network-traffic:dst_ref.value": IndicatorType.ADDRESS,
    "network-traffic:src_ref.value": IndicatorType.ADDRESS,
    "domain-name:value": IndicatorType.DOMAIN,
    "url:value": IndicatorType.URL,
    "email-addr:value": IndicatorType.MAIL,
    "email-message:from_ref.value": IndicatorType.MAIL,
    "email-message:sender_ref.value": IndicatorType.MAIL,
    "file:name": IndicatorType.FILE_NAME,
}
_HASHES = re.compile(r"(?:file|artifact|x509-certificate|\w+:(?:binary|image)_ref)[:.]hashes\.")
_TELLING = (
    IndicatorType.HASH,
    IndicatorType.URL,
    IndicatorType.MAIL,
    IndicatorType.DOMAIN,
    IndicatorType.ADDRESS,
    IndicatorType.NETWORK,
    IndicatorType.FILE_NAME,
)
"""Types from the most to the least telling."""

_RESOLVES = re.compile(r"domain-name:resolves_to_refs\[(?:\*|\d+)\]\.value")

Value: TypeAlias = tuple[IndicatorType, str]
Cover: TypeAlias = "list[Value] | str"
"""Values, or the reason why there are none."""


class _Resolved(list[Value]):
    """What a domain resolves to: looked for beside the domain."""


def values_of(pattern: str) -> list[Value]:
    """Return type and raw value of what to look for, in the pattern's order.

    Raises:
        IndicatorError: the pattern is malformed, or no lookup of single values can decide it.
    """
    if len(pattern) > PATTERN_LENGTH:
        raise IndicatorError(f"STIX pattern over {PATTERN_LENGTH} characters")
    cover = _Reader(list(_tokens(pattern))).pattern()
    if isinstance(cover, str):
        raise IndicatorError(cover)
    return list(dict.fromkeys(cover))


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    position, end = 0, len(pattern.rstrip())
    while position < end:
        found = _TOKEN.match(pattern, position)
        if found is None or found.lastgroup is None:
            rest = pattern[position:].lstrip()
            at = len(pattern) - len(rest) + 1
            raise IndicatorError(f"STIX pattern not understood at character {at}: {rest[:40]!r}")
        yield found.lastgroup, found.group(found.lastgroup)
        position = found.end()


class _Reader:
    """Recursive descent over the tokens, one method per rule of the grammar."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self._tokens = [*tokens, ("end", "the end")]
        self._at = 0
        self._depth = 0

    def pattern(self) -> Cover:
        cover = self._joined(self._observation, "FOLLOWEDBY")
        if self._tokens[self._at][0] != "end":
            self._fail("one operator or the end")
        return cover

    def _joined(self, operand: Callable[[], Cover], *more: str) -> Cover:
        """OR binds loosest, then AND; FOLLOWEDBY like AND: all operands are needed."""
        either = [self._all_of(operand, more)]
        while self._take("OR"):
            either.append(self._all_of(operand, more))
        return _either(either)

    def _all_of(self, operand: Callable[[], Cover], more: Sequence[str]) -> Cover:
        both = [operand()]
        while any(self._take(word) for word in ("AND", *more)):
            both.append(operand())
        if len(both) > 1 and more:
            return "STIX pattern needs several observations together"
        return _all_of(both)

    def _observation(self) -> Cover:
        if self._take("("):
            cover = self._nested(lambda: self._joined(self._observation, "FOLLOWEDBY"))
            self._need(")")
        else:
            self._need("[")
            cover = self._joined(self._comparison)
            self._need("]")
        return self._qualified(cover)

    def _qualified(self, cover: Cover) -> Cover:
        """WITHIN, REPEATS and START … STOP say when and how often: one value cannot decide it."""
        while self._tokens[self._at][1] in ("WITHIN", "REPEATS", "START", "STOP"):
            cover = f"STIX {self._tokens[self._at][1]} is not matched"
            while self._tokens[self._at][0] in ("word", "number", "text") and self._tokens[
                self._at
            ][1] not in ("AND", "OR", "FOLLOWEDBY"):
                self._at += 1
        return cover

    def _comparison(self) -> Cover:
        if self._take("("):
            cover = self._nested(lambda: self._joined(self._comparison))
            self._need(")")
            return cover
        if self._take("EXISTS"):
            self._next("path")
            return "STIX EXISTS is not matched"
        path = self._next("path")
        negated = self._take("NOT")
        operator = self._operator()
        texts = self._set() if operator == "IN" else [self._literal()]
        if negated or operator in ("!=", "<>"):
            return f"STIX NOT on {path} is not matched"
        if operator not in ("=", "==", "IN", "ISSUBSET"):
            return f"STIX {operator} on {path} is not matched"
        if _RESOLVES.fullmatch(path):
            return _Resolved((_host_type(text), text) for text in texts)
        kind = _type_of(path)
        if kind is None:
            return f"STIX path {path} is not matched"
        return [(_network_or(kind, text), text) for text in texts]

    def _nested(self, rule: Callable[[], Cover]) -> Cover:
        self._depth += 1
        if self._depth > NESTING:
            raise IndicatorError(f"STIX pattern nested more than {NESTING} deep")
        cover = rule()
        self._depth -= 1
        return cover

    def _operator(self) -> str:
        kind, token = self._tokens[self._at]
        known = ("IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET")
        if not (kind == "mark" and token[0] in "=!<>") and token not in known:
            self._fail("a comparison operator")
        self._at += 1
        return token

    def _set(self) -> list[str]:
        self._need("(")
        texts = [self._literal()]
        while self._take(","):
            texts.append(self._literal())
        self._need(")")
        return texts

    def _literal(self) -> str:
        kind, token = self._tokens[self._at]
        if kind not in ("text", "number", "word"):
            self._fail("a constant")
        self._at += 1
        if kind != "text":
            return token
        return re.sub(r"\\(.)", r"\1", token[token.index("'") + 1 : -1], flags=re.DOTALL)

    def _next(self, kind: str) -> str:
        if self._tokens[self._at][0] != kind:
            self._fail(f"an object {kind}")
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _take(self, token: str) -> bool:
        kind, found = self._tokens[self._at]
        if found != token or kind not in ("word", "mark"):
            return False
        self._at += 1
        return True

    def _need(self, token: str) -> None:
        if not self._take(token):
            self._fail(repr(token))

    def _fail(self, expected: str) -> NoReturn:
        found = self._tokens[self._at][1][:40]
        raise IndicatorError(f"STIX pattern: expected {expected}, found {found!r}")


def _either(covers: Sequence[Cover]) -> Cover:
    if len(covers) == 1:
        return covers[0]
    values: list[Value] = []
    for cover in covers:
        if isinstance(cover, str):
            return cover
        values += cover
    return values


def _all_of(covers: Sequence[Cover]) -> Cover:
    known = [cover for cover in covers if not isinstance(cover, str)]
    if not known:
        return covers[0]
    beside = [value for cover in known if isinstance(cover, _Resolved) for value in cover]
    own = [cover for cover in known if not isinstance(cover, _Resolved)]
    if not own:
        return _Resolved(beside)
    telling = min(own, key=lambda cover: max(_TELLING.index(kind) for kind, _ in cover))
    return [*telling, *beside]


def _type_of(path: str) -> IndicatorType | None:
    return IndicatorType.HASH if _HASHES.match(path) else _PATHS.get(path)


def _host_type(text: str) -> IndicatorType:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return IndicatorType.DOMAIN
    return IndicatorType.ADDRESS


def _network_or(kind: IndicatorType, text: str) -> IndicatorType:
    return IndicatorType.NETWORK if kind is IndicatorType.ADDRESS and "/" in text else kind
