"""Expressions that turn native fields into OCSF columns, a whole batch at a time.

A mapping reads like a table: ``{"process_pid": integer("ProcessId"), "process_cmd_line":
"CommandLine"}``. Each expression takes the batch's native fields and returns one Arrow array.
"""

from __future__ import annotations

import ntpath
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Fields:
    """Native fields of a batch by name; an absent field is an array of nulls."""

    def __init__(self, native: pa.RecordBatch) -> None:
        self._native = native
        self._names = {name: index for index, name in enumerate(native.schema.names)}
        self.num_rows = int(native.num_rows)

    def text(self, name: str) -> pa.Array:
        """Return a field as text; of several values, the first."""
        values = self._column(name)
        several = self._column(name + "[]")
        if several is None:
            return pa.nulls(self.num_rows, pa.string()) if values is None else values
        first = pc.list_element(
            pc.if_else(pc.equal(pc.list_value_length(several), 0), None, several), 0
        )
        return first if values is None else pc.coalesce(values, first)

    def texts(self, name: str) -> pa.Array:
        """Return a field as a list of texts; a single value becomes a list of one."""
        values = self._column(name)
        several = self._column(name + "[]")
        if values is None:
            return pa.nulls(self.num_rows, pa.list_(pa.string())) if several is None else several
        single = pa.array(
            [None if value is None else [value] for value in values.to_pylist()],
            pa.list_(pa.string()),
        )
        return single if several is None else pc.coalesce(several, single)

    def _column(self, name: str) -> pa.Array | None:
        index = self._names.get(name)
        return None if index is None else self._native.column(index)


Expression: TypeAlias = Callable[[Fields], pa.Array]


def as_expression(source: Expression | str) -> Expression:
    """Return an expression as it is, a field name as the expression that takes the field."""
    return field(source) if isinstance(source, str) else source


def field(name: str) -> Expression:
    """The field as text."""
    return lambda fields: fields.text(name)


def several(name: str) -> Expression:
    """The field as a list of texts."""
    return lambda fields: fields.texts(name)


def constant(value: str | int | bool) -> Expression:
    """The same value in every row."""
    scalar = pa.scalar(value)
    return lambda fields: pa.repeat(scalar, fields.num_rows)


def coalesce(*sources: Expression | str) -> Expression:
    """The first that is not null."""
    expressions = [as_expression(source) for source in sources]
    return lambda fields: pc.coalesce(*(expression(fields) for expression in expressions))


def per_value(
    function: Callable[[str], Any], source: Expression | str, kind: pa.DataType | None = None
) -> Expression:
    """Apply a plain function to each distinct text.

    None, a raised ValueError and a number beyond 64 bits give null.
    """
    expression = as_expression(source)

    def call(value: str | None) -> Any:
        if value is None:
            return None
        try:
            result = function(value)
        except ValueError:
            return None
        return result if not isinstance(result, int) or result in _INT64 else None

    def run(fields: Fields) -> pa.Array:
        encoded = expression(fields).dictionary_encode()
        results = [call(value) for value in encoded.dictionary.to_pylist()]
        return pa.array(results, kind or pa.string()).take(encoded.indices)

    return run


def integer(source: Expression | str) -> Expression:
    """Decimal or ``0x`` hexadecimal text as a 64-bit integer; anything else is null."""
    return per_value(_integer, source, pa.int64())


def boolean(source: Expression | str) -> Expression:
    """``true``/``1``/``T``/``yes`` and their opposites, in any case; anything else is null."""
    return per_value(lambda text: _BOOLEANS.get(text.lower()), source, pa.bool_())


def choice(
    source: Expression | str, table: Mapping[str, str | int | bool], default: Any = None
) -> Expression:
    """Look each text up in a table."""
    sample = next(iter(table.values()))
    kind = pa.scalar(sample).type
    return per_value(lambda text: table.get(text, default), source, kind)


def lower(source: Expression | str) -> Expression:
    """Lower case."""
    expression = as_expression(source)
    return lambda fields: pc.utf8_lower(expression(fields))


