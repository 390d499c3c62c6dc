"""Indicators against events: every column that counts, and nothing that was not meant."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from noroshi.intel.indicators import Indicator, IndicatorStore, IndicatorType, Probe
from noroshi.intel.indicators.networks import Networks
from noroshi.intel.indicators.sieve import Sieve
from noroshi.intel.indicators.text_hash import hash_texts

T = IndicatorType


def seen(folder: Path, known: list[tuple[T, str]], **columns: list[Any]) -> set[tuple[str, int]]:
    store = IndicatorStore(folder)
    store.add(Indicator(kind, value, "test") for kind, value in known)
    events = pa.RecordBatch.from_pydict(columns)
    return {
        (found.indicator.value, int(row))
        for found in Probe(store).sightings(events)
        for row in found.rows
    }


def test_domains_hold_their_sub_domains(tmp_path: Path) -> None:
    names = ["evil.example", "www.a.evil.example", "notevil.example", "EVIL.example.", None, ""]
    found = seen(tmp_path, [(T.DOMAIN, "evil.example")], query_hostname=names)
    assert found == {("evil.example", row) for row in (0, 1, 3)}


def test_mail_domains_and_hosts_of_urls(tmp_path: Path) -> None:
    known = [(T.DOMAIN, "evil.example"), (T.MAIL, "a@good.example"), (T.ADDRESS, "203.0.113.1")]
    assert seen(
        tmp_path,
        known,
        email_from=["x@mail.evil.example", "A@good.example", "x@evil.example.test"],
        email_urls=[["http://good.example/", "https://u@evil.example:8/x"], None, ["http://[x"]],
        http_request_url_hostname=["203.0.113.1", "x.evil.example", None],
    ) == {
        ("evil.example", 0),
        ("evil.example", 1),
        ("a@good.example", 1),
        ("203.0.113.1", 0),
    }


def test_lists_digests_urls_and_names(tmp_path: Path) -> None:
    known = [
        (T.HASH, "a" * 64),
        (T.URL, "http://evil.example/Path"),
        (T.FILE_NAME, "dropper.exe"),
        (T.ADDRESS, "2001:db8::1"),
    ]
    assert seen(
        tmp_path,
        known,
        email_attachment_sha256=[["b" * 64, "A" * 64], [], None],
        http_request_url_url_string=[
            None,
            "HTTP://Evil.example/Path#x",
            "http://evil.example/path",
        ],
        process_name=["Dropper.EXE", None, "dropper.exe.txt"],
        answers=[None, ["cname.example", "2001:DB8:0::1"], ["2001:db8::2"]],
    ) == {
        ("a" * 64, 0),
        ("http://evil.example/Path", 1),
        ("dropper.exe", 0),
        ("2001:db8::1", 1),
    }


def test_the_newest_of_an_indicator_counts(tmp_path: Path) -> None:
    store = IndicatorStore(tmp_path)
    for number in range(20):
        store.add([Indicator(T.DOMAIN, "evil.example", "test", confidence=number)])
        store.add([Indicator(T.DOMAIN, f"d{number}.example", "test")])
    events = pa.RecordBatch.from_pydict({"tls_sni": ["evil.example"]})
    (found,) = Probe(store).sightings(events)
    assert found.indicator.confidence == 19
    assert len(store.search("d1")) == 11


def test_overlong_names_cost_little(tmp_path: Path) -> None:
    names = ["a." * 500_000 + "evil.example", "a.evil.example"]
    found = seen(tmp_path, [(T.DOMAIN, "evil.example")], query_hostname=names)
    assert found >= {("evil.example", 1)}


ADDRESSES = st.one_of(
    st.ip_addresses(v=4, network="203.0.112.0/20"), st.ip_addresses(v=6, network="2001:db8::/100")
)


@given(
    st.lists(st.tuples(ADDRESSES, st.integers(20, 32)), min_size=1, max_size=8),
    st.lists(ADDRESSES, min_size=1, max_size=12),
)
def test_networks_agree_with_the_standard_library(
    chosen: list[tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]],
    addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address],
) -> None:
    networks = {
        ipaddress.ip_network((int(item), length if item.version == 4 else length * 4), strict=False)
        if item.version == 4
        else ipaddress.IPv6Network((int(item), length * 4), strict=False)
        for item, length in chosen
    }
    listed = Networks(Indicator(T.NETWORK, str(network), "test") for network in networks)
    fours = pa.array([int(a) if a.version == 4 else None for a in addresses], pa.int64())
    uppers = [int(a) >> 64 if a.version == 6 else None for a in addresses]
    signed = [n - 2**64 if n is not None and n >= 2**63 else n for n in uppers]
    texts = pa.array([str(a) for a in addresses])
    found = {
        (place, indicator.value)
        for place, indicator in listed.find(fours, pa.array(signed, pa.int64()), texts)
    }
    assert found == {
        (place, str(network))
        for place, address in enumerate(addresses)
        for network in networks
        if address.version == network.version and address in network
    }


def test_networks_by_numbers_and_by_text(tmp_path: Path) -> None:
    known = [(T.NETWORK, "203.0.113.0/24"), (T.NETWORK, "2001:db8:1::/48")]
    found = seen(
        tmp_path,
        known,
        dst_endpoint_ip=["203.0.113.7", "2001:db8:1::5", "203.0.114.1", None],
        dst_endpoint_ip_n=[int(ipaddress.ip_address("203.0.113.7")), None, 3405804033, None],
        dst_endpoint_ip_hi=[None, 0x20010DB800010000, None, None],
        answers=[["x.example"], ["203.0.113.9", "2001:db8:1::9"], None, ["203.0.113.300"]],
    )
    assert found == {
        ("203.0.113.0/24", 0),
        ("2001:db8:1::/48", 1),
        ("203.0.113.0/24", 1),
    }


@given(st.lists(st.integers(0, 2**64 - 1), max_size=50), st.lists(st.integers(0, 2**64 - 1)))
def test_a_sieve_never_loses_one(held: list[int], asked: list[int]) -> None:
    sieve = Sieve(np.unique(np.array(held, np.uint64)))
    assert sieve.may_hold(np.array(held, np.uint64)).all()
    assert sieve.may_hold(np.array(asked, np.uint64)).shape == (len(asked),)


@given(st.lists(st.text(max_size=40) | st.none(), max_size=20), st.integers(0, 5))
def test_a_text_has_one_hash_wherever_it_stands(texts: list[str | None], skip: int) -> None:
    alone = [int(hash_texts(pa.array([text or ""]))[0]) for text in texts]
    assert hash_texts(pa.array(texts, pa.string())).tolist() == alone
    assert hash_texts(pa.array(texts, pa.string()).slice(skip)).tolist() == alone[skip:]
