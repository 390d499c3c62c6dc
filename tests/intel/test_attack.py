"""Technique names out of a STIX bundle."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest

from noroshi.intel.attack import AttackError, Technique, read_attack


def pattern(number: str, stix: str, name: str, **more: object) -> dict[str, object]:
    return {
        "type": "attack-pattern",
        "id": f"attack-pattern--{stix}",
        "name": name,
        "external_references": [{"source_name": "mitre-attack", "external_id": number}],
        "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": "execution"}],
        **more,
    }


BUNDLE = {
    "type": "bundle",
    "objects": [
        pattern("T1059", "1", "Interpreter"),
        pattern("T1059.001", "2", "Shell"),
        pattern("T1059.001", "3", "Old shell", revoked=True),
        {"type": "attack-pattern", "id": "attack-pattern--4", "name": "Somebody else's"},
        {
            "type": "relationship",
            "relationship_type": "subtechnique-of",
            "source_ref": "attack-pattern--2",
            "target_ref": "attack-pattern--1",
        },
        {
            "type": "x-mitre-tactic",
            "name": "Execution",
            "x_mitre_shortname": "execution",
            "external_references": [{"source_name": "mitre-attack", "external_id": "TA0002"}],
        },
    ],
}


def test_names(tmp_path: Path) -> None:
    path = tmp_path / "attack.json"
    path.write_text(json.dumps(BUNDLE))
    attack = read_attack(path)
    assert attack.techniques["T1059.001"] == Technique(
        "T1059.001", "Interpreter: Shell", ("execution",)
    )
    assert set(attack.techniques) == {"T1059", "T1059.001"}
    assert attack.tactics["execution"].id == "TA0002"


def test_cache_is_equal_and_survives_damage(tmp_path: Path) -> None:
    path, cache = tmp_path / "attack.json.gz", tmp_path / "cache"
    path.write_bytes(gzip.compress(json.dumps(BUNDLE).encode()))
    first = read_attack(path, cache)
    (kept,) = cache.iterdir()
    assert read_attack(path, cache) == first
    kept.write_text("{")
    assert read_attack(path, cache) == first


@pytest.mark.parametrize("data", [b"{}", b"[1]", b"\x1f\x8bxx", b'{"objects": []}', b"no"])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    with pytest.raises(AttackError, match=r"x\.json"):
        read_attack(path)


def test_enterprise_bundle_is_fast(shared_data: Path) -> None:
    start = time.process_time()
    attack = read_attack(shared_data / "attack" / "enterprise-attack.json.gz")
    assert time.process_time() - start < 2
    assert len(attack.techniques) > 600
    assert "credential-access" in attack.techniques["T1003.001"].tactics
