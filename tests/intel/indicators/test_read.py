"""Files of indicators as others publish them, good and bad entries alike accounted for."""

from __future__ import annotations

import contextlib
import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noroshi.intel.indicators import Imported, IndicatorError, IndicatorType, read_indicators
from noroshi.intel.indicators.read import parse_indicators

T = IndicatorType
MD5, SHA256 = "0" * 31 + "1", "a" * 64


def read(folder: Path, content: str | bytes, name: str = "feed") -> Imported:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_indicators(path)


def values(found: Imported) -> set[tuple[T, str]]:
    return {(item.type, item.value) for item in found.indicators}


LINES = {
    "203.0.113.9": (T.ADDRESS, "203.0.113.9"),
    "203.0.113[.]10": (T.ADDRESS, "203.0.113.10"),
    "198.51.100.0/24": (T.NETWORK, "198.51.100.0/24"),
    "2001:DB8::0001": (T.ADDRESS, "2001:db8::1"),
    "hxxps://Evil.Example/Path": (T.URL, "https://evil.example/Path"),
    "hxxp[:]//evil[.]example": (T.URL, "http://evil.example/"),
    "EVIL(.)example": (T.DOMAIN, "evil.example"),
    "*.wild.example": (T.DOMAIN, "wild.example"),
    "日本.example": (T.DOMAIN, "xn--wgv71a.example"),
    MD5: (T.HASH, MD5),
    SHA256.upper(): (T.HASH, SHA256),
    "Bad[at]evil.example": (T.MAIL, "bad@evil.example"),
}


def test_plain_lists(tmp_path: Path) -> None:
    text = "# list\n\n" + "\n".join(LINES) + "  # note\n192.168.1.1\nnonsense\n"
    for content in (text, gzip.compress(text.encode()), text.replace("\n", "\r\n")):
        found = read(tmp_path, content)
        assert values(found) == set(LINES.values())
        assert [entry for entry, _ in found.refused] == ["192.168.1.1", "nonsense"]
        assert "RFC 6890" in found.refused[0][1]


@pytest.mark.parametrize(
    "network", ["10.1.0.0/16", "172.0.0.0/8", "0.0.0.0/0", "2000::/3", "::ffff:0:0/90"]
)
def test_networks_that_would_match_the_house_are_refused(tmp_path: Path, network: str) -> None:
    found = read(tmp_path, network)
    assert (found.indicators, found.refused_count) == ([], 1)


def test_tables(tmp_path: Path) -> None:
    text = (
        "date,IOC,Type,Comment,confidence,valid_until\n"
        '2026-01-01,evil[.]example,domain,"a, b",80,2026-05-01T00:00:00Z\n'
        "2026-01-01,x.exe,filename,,200,\n"
        "2026-01-01,???,domain,,,\n"
    )
    first, second = read(tmp_path, text).indicators
    assert (first.type, first.value, first.description) == (T.DOMAIN, "evil.example", "a, b")
    assert (first.confidence, first.valid_until) == (80, 1_777_593_600_000_000)
    assert (second.type, second.confidence) == (T.FILE_NAME, 50)
    assert read(tmp_path, text).refused_count == 1


def test_one_overlong_cell_does_not_end_a_table(tmp_path: Path) -> None:
    text = "ioc,note\na.example,\nb.example," + "x" * 200_000 + "\nc.example,\n"
    found = read(tmp_path, text)
    assert values(found) >= {(T.DOMAIN, "a.example"), (T.DOMAIN, "c.example")}
    assert "CSV" in found.refused[0][1]


def indicator(pattern: str, **more: Any) -> dict[str, Any]:
    return {"type": "indicator", "pattern": pattern, "pattern_type": "stix"} | more


def test_stix_bundles(tmp_path: Path) -> None:
    objects = [
        indicator(
            "[domain-name:value = 'evil.example']",
            confidence=90,
            valid_from="2026-01-01T00:00:00Z",
            valid_until="2026-02-01T00:00:00.5Z",
            indicator_types=["malicious-activity"],
            name="Stage two",
        ),
        indicator("[domain-name:value = 'old.example']", revoked=True),
        indicator("rule x {}", pattern_type="yara"),
        indicator("[process:pid = 4]"),
        {"type": "domain-name", "value": "benign.example"},
        "nonsense",
    ]
    found = read(tmp_path, json.dumps({"type": "bundle", "objects": objects}))
    (only,) = found.indicators
    assert (only.value, only.confidence, only.labels) == (
        "evil.example",
        90,
        ("malicious-activity",),
    )
    assert only.valid_until - only.valid_from == 31 * 86_400_000_000 + 500_000
    reasons = [reason for _, reason in found.refused]
    assert ["revoked" in reasons[0], "yara" in reasons[1], "process:pid" in reasons[2]] == [
        True
    ] * 3


def attribute(kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "value": value} | more


def test_misp_events(tmp_path: Path) -> None:
    event = {
        "info": "Campaign",
        "Tag": [{"name": "tlp:amber"}],
        "Attribute": [
            attribute("ip-dst|port", "203.0.113.4|8443"),
            attribute("domain|ip", "evil.example|203.0.113.5"),
            attribute("filename|sha256", f"invoice.exe|{SHA256}"),
            attribute("malware-sample", f"a.exe|{MD5}"),
            attribute("url", "http://evil.example/a", to_ids=False),
            attribute("mutex", "Global\\x"),
        ],
        "Object": [{"Attribute": [attribute("email-src", "bad@evil.example")]}, 3],
    }
    found = read(tmp_path, json.dumps({"response": [{"Event": event}]}))
    # A file name beside a digest is told, not matched.
    assert values(found) == {
        (T.ADDRESS, "203.0.113.4"),
        (T.DOMAIN, "evil.example"),
        (T.ADDRESS, "203.0.113.5"),
        (T.HASH, SHA256),
        (T.HASH, MD5),
        (T.MAIL, "bad@evil.example"),
    }
    assert {item.tlp for item in found.indicators} == {"TLP:AMBER"}
    assert any("invoice.exe" in item.description for item in found.indicators)
    assert found.refused_count == 2


