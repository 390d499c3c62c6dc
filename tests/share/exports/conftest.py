"""Indicators that nobody means well, and a place to write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from noroshi.intel.indicators import Indicator, IndicatorType
from noroshi.share.exports import (
    Folder,
    Job,
    Known,
    OneFile,
    Policy,
    Tally,
    format_named,
    select,
)

NOW = 1_779_000_000_000_000
DAY = 86_400_000_000
HOSTILE = (
    "evil.example", "a\nb.example", 'a".example', "a;b.example", "*.example", "a\x00b.example",
    "x.example CNAME .", "-", "(empty)", "#x.example", "=cmd|'/c calc'!A1.exe", "a\tb.exe",
    "http://evil.example/a\"; sid:1; x", "http://evil.example/|41|", "http://evil.example/a b",
    "http://evil.example/(.*)+$", "https://evil.example/\u2028", "http://[::1/", "x@evil.example",
    "$INCLUDE /etc/passwd", "a.example\r\nlocal-zone: x", "\\x09.example", "http://u:p@evil.example/",
    "\u202egpj.exe", "a'b\\.exe", "http://evil.example:99999/", "http://evil.example/" + "a" * 300,
    ".".join(["a" * 60] * 4), "1.2.3.4.5", "\U0001f525.exe",
)  # fmt: skip

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    st.text(alphabet="a.;\"'\n\r\t*|\\$#@ (){}:/-", min_size=1, max_size=20),
)
numbers = st.one_of(
    st.ip_addresses(v=4).map(lambda ip: (IndicatorType.ADDRESS, str(ip))),
    st.ip_addresses(v=6).map(lambda ip: (IndicatorType.ADDRESS, str(ip))),
    st.sampled_from(["203.0.113.0/24", "2001:db8::/32", "2001:db8:1:2::/64"]).map(
        lambda text: (IndicatorType.NETWORK, text)
    ),
    st.sampled_from([32, 40, 56, 64, 96, 128]).flatmap(
        lambda length: st.text("0123456789abcdef", min_size=length, max_size=length).map(
            lambda text: (IndicatorType.HASH, text)
        )
    ),
)
named = st.tuples(
    st.sampled_from([
        IndicatorType.DOMAIN, IndicatorType.URL, IndicatorType.MAIL, IndicatorType.FILE_NAME,
    ]),
    texts,
)  # fmt: skip
indicators = st.builds(
    lambda pair, source, words: Indicator(
        pair[0], pair[1], source, valid_from=NOW - DAY, labels=(words,), description=words
    ),
    st.one_of(named, numbers),
    texts,
    texts,
)
many = st.lists(indicators, max_size=12, unique_by=lambda one: (one.type, one.value))


def policy(**more: object) -> Policy:
    """A policy of a moment that never moves."""
    return Policy(NOW, **more)  # type: ignore[arg-type]


def written(
    form: str,
    items: Sequence[Indicator],
    folder: Path,
    rules: Policy | None = None,
    known: Known | None = None,
) -> Tally:
    """Write indicators into a folder, in one file of the format's own name or in several."""
    made, tally, rules = format_named(form), Tally(), rules or policy()
    said = [[item] for item in items]
    rows = select(said, rules, known or Known(), made.kinds, tally)
    target = OneFile(folder / made.file) if made.file else Folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made.write(Job(rows, rules, tally), target)
    return tally
