"""Random rules and random events that have a fair chance to match."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

FIELDS = ("Image", "CommandLine", "User", "Port", "Data")

_ALPHABET = "aAbB-/ \\*?%1éÉßİ\u0131\u03c3Σς日本'\n\0."
_PLAIN = "aAbB-/ \\1éÉ\u03c3Σς日\n"

_common = st.sampled_from(
    (
        "a", "b", "ab", "A-b", "cmd.exe", "CMD.EXE /c whoami", "-enc YQBi", "ab-ab", "a/b -a",
        "YWI=", "c:\\Windows\\cmd.exe", "é", "*", "a*b", "?b", "1",
    )
)  # fmt: skip
texts = st.one_of(_common, _common, st.text(_ALPHABET, max_size=6))
numbers = st.integers(-3, 12)
addresses = st.sampled_from(("10.1.2.3", "192.0.2.9", "2001:db8::1", "10.1.2", "a"))
times = st.sampled_from(("2024-02-29T23:59:01Z", "2024-01-01 05:00:00+09:00", "2023-11-05"))

values = texts | numbers.map(str) | addresses | times | st.sampled_from(("true", "False", ""))


@st.composite
def events(draw: st.DrawFn) -> dict[str, str | list[str] | None]:
    """An event; ``Data`` holds lists."""
    record: dict[str, str | list[str] | None] = {}
    for name in FIELDS:
        if draw(st.integers(0, 3)):
            several = st.lists(values, max_size=3) if name == "Data" else values
            record[name] = draw(several | st.none())
    return record


_regexes = st.sampled_from(
    (
        "a.b", "^a", "b$", "A|b", "[ab]+-", "(a|B){2}", ".", "^$", "x?", "é", "cmd\\.exe",
        "(?:ab)+", "^.{3}$", "a$|^b", "\\\\Win", "(b|$)", "whoami", "[^a]b", "(?!x)a", "日.", "1",
    )
)  # fmt: skip

_text_keys = st.sampled_from(
    (
        "", "|contains", "|startswith", "|endswith", "|contains|all", "|cased", "|contains|cased",
        "|startswith|cased", "|endswith|cased", "|windash|contains", "|windash|contains|all",
        "|neq", "|contains|neq",
    )
)  # fmt: skip


def _item(draw: st.DrawFn) -> tuple[str, Any]:
    """One ``field|modifiers: value`` of a selection."""
    field = draw(st.sampled_from(FIELDS))
    kind = draw(st.integers(0, 19))
    if kind < 9:
        several = st.lists(texts, min_size=1, max_size=3)
        return field + draw(_text_keys), draw(texts | several)
    if kind == 9:
        return field, draw(numbers | st.none() | st.booleans())
    if kind == 10:
        return field + "|exists", draw(st.booleans())
    if kind == 11:
        key = draw(st.sampled_from(("|lt", "|lte", "|gt", "|gte")))
        return field + key, draw(numbers | st.sampled_from((0.5, 2.0)))
    if kind == 12:
        networks = ("10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32", "0.0.0.0/0")
        return field + "|cidr", draw(st.sampled_from(networks))
    if kind == 13:
        key = draw(st.sampled_from(("", "|startswith", "|endswith", "|contains")))
        return f"{field}|fieldref{key}", draw(st.sampled_from(FIELDS))
    if kind == 14:
        key = draw(st.sampled_from(("minute", "hour", "day", "week", "month", "year")))
        return f"{field}|{key}", draw(st.sampled_from((0, 1, 2, 5, 9, 11, 20, 23, 29, 59, 2024)))
    if kind == 15:
        plain = st.text("ab-1", min_size=1, max_size=4)
        key = draw(st.sampled_from(("base64", "base64offset|contains", "wide|base64", "utf16")))
        return f"{field}|{key}", draw(plain)
    return f"{field}|re{draw(st.sampled_from(('', '|i', '|m', '|s', '|i|m')))}", draw(_regexes)


@st.composite
def selections(draw: st.DrawFn) -> Any:
    """A selection: fields, alternatives of fields, or keywords."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(st.lists(st.text(_PLAIN, min_size=1, max_size=3), min_size=1, max_size=3))
    if kind == 1:
        return {"|all": draw(st.lists(st.text(_PLAIN, min_size=1, max_size=2), min_size=1))}
    if kind == 2:
        return [dict([_item(draw)]) for _ in range(draw(st.integers(1, 2)))]
    return dict(_item(draw) for _ in range(draw(st.integers(1, 2))))


_conditions = st.sampled_from(
    (
        "one", "not one", "one and two", "one or two", "one and not two", "not (one or two)",
        "1 of them", "all of them", "not 1 of t* and one", "(one and two) or not (two or three)",
        "not not one", "one or not two", "all of t* or one",
    )
)  # fmt: skip


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule document."""
    return {
        "title": "Made up",
        "id": str(draw(st.uuids())),
        "logsource": {"product": "windows"},
        "detection": {
            "one": draw(selections()),
            "two": draw(selections()),
            "three": draw(selections()),
            "condition": draw(_conditions | st.lists(_conditions, min_size=1, max_size=2)),
        },
    }
