"""STIX patterns: what can be looked up is found, the rest refused with its reason."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.intel.indicators import IndicatorError, IndicatorType
from noroshi.intel.indicators.stix_pattern import PATTERN_LENGTH, values_of

T = IndicatorType
DIGEST = "5d41402abc4b2a76b9719d911017c592"


@pytest.mark.parametrize(
    ("pattern", "values"),
    [
        ("[ipv4-addr:value = '203.0.113.1']", [(T.ADDRESS, "203.0.113.1")]),
        ("[ipv4-addr:value = '203.0.113.0/24']", [(T.NETWORK, "203.0.113.0/24")]),
        ("[ipv4-addr:value ISSUBSET '203.0.113.0/24']", [(T.NETWORK, "203.0.113.0/24")]),
        (
            "[domain-name:value IN ('a.example', 'b.example')]",
            [(T.DOMAIN, "a.example"), (T.DOMAIN, "b.example")],
        ),
        (
            "[url:value = 'http://a.example/'] OR [email-addr:value = 'x@a.example']",
            [(T.URL, "http://a.example/"), (T.MAIL, "x@a.example")],
        ),
        (f"[file:hashes.MD5 = '{DIGEST}']", [(T.HASH, DIGEST)]),
        (f"[file:hashes.'MD5' = '{DIGEST}' OR file:name = 'a.exe']", 2),
        (f"[ (file:name = 'a.exe') AND file:hashes.\"MD5\"='{DIGEST}' ]", [(T.HASH, DIGEST)]),
        (
            "[domain-name:value = 'a.example' AND network-traffic:dst_port = 443]",
            [(T.DOMAIN, "a.example")],
        ),
        (
            "[domain-name:value = 'a.example' AND "
            "domain-name:resolves_to_refs[*].value = '198.51.100.5']",
            [(T.DOMAIN, "a.example"), (T.ADDRESS, "198.51.100.5")],
        ),
        (
            "[domain-name:value = 'a.example' AND "
            "(domain-name:resolves_to_refs[0].value = 'b.example' AND network-traffic:x = 1)]",
            [(T.DOMAIN, "a.example"), (T.DOMAIN, "b.example")],
        ),
        # AND binds tighter than OR.
        (
            "[url:value = 'http://a.example/' OR domain-name:value = 'b.example' "
            "AND file:name = 'c.exe']",
            [(T.URL, "http://a.example/"), (T.DOMAIN, "b.example")],
        ),
        (r"[file:name = 'it\'s \\ here.exe']", [(T.FILE_NAME, r"it's \ here.exe")]),
    ],
)
def test_what_is_found(pattern: str, values: list[tuple[T, str]] | int) -> None:
    found = values_of(pattern)
    assert found == values if isinstance(values, list) else len(found) == values


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[file:name NOT = 'a.exe']", "NOT on file:name"),
        ("[file:name != 'a.exe']", "NOT on file:name"),
        ("[file:name LIKE 'a%']", "LIKE on file:name"),
        ("[process:pid = 4]", "path process:pid"),
        ("[EXISTS file:name]", "EXISTS"),
        ("[file:name = 'a.exe'] AND [file:name = 'b.exe']", "several observations"),
        ("[file:name = 'a.exe'] FOLLOWEDBY [file:name = 'b.exe']", "several observations"),
        ("[file:name = 'a.exe'] REPEATS 5 TIMES WITHIN 60 SECONDS", "REPEATS"),
        # One arm that cannot be looked up makes the whole OR undecidable.
        ("[file:name = 'a.exe' OR process:pid = 4]", "path process:pid"),
        ("[file:name = 'a.exe'", "expected ']', found 'the end'"),
        ("file:name = 'a.exe'", "expected '['"),
        ("[file:name = 'a.exe'] [file:name = 'b.exe']", "one operator or the end"),
        ("[file:name = 'a]", "not understood at character 14"),
        ("", "expected '['"),
        ("[" + "(" * 100, "nested more than 50 deep"),
        ("[file:name = '" + "a" * PATTERN_LENGTH + "']", "over 100000 characters"),
    ],
)
def test_what_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(IndicatorError) as caught:
        values_of(pattern)
    assert reason in str(caught.value)


NAMES = st.text("abcdefgh'\\ %", min_size=1, max_size=6)


def quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


@given(st.lists(st.lists(NAMES, min_size=1, max_size=3), min_size=1, max_size=4))
def test_written_patterns_are_read_back(observations: list[list[str]]) -> None:
    pattern = " OR ".join(
        "[" + " OR ".join(f"file:name = {quoted(name)}" for name in names) + "]"
        for names in observations
    )
    wanted = dict.fromkeys((T.FILE_NAME, name) for names in observations for name in names)
    assert values_of(pattern) == list(wanted)


PIECES = ["[", "]", "(", ")", "=", "!=", "IN", "NOT", "AND", "OR", "FOLLOWEDBY", "WITHIN", ",", "5"]


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from([*PIECES, "'a'", "file:name", "LIKE", "'"]), max_size=30).map(
            " ".join
        ),
    )
)
def test_nonsense_never_raises_anything_else(pattern: str) -> None:
    with contextlib.suppress(IndicatorError):
        assert isinstance(values_of(pattern), list)


@pytest.mark.parametrize("piece", ["'", "\\", "[", "a:b.", "a:b.''", " ", "a", "'a' ", "(", "\\'"])
def test_hostile_patterns_take_linear_time(piece: str) -> None:
    start = time.process_time()
    for prefix in ("", "[file:name = '", "[file:"):
        with pytest.raises(IndicatorError):
            values_of(prefix + piece * (PATTERN_LENGTH // len(piece) - 20))
    assert time.process_time() - start < 2