SEEDS = [
    json.dumps({"type": "bundle", "objects": [indicator("[file:name = 'a.exe']")]}).encode(),
    json.dumps({"Event": {"Attribute": [attribute("ip-dst|port", "203.0.113.4|1")]}}).encode(),
    b"ioc,type\nevil.example,domain\n",
    "\n".join(LINES).encode(),
    gzip.compress(b"203.0.113.9\n"),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), max_size=8),
    cut=st.integers(0, 400),
)
def test_damaged_files_raise_nothing_else(
    tmp_path: Path, seed: bytes, changes: list[tuple[int, bytes]], cut: int
) -> None:
    data = bytearray(seed)
    for position, piece in changes:
        data[position % len(data) :][: len(piece)] = piece
        data[position % len(data) : position % len(data)] = piece
    try:
        found = read(tmp_path, bytes(data[: max(cut, 1)]))
    except IndicatorError:
        return
    assert found.refused_count >= len(found.refused)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "type",
                        "objects",
                        "pattern",
                        "Event",
                        "Attribute",
                        "Object",
                        "value",
                        "response",
                        "Tag",
                        "name",
                        "valid_until",
                        "confidence",
                        "to_ids",
                    ]
                ),
                inner | st.sampled_from(["bundle", "indicator", "ip-dst|port", "domain", "url"]),
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_odd_json_raises_nothing_else(tmp_path: Path, data: Any) -> None:
    for odd in (
        [data],
        {"type": "bundle", "objects": [data]},
        {"Event": data, "Attribute": data, "response": data},
    ):
        with contextlib.suppress(IndicatorError):
            read(tmp_path, json.dumps(odd))


@pytest.mark.parametrize(
    "piece", ["a.", "[.]", "hxxp", "(dot)", "@", "://", "xn--", "0", ":", "/", "é.", "-", "[", "a@"]
)
def test_hostile_lines_take_linear_time(tmp_path: Path, piece: str) -> None:
    start = time.process_time()
    for content in (piece * 200_000, "http://" + piece * 200_000, "x\n" + piece * 200_000):
        with contextlib.suppress(IndicatorError):
            assert read(tmp_path, content).refused_count <= 2
    assert time.process_time() - start < 2


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("pattern", "least", "share"),
    [
        ("unit42-stix2/**/*.json", 1500, 0.99),
        ("eset-malware-ioc/**/*misp-event.json", 600, 0.9),
        ("jpcert-phishurl/**/*.csv", 1000, 0.99),
        ("eset-malware-ioc/**/*.sha256", 500, 1.0),
    ],
)
def test_published_indicators(shared_data: Path, pattern: str, least: int, share: float) -> None:
    taken = refused = 0
    for path in sorted((shared_data / "intel").glob(pattern)):
        found = read_indicators(path)
        taken += len(found.indicators)
        refused += found.refused_count
        assert all(reason for _, reason in found.refused)
    assert taken >= least
    assert taken / (taken + refused) >= share, (taken, refused)


COMMENTED = """# Bad addresses, made this morning
#
# id, dateadded, url, threat
"1","2026-03-01 08:00:00","http://evil.example/a","malware_download"
"2","2026/03/02 08:00:00","http://evil.example/b","malware_download"
# end
"""
PORTS = """# first_seen_utc,ioc_id,ioc_value,ioc_type,confidence
"2026-03-01 08:00:00", "7", "203.0.113.8:443", "ip:port", "75"
"2026-03-01 08:00:00", "8", "evil.example", "domain", "75"
"""
HOSTS = """127.0.0.1 localhost
0.0.0.0 evil.example
0.0.0.0 worse.example # a comment
"""


def test_a_header_may_stand_in_a_comment(tmp_path: Path) -> None:
    found = read(tmp_path, COMMENTED)
    assert values(found) == {(T.URL, "http://evil.example/a"), (T.URL, "http://evil.example/b")}
    assert {item.description for item in found.indicators} == {"malware_download"}
    days = sorted(item.valid_from // 86_400_000_000 for item in found.indicators)
    assert days[1] - days[0] == 1


def test_ports_go_and_columns_are_known_by_many_names(tmp_path: Path) -> None:
    found = read(tmp_path, PORTS)
    assert values(found) == {(T.ADDRESS, "203.0.113.8"), (T.DOMAIN, "evil.example")}
    assert {item.confidence for item in found.indicators} == {75}


def test_of_a_hosts_file_the_names_are_taken(tmp_path: Path) -> None:
    found = read(tmp_path, HOSTS)
    assert values(found) == {(T.DOMAIN, "evil.example"), (T.DOMAIN, "worse.example")}
    assert found.refused_count == 1


@pytest.mark.parametrize(
    "data", [b"\rtype,value\rdomain,bad.example\r", b"type,value\r\ndomain,bad.example\r\n"]
)
def test_lines_may_end_in_any_way(data: bytes) -> None:
    found = parse_indicators(data, "test", "list.csv")
    assert [one.value for one in found.indicators] == ["bad.example"]


def test_a_heading_that_is_too_long_is_told() -> None:
    found = parse_indicators(b"value," + b"x" * 200_000 + b"\nbad.example,1\n", "test", "list.csv")
    assert "CSV" in str(found.refused)
