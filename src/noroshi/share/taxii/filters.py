"""URL query parameters (section 3.4): read strictly, refused where malformed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qsl

from noroshi.intel.objects import Match
from noroshi.intel.objects.checker import identifier_type
from noroshi.intel.objects.clock import parse
from noroshi.share.taxii.refusal import malformed

LIMIT = 1000
"""Objects of a page at most, and where nobody says how many."""

VALUES = 500
"""Values of one match field at most."""

PARAMETERS = 32
_TYPE = re.compile(r"[a-z0-9-]{1,250}")
_SPEC = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}")
_FIELDS = frozenset(("id", "type", "version", "spec_version"))
_WORDS = frozenset(("first", "last", "all"))


@dataclass(frozen=True, slots=True)
class Filters:
    """What a client asks for.

    Attributes:
        match: the match fields; no version means the one that the endpoint has by default.
        added_after: µs since 1970 UTC.
        limit: objects of a page, never more than ``LIMIT``.
        next: cursor that we gave out, as it came.
    """

    match: Match
    added_after: int | None
    limit: int
    next: str


def read_filters(query: str, fields: Collection[str], *, pages: bool = True) -> Filters:
    """Return the filters of a query.

    Args:
        query: the raw query string.
        fields: match fields that the endpoint knows.
        pages: whether it takes ``added_after``, ``limit`` and ``next``. Where it does not, a
            parameter that it does not know is refused and not ignored: a DELETE that ignores a
            condition deletes too much.

    Raises:
        Refusal: 400, a parameter is malformed, comes twice or does not belong here.
    """
    given = _parameters(query)
    match: dict[str, tuple[str, ...]] = {}
    for name in given:
        found = re.fullmatch(r"match\[(.*)\]", name)
        field = found[1] if found else ""
        if field in fields:
            match[field] = _values(name, given[name])
        elif field in _FIELDS or (not pages and name):
            raise malformed(f"{name[:100]!r} cannot be asked for here")
    after = given.get("added_after")
    moment = parse(after)
    if after is not None and (moment is None or moment < 0):
        raise malformed(f"added_after is no timestamp: {after[:100]!r}")
    return Filters(_match(match), moment, _limit(given.get("limit")), given.get("next", ""))


def _parameters(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS, errors="strict")
    except ValueError as error:
        raise malformed(f"the query cannot be read: {error}") from error
    given = dict(pairs)
    if len(given) < len(pairs):
        raise malformed("a parameter comes more than once")
    return given


def _values(name: str, text: str) -> tuple[str, ...]:
    values = tuple(text.split(",", VALUES))
    if len(values) > VALUES:
        raise malformed(f"{name} has more than {VALUES} values; ask in parts")
    if "" in values:
        raise malformed(f"{name} has an empty value")
    return values


def _match(given: dict[str, tuple[str, ...]]) -> Match:
    ids, types = given.get("id", ()), given.get("type", ())
    versions, specs = given.get("version", ()), given.get("spec_version", ())
    for name, values, good in (
        ("id", ids, lambda text: identifier_type(text) is not None),
        ("type", types, _TYPE.fullmatch),
        ("spec_version", specs, _SPEC.fullmatch),
        ("version", versions, lambda text: text in _WORDS or parse(text) is not None),
    ):
        for value in values:
            if not good(value):
                raise malformed(f"match[{name}] cannot be {value[:100]!r}")
    if len(set(versions)) < len(versions):
        raise malformed("match[version] names a version twice")
    if "all" in versions and len(versions) > 1:
        raise malformed("match[version]=all stands alone")
    return Match(ids, types, versions, specs)


def _limit(text: str | None) -> int:
    if text is None:
        return LIMIT
    if not re.fullmatch(r"[0-9]{1,100}", text) or not int(text):
        raise malformed(f"limit is no number above zero: {text[:100]!r}")
    return min(int(text), LIMIT)
