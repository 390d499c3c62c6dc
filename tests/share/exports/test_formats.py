"""Each format read back: what was written is what goes, and nothing breaks out of it."""

from __future__ import annotations

import base64
import csv
import ipaddress
import json
import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from tests.share.exports.conftest import DAY, NOW, many, policy, written

from noroshi.intel.indicators import Indicator, IndicatorType, read_indicators
from noroshi.intel.indicators.stix_pattern import values_of
from noroshi.intel.objects import Tlp, problem
from noroshi.share.exports import ExportError, Left, OneFile, all_formats, format_named
from noroshi.share.exports.formats import suricata

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pymisp import MISPEvent
    from stix2validator import ValidationOptions, validate_instance

T = IndicatorType
WORLD = [
    Indicator(T.DOMAIN, "evil.example", "a feed", NOW - DAY, labels=("c2",), tlp="TLP:GREEN"),
    Indicator(T.DOMAIN, "deep.evil.example", "a feed", NOW - DAY),
    Indicator(T.ADDRESS, "192.0.2.7", "a feed", NOW - DAY),
    Indicator(T.ADDRESS, "2001:db8::7", "a feed", NOW - DAY),
    Indicator(T.NETWORK, "203.0.113.0/24", "a feed", NOW - DAY),
    Indicator(T.URL, "http://evil.example/gate.php?id=1", "a feed", NOW - DAY),
    Indicator(T.URL, "https://evil.example/x", "a feed", NOW - DAY, NOW + DAY),
    Indicator(T.HASH, "0" * 64, "a feed", NOW - DAY),
    Indicator(T.MAIL, "x@evil.example", "a feed", NOW - DAY),
    Indicator(T.FILE_NAME, "evil.exe", "a feed", NOW - DAY),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode() for path in folder.iterdir()}


def lines(text: str, mark: str = "#") -> list[str]:
    """Lines that are no comment; split at what a C program takes for the end of a line."""
    return [line for line in re.split(r"[\r\n]", text) if line and not line.startswith(mark)]


def names(items: Sequence[Indicator]) -> set[str]:
    return {item.value for item in items if item.type is T.DOMAIN}


@pytest.mark.parametrize("form", all_formats())
@given(items=many)
def test_the_same_indicators_are_the_same_bytes_and_all_are_accounted_for(
    form: str, items: list[Indicator], tmp_path_factory: pytest.TempPathFactory
) -> None:
    places = [tmp_path_factory.mktemp("same") for _ in range(2)]
    tallies = [written(form, items, folder) for folder in places]
    assert files(places[0]) == files(places[1])
    for tally in tallies:
        assert tally.written + sum(tally.left.values()) == len(items)
        assert not [name for name in files(places[0]) if name.endswith(".partial")]


@given(items=many)
def test_csv(items: list[Indicator], place: Path) -> None:
    tally = written("csv", items, place / "csv")
    with (place / "csv" / "indicators.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == tally.written
    for row in rows:
        assert None not in row
        assert all(not cell.startswith(("=", "+", "-", "@")) for cell in row.values())
        assert any(item.value == row["value"].removeprefix("'") or item.value == row["value"]
                   for item in items)  # fmt: skip


def test_csv_comes_back_with_its_expiry_and_marking(place: Path) -> None:
    written("csv", WORLD, place / "csv-back", policy(tlp=Tlp.GREEN))
    back = read_indicators(place / "csv-back" / "indicators.csv", "a feed")
    assert {(i.type, i.value) for i in back.indicators} == {(i.type, i.value) for i in WORLD}
    assert {i.value: i.tlp for i in back.indicators}["evil.example"] == "TLP:GREEN"
    assert all(item.valid_until > NOW for item in back.indicators)
    assert {i.value: i.valid_until for i in back.indicators}["https://evil.example/x"] == NOW + DAY


@given(items=many)
def test_name_lists_hold_names_and_nothing_else(items: list[Indicator], place: Path) -> None:
    written("hosts", items, place / "hosts")
    written("unbound", items, place / "unbound")
    written("edl", items, place / "edl")
    written("squid", items, place / "squid")
    host = r"[a-z0-9_.-]+"
    for line in lines((place / "hosts" / "hosts").read_text()):
        assert (found := re.fullmatch(rf"0\.0\.0\.0 ({host})", line))
        assert found[1] in names(items)
    zone = rf'server:|    local-zone: "({host})\." always_nxdomain'
    for line in lines((place / "unbound" / "noroshi.conf").read_text()):
        assert (found := re.fullmatch(zone, line))
        assert found[1] is None or found[1] in names(items)
    for line in lines((place / "edl" / "domains.txt").read_text()):
        assert line in names(items)
    for line in lines((place / "squid" / "domains.txt").read_text()):
        assert line[0] == "."
        assert line[1:] in names(items)
    for folder in ("edl", "squid"):
        for line in lines((place / folder / "addresses.txt").read_text()):
            assert str(ipaddress.ip_network(line))


@given(items=many)
def test_urls_for_squid_match_that_url_only(items: list[Indicator], place: Path) -> None:
    written("squid", items, place / "squid-urls")
    urls = [item.value for item in items if item.type is T.URL]
    found = lines((place / "squid-urls" / "urls.txt").read_text())
    for line in found:
        assert [url for url in urls if re.compile(line).match(url)]
        assert not re.compile(line).match("http://innocent.example/")
        assert not re.search(r"\s", line)


def test_squid_leaves_out_what_a_parent_covers(place: Path) -> None:
    tally = written("squid", WORLD, place / "covered", policy(tlp=Tlp.GREEN))
    assert lines((place / "covered" / "domains.txt").read_text()) == [".evil.example"]
    assert tally.left[Left.COVERED] == 1
    assert tally.examples[Left.COVERED] == ["deep.evil.example"]
    assert "deep" not in (place / "covered" / "urls.txt").read_text()


@given(items=many)
def test_plain_lists_hold_one_value_a_line(items: list[Indicator], place: Path) -> None:
    tally = written("plain", items, place / "plain")
    found = [line for line in (place / "plain" / "indicators.txt").read_bytes().decode().split("\n")
             if line and not line.startswith("#")]  # fmt: skip
    assert len(found) == tally.written
    assert set(found) <= {item.value for item in items}


_OWNER = re.compile(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)+ CNAME \.")


@given(items=many)
def test_rpz(items: list[Indicator], place: Path) -> None:
    written("rpz", items, place / "rpz")
    found = lines((place / "rpz" / "rpz.zone").read_text(), ";")
    assert found[:2] == ["$ORIGIN rpz.noroshi.", "$TTL 300"]
    assert found[2].startswith("@ IN SOA localhost. hostmaster.localhost. 1779000000 ")
    assert found[3] == "@ IN NS localhost."
    owners = found[4:]
    assert len(set(owners)) == len(owners)
    for line in owners:
        assert _OWNER.fullmatch(line), line
        owner = line.removesuffix(" CNAME .")
        if owner.endswith(".rpz-ip"):
            assert str(_forwards(owner)) in {
                str(ipaddress.ip_network(item.value))
                for item in items if item.type in (T.ADDRESS, T.NETWORK)
            }  # fmt: skip
        else:
            assert owner.removeprefix("*.") in names(items)


def _forwards(owner: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Read an rpz-ip owner the way the draft describes it, without our own code."""
    length, *parts = owner.removesuffix(".rpz-ip").split(".")
    text = ".".join(parts[::-1])
    if len(parts) != 4 or "zz" in parts:
        groups = parts[::-1]
        if "zz" in groups:
            at = groups.index("zz")
            groups[at : at + 1] = ["0"] * (9 - len(groups))
        text = ":".join(groups)
    return ipaddress.ip_network(f"{text}/{length}")


def test_rpz_wants_a_name_for_the_zone(tmp_path: Path) -> None:
    from noroshi.share.exports import Job, Tally

    job = Job([], policy(), Tally(), origin='x" {')
    with pytest.raises(ExportError, match="no name for a zone"):
        format_named("rpz").write(job, OneFile(tmp_path / "z"))
    assert not list(tmp_path.iterdir())


@given(items=many)
def test_zeek(items: list[Indicator], place: Path) -> None:
    """Read as Zeek's ASCII reader does: lines, tabs, then the escapes undone."""
    tally = written("zeek", items, place / "zeek")
    text = (place / "zeek" / "noroshi.intel").read_bytes().decode()
    head, *rows = text.removesuffix("\n").split("\n")
    columns = head.removeprefix("#fields\t").split("\t")
    assert len(rows) == tally.written
    values = {item.value for item in items} | {i.value.partition("://")[2] for i in items}
    for row in rows:
        cells = [re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), cell)
                 for cell in row.split("\t")]  # fmt: skip
        assert len(cells) == len(columns)
        assert not row.startswith("#")
        assert cells[0] in values
        assert "" not in cells