def base_name(source: Expression | str) -> Expression:
    """Last part of a Windows or POSIX path."""
    return per_value(ntpath.basename, source)


def account_name(source: Expression | str) -> Expression:
    r"""``name`` of ``DOMAIN\name`` or ``name@domain``."""
    return per_value(lambda text: split_account(text)[1], source)


def account_domain(source: Expression | str) -> Expression:
    r"""``DOMAIN`` of ``DOMAIN\name`` or ``name@domain``; null where there is none."""
    return per_value(lambda text: split_account(text)[0] or None, source)


def guid(source: Expression | str) -> Expression:
    """GUID in lower case without braces."""
    return per_value(lambda text: text.strip("{}").lower(), source)


def digest(name: str, source: Expression | str) -> Expression:
    """One digest out of ``SHA1=…,MD5=…,SHA256=…,IMPHASH=…``, lower case."""
    prefix = name.upper() + "="

    def find(text: str) -> str | None:
        for part in text.split(","):
            if part.upper().startswith(prefix):
                return part[len(prefix) :].lower()
        return None

    return per_value(find, source)


def without(source: Expression | str, *nothing: str) -> Expression:
    """The text, null where it is one of the source's words for "no value" such as ``-``."""
    blanks = frozenset(nothing) or frozenset({"", "-"})
    return per_value(lambda text: None if text in blanks else text, source)


def iso_time(source: Expression | str) -> Expression:
    """ISO 8601 date and time as µs since 1970 UTC; no offset means UTC, unreadable means null."""
    expression = as_expression(source)
    return lambda fields: iso_microseconds(expression(fields))


def epoch_time(source: Expression | str, unit: int = 1_000_000) -> Expression:
    """A number of ``1/unit``… seconds since 1970 as µs: ``unit`` is the µs in one count."""
    return per_value(lambda text: epoch_microseconds(text, unit), source, pa.int64())


def iso_microseconds(values: pa.Array) -> pa.Array:
    """ISO 8601 texts to µs since 1970 UTC, vectorised where the whole batch is regular."""
    if not pc.any(pc.match_substring_regex(values, r"[+-]\d\d:?\d\d$")).as_py():
        trimmed = pc.utf8_slice_codeunits(pc.utf8_rtrim(values, "Z"), 0, 26)
        try:
            return trimmed.cast(pa.timestamp("us")).cast(pa.int64())
        except pa.ArrowInvalid:
            pass
    return pa.array([_iso(value) for value in values.to_pylist()], pa.int64())


def epoch_microseconds(text: str, unit: int = 1_000_000) -> int:
    """Decimal seconds (or another unit) to µs without binary rounding of the fraction.

    Raises:
        ValueError: not a decimal number.
    """
    whole, _, fraction = text.partition(".")
    if not fraction:
        return _bounded(int(whole) * unit)
    if not fraction.isdecimal() or not fraction.isascii():
        return _bounded(int(float(text) * unit))
    part = int((fraction + "000000")[:6]) * unit // 1_000_000
    return _bounded(int(whole) * unit + (-part if whole.startswith("-") else part))


def split_account(text: str) -> tuple[str, str]:
    r"""Split ``DOMAIN\name`` or ``name@domain`` into domain and name."""
    domain, separator, name = text.rpartition("\\")
    if separator:
        return domain, name
    name, separator, domain = text.partition("@")
    return (domain, name) if separator else ("", text)


_INT64 = range(-(2**63), 2**63)
_BOOLEANS = {
    "true": True, "1": True, "t": True, "yes": True, "y": True,
    "false": False, "0": False, "f": False, "no": False, "n": False,
}  # fmt: skip


def _bounded(number: int) -> int:
    if number not in _INT64:
        raise ValueError("outside 64 bits")
    return number


def _integer(text: str) -> int:
    if len(text) > 20:  # 2⁶⁴ has twenty digits; int() of a megabyte of digits is quadratic
        raise ValueError("too long")
    return _bounded(int(text, 16) if text[:2] in ("0x", "0X") else int(text))


def _iso(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    gap = moment - EPOCH
    return (gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds
