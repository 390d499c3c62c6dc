"""Profiles of organisations, and mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.intel.relevance import ProfileError, read_profile

GOOD = """
name: Saida town hall
countries: [jp]
sectors: [Local government]
prefixes: [203.0.113.9/24]
domains: [Town.Saida.example., さいだ.example]
"""


def test_what_is_written_is_brought_to_one_form(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(GOOD, encoding="utf-8")
    profile = read_profile(path)
    assert profile.countries == ("JP",)
    assert profile.prefixes == ("203.0.113.0/24",)
    assert profile.domains == ("town.saida.example", "xn--n8j7a8a.example")
    assert profile.products == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("countries: [Japan]", "countries.0"),
        ("prefixes: [10.0.0.0/99]", "prefixes.0"),
        ("domains: [not a domain]", "domains.0"),
        ("sector: [x]", "sector"),
        ("- a\n- b", "not a profile"),
        ("a: [", "p.yaml"),
        ("sectors: {a: 1}", "sectors"),
    ],
)
def test_a_mistake_names_its_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text)
    with pytest.raises(ProfileError, match=said):
        read_profile(path)


def test_no_file_and_no_text(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="missing"):
        read_profile(tmp_path / "missing.yaml")
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileError):
        read_profile(tmp_path / "x")


@pytest.mark.parametrize("value", ("2026-99-99", "9" * 5000), ids=("date", "number"))
def test_values_that_yaml_cannot_make_are_told(tmp_path: Path, value: str) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(f"name: {value}\n")
    with pytest.raises(ProfileError, match=r"profile\.yaml"):
        read_profile(path)