_RULE = re.compile(
    r"alert (dns|tls|http|smtp|ip) any any -> any any "
    r"\((?:[a-z0-9_.]+(?::(?:\"[^\"]*\"|[^\";|]*))?; ?)+\)"
)


@given(items=many)
def test_suricata(items: list[Indicator], place: Path) -> None:
    written("suricata", items, place / "suricata")
    found = files(place / "suricata")
    sids = []
    for line in lines(found[suricata.RULES]):
        assert _RULE.fullmatch(line), line
        message = re.search(r'msg:"([^"]*)"', line)
        assert message
        assert not set(message[1]) & set(';\\"|')
        sids += re.findall(r"; sid:(\d+); rev:1;\)$", line)
        for content in re.findall(r'content:"([^"]*)"', line):
            plain = re.sub(r"\|([0-9A-F]{2})\|", lambda m: chr(int(m[1], 16)), content)
            assert any(plain in item.value.lower() or plain in item.value for item in items)
            assert not set(re.sub(r"\|[0-9A-F]{2}\|", "", content)) & set(';\\"|:')
    assert len(set(sids)) == len(sids) == len(lines(found[suricata.RULES]))
    for line in lines(found[suricata.DOMAINS]):
        assert base64.b64decode(line, validate=True).decode() in names(items)
    for length, name in suricata.HASHES.items():
        assert all(re.fullmatch(f"[0-9a-f]{{{length}}}", line) for line in lines(found[name]))
    for line in lines(found[suricata.REPUTATION]):
        address, category, score = line.split(",")
        assert ipaddress.ip_network(address)
        assert category == "1"
        assert 1 <= int(score) <= 127


@given(items=many)
def test_misp_feed(items: list[Indicator], place: Path) -> None:
    folder = place / "misp"
    for old in folder.glob("*"):
        old.unlink()
    tally = written("misp", items, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    values: list[str] = []
    for name, about in manifest.items():
        event = MISPEvent()
        event.load_file(folder / f"{name}.json")
        assert event.uuid == name
        assert event.info == about["info"]
        assert [tag.name for tag in event.tags] == ["tlp:clear"]
        values += [attribute.value for attribute in event.attributes]
    hashes = (folder / "hashes.csv").read_text().splitlines()
    assert len(values) == len(hashes) == tally.written == len(items)
    assert {line.partition(",")[2] for line in hashes} <= set(manifest)


def test_misp_feed_comes_back(place: Path) -> None:
    folder = place / "misp-back"
    written("misp", WORLD, folder, policy(tlp=Tlp.AMBER))
    (event,) = (path for path in folder.glob("*-*.json"))
    back = read_indicators(event, "a feed")
    assert {(i.type, i.value) for i in back.indicators} == {(i.type, i.value) for i in WORLD}
    assert {i.value: i.tlp for i in back.indicators}["evil.example"] == "TLP:GREEN"


@given(items=many)
def test_stix_indicators(items: list[Indicator], place: Path) -> None:
    written("stix-indicators", items, place / "stix")
    bundle = json.loads((place / "stix" / "indicators.stix.json").read_text())
    found = bundle["objects"]
    assert len(found) == len(items)
    for item, made in zip(items, found, strict=True):
        assert problem(made) is None
        assert values_of(made["pattern"]) == [(item.type, item.value)]


def test_stix_indicators_pass_the_validator(place: Path) -> None:
    written("stix-indicators", WORLD, place / "valid", policy(tlp=Tlp.RED))
    bundle = json.loads((place / "valid" / "indicators.stix.json").read_text())
    options = ValidationOptions(version="2.1", disabled="all")
    verdict: Any = validate_instance(bundle, options)
    assert verdict.is_valid, verdict
    assert all("valid_until" in item for item in bundle["objects"])


def test_formats_are_asked_for_by_name() -> None:
    with pytest.raises(ExportError, match="there are csv, edl"):
        format_named("parchment")


def test_an_error_names_the_file_asked_for(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as caught, OneFile(tmp_path).file(""):
        pass
    assert caught.value.filename == str(tmp_path)
