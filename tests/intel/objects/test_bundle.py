"""What goes out is STIX 2.1 to an independent validator; what is refused, it refuses too."""

from __future__ import annotations

import copy
import gzip
import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.intel.objects.conftest import made, related

from noroshi.intel.objects import ObjectError, observable_id, problem
from noroshi.intel.objects.bundle import as_2_1, read_objects, write_bundle

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import stix2
    from stix2validator import ValidationOptions, validate_instance

OPTIONS = ValidationOptions(version="2.1", disabled="all")
MALWARE = made("malware", "Kumade", malware_types=["backdoor"], aliases=["Rake"], confidence=80)
TOOL = made("tool", "sweeper", tool_types=["remote-access"], labels=["x"], revoked=False)
HASHES = {"SHA-256": "a" * 64, "MD5": "c" * 32}
SAMPLES = [
    MALWARE,
    TOOL,
    related(MALWARE, "uses", TOOL, start_time="2026-01-01T00:00:00Z"),
    made("indicator", "i", pattern="[domain-name:value = 'c2.example']", pattern_type="stix",
         valid_from="2026-05-20T00:00:00Z", indicator_types=["malicious-activity"]),
    made("identity", "CSIRT", identity_class="organization", sectors=["government"]),
    made("report", "r", published="2026-05-20T00:00:00Z", object_refs=[TOOL["id"]]),
    made("vulnerability", "CVE-2026-0001",
         external_references=[{"source_name": "cve", "external_id": "CVE-2026-0001"}]),
    made("campaign", "c", first_seen="2026-01-01T00:00:00Z", last_seen="2026-02-01T00:00:00Z"),
    made("intrusion-set", "s", goals=["money"], primary_motivation="personal-gain"),
    made("attack-pattern", "p", kill_chain_phases=[
        {"kill_chain_name": "mitre-attack", "phase_name": "execution"}]),
    {"type": "ipv4-addr", "spec_version": "2.1", "value": "192.0.2.7",
     "id": "ipv4-addr--8ab44f3c-0f49-5e51-8d0b-3a4c1e1f4b0e"},
    {"type": "file", "spec_version": "2.1", "name": "a.exe",
     "id": "file--8ab44f3c-0f49-5e51-8d0b-3a4c1e1f4b0e"},
]  # fmt: skip


def changed(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The object, and it without each property, and with a number in place of each."""
    yield item
    for name in item:
        if name != "spec_version":
            yield {key: value for key, value in item.items() if key != name}
            yield copy.deepcopy(item) | {name: 12345}


@pytest.mark.parametrize("item", SAMPLES, ids=lambda item: item["type"])
def test_verdicts_are_those_of_an_independent_validator(item: dict[str, Any]) -> None:
    for one in changed(item):
        try:
            good = validate_instance(one, OPTIONS).is_valid
        except Exception:  # it breaks on some of them
            good = False
        assert (problem(one) is None) is good, (one, problem(one))


def test_a_bundle_passes_the_validator_and_is_the_same_each_time() -> None:
    old = {key: value for key, value in MALWARE.items() if key not in ("spec_version", "is_family",
           "malware_types")} | {"labels": ["backdoor"]}  # fmt: skip
    written = []
    for _ in range(2):
        stream = io.BytesIO()
        assert write_bundle([*SAMPLES[1:], old], stream) == len(SAMPLES)
        written.append(stream.getvalue())
    assert written[0] == written[1]
    bundle = json.loads(written[0])
    for item in bundle["objects"]:
        assert validate_instance(item, OPTIONS).is_valid, item
    assert as_2_1(old)["malware_types"] == ["backdoor"]


def test_files_of_many_shapes(tmp_path: Path) -> None:
    whole = {"type": "bundle", "id": "bundle--1", "objects": [TOOL]}
    for name, data in (
        ("bundle.json", json.dumps(whole).encode()),
        ("one.json", json.dumps(TOOL).encode()),
        ("list.json", json.dumps([TOOL]).encode()),
        ("packed.json.gz", gzip.compress(json.dumps(whole).encode())),
    ):
        (tmp_path / name).write_bytes(data)
        assert read_objects(tmp_path / name) == [TOOL]


def test_hostile_files_are_named_and_bounded(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for data in (b"{", b"[]", b'{"objects": 3}', b"\x1f\x8bnot gzip", b""):
        path.write_bytes(data)
        with pytest.raises(ObjectError, match=r"x\.json"):
            read_objects(path)
    path.write_bytes(gzip.compress(bytes(3_000_000)))
    with pytest.raises(ObjectError, match="larger than 1,000,000 bytes"):
        read_objects(path, 1_000_000)


def test_the_same_artefact_has_the_same_id() -> None:
    for item, known in (
        ({"value": "198.51.100.3"}, stix2.v21.IPv4Address(value="198.51.100.3")),
        ({"value": "c2.example"}, stix2.v21.DomainName(value="c2.example")),
        ({"number": 64496}, stix2.v21.AutonomousSystem(number=64496)),
        ({"key": "HKLM\\é"}, stix2.v21.WindowsRegistryKey(key="HKLM\\é")),
        ({"name": "a", "hashes": HASHES}, stix2.v21.File(name="a", hashes=HASHES)),
    ):
        assert observable_id({"type": known.type, **item}) == known.id
    with pytest.raises(ObjectError, match="no deterministic id"):
        observable_id({"type": "process", "pid": 4})
