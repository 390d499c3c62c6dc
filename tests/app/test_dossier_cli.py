"""``noroshi intel show|pivot|about`` where knowledge and events meet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.intel.objects.conftest import made, related

import noroshi
from noroshi.app.cli import main
from noroshi.app.errors import AppError

AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
SQUID = (
    "1767232800.000     90 192.168.10.5 TCP_MISS/200 4512 GET http://a.c2.example/a - "
    "HIER_DIRECT/203.0.113.5 text/html\n"
)


def indicator(name: str, pattern: str) -> dict[str, Any]:
    return made(
        "indicator", name, pattern=pattern, pattern_type="stix", labels=["wave"], confidence=80,
        valid_from="2026-01-01T00:00:00Z",
    ) | {"name": name}  # fmt: skip


KUMA = made("intrusion-set", "Kuma Group", aliases=["Kuma Group", "UNC-77"])
RAKE = made(
    "malware", "Rake", object_marking_refs=[AMBER],
    description="A loader of [Kuma](https://kuma.example).(Citation: us)",
)  # fmt: skip
BROOM = made("malware", "Broom")
MAIL = made("attack-pattern", "Mail with a file")
C2 = indicator("Rake C2", "[domain-name:value = 'c2.example']")
OTHER = indicator("Rake address", "[ipv4-addr:value = '198.51.100.9']")
DOMAIN = made("domain-name", "c2", value="c2.example") | {"name": ""}
del DOMAIN["name"], DOMAIN["created"], DOMAIN["modified"]
WORLD = [
    KUMA, RAKE, BROOM, MAIL, C2, OTHER, DOMAIN,
    related(KUMA, "uses", RAKE, description="Kuma Group was seen with `Rake`.(Citation: us)"),
    related(C2, "indicates", RAKE), related(OTHER, "indicates", RAKE),
    related(OTHER, "indicates", BROOM),
    related(RAKE, "uses", MAIL), related(BROOM, "uses", MAIL),
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> str:
    home = str(tmp_path / "home")
    (tmp_path / "access.log").write_text(SQUID)
    (tmp_path / "world.json").write_text(
        json.dumps({"type": "bundle", "id": "bundle--1", "objects": WORLD})
    )
    world = str(tmp_path / "world.json")
    assert main(["intel", "import", world, "--source", "a partner", "--home", home]) == 0
    assert main(["run", str(tmp_path / "access.log"), "--home", home]) == 0
    return home


def answer(capsys: pytest.CaptureFixture[str], home: str, *arguments: str) -> Any:
    capsys.readouterr()
    assert main(["intel", *arguments, "--home", home, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_show_tells_what_it_is_who_says_so_and_where_it_was_seen(
    home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer(capsys, home, "show", "rake")
    assert (told["name"], told["tlp"]) == ("Rake", "TLP:AMBER")
    uses = next(group for group in told["groups"] if group["type"] == "intrusion-set")
    assert (uses["verb"], uses["forward"]) == ("uses", False)
    assert uses["links"][0]["quote"] == "Kuma Group was seen with Rake."
    seen = told["here"]["sights"]
    assert [(one["value"], one["count"], one["hosts"]) for one in seen] == [
        ("c2.example", 1, ["192.168.10.5"])
    ]
    assert told["here"]["values"] == 2
    assert len(told["here"]["findings"]) == 1
    assert len(told["here"]["cases"]) == 1
    capsys.readouterr()
    assert main(["intel", "show", "unc77", "--home", home, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "Kuma Group — attack group" in shown
    assert "UNC-77" in shown
    assert "a partner" in shown
    assert main(["intel", "show", "rake", "--home", home, "--lang", "ja"]) == 0
    shown = capsys.readouterr().out
    assert "これを示す指標（2 件）" in shown
    assert "A loader of Kuma." in shown


def test_show_scores_an_indicator_and_keeps_hints_apart(
    home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer(capsys, home, "show", "Rake C2")
    assert told["scores"][0]["value"] == "c2.example"
    assert told["scores"][0]["reasons"][0]["points"] == 64.0
    exact = {(group["verb"], group["exact"]) for group in told["groups"]}
    assert {("indicates", True), ("same value", True), ("same label", False)} <= exact
    assert any("c2.example" in step and "192.168.10.5" in step for step in told["next"])


def test_pivot_leads_into_the_lake_for_objects_and_for_loose_values(
    home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = answer(capsys, home, "pivot", "--lake", "Rake")
    assert [one["value"] for one in told["sights"]] == ["c2.example"]
    assert len(told["findings"]) == len(told["cases"]) == 1
    loose = answer(capsys, home, "pivot", "--lake", "192.168.10.0/24")
    assert [(one["value"], one["count"]) for one in loose["sights"]] == [("192.168.10.0/24", 1)]
    assert answer(capsys, home, "pivot", "--lake", "nothing.example")["sights"] == []
    assert main(["intel", "pivot", "--lake", "no such thing", "--home", home]) == 1


def test_what_shares_infrastructure_is_told_and_what_shares_a_technique_is_not(
    home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, home, "pivot", "--shared", "Rake")
    assert [(one["name"], [item["name"] for item in one["by"]]) for one in found] == [
        ("Broom", ["Rake address"])
    ]
    way = answer(capsys, home, "pivot", "Rake", "--to", "Broom")
    assert [step["verb"] for step in way] == ["indicates", "indicates"]


def test_a_way_through_commonplaces_is_only_taken_where_there_is_no_other(
    home: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    far = made("malware", "Far")
    path = tmp_path / "far.json"
    world = [far, related(far, "uses", MAIL)]
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--2", "objects": world}))
    assert main(["intel", "import", str(path), "--home", home]) == 0
    way = answer(capsys, home, "pivot", "Far", "--to", "Rake")
    assert [step["id"] for step in way] == [MAIL["id"], RAKE["id"]]
    assert main(["intel", "pivot", "Far", "--to", "Rake", "--home", home, "--lang", "en"]) == 0
    assert "proves nothing" in capsys.readouterr().out


def test_about_a_machine_and_about_its_case(home: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, home, "about", "192.168.10.5")
    assert [one["value"] for one in told["values"]] == ["c2.example"]
    assert [lead["name"] for lead in told["values"][0]["leads"]] == ["Rake"]
    case = told["cases"][0]
    assert [one["value"] for one in answer(capsys, home, "about", case[:8])["values"]] == [
        "c2.example"
    ]
    assert main(["intel", "about", "192.168.77.77", "--home", home]) == 1
    assert "no event" in capsys.readouterr().err


def test_a_machine_goes_by_its_short_name_and_an_empty_store_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")
    line = "Jan  1 00:00:00 Desk07.city.test sshd[12]: Failed password for x from {} port 9 ssh2"
    (tmp_path / "auth.log").write_text("\n".join(map(line.format, ("203.0.113.5", "203.0.113.6"))))
    assert main(["run", str(tmp_path / "auth.log"), "--home", home]) == 0
    whole = answer(capsys, home, "about", "desk07.city.test")
    assert whole["looked_up"] > 1
    assert answer(capsys, home, "about", "DESK07")["looked_up"] == whole["looked_up"]
    assert main(["intel", "about", "desk0", "--home", home]) == 1
    capsys.readouterr()
    assert main(["intel", "about", "desk07", "--home", home, "--lang", "en"]) == 0
    assert "noroshi intel import" in capsys.readouterr().out


def test_clusters_join_what_names_the_same_value(
    home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, home, "clusters")
    assert [set(one["objects"]) for one in found] == [{C2["id"], DOMAIN["id"]}]
    assert found[0]["named"] == [RAKE["id"]]


def test_notebooks_pivot_too_and_readers_get_no_events(home: str) -> None:
    owner, partner = noroshi.open(home), noroshi.open(home, "green")
    assert owner.path("c2.example", "Kuma Group")["verb"].to_pylist()[-1] == "uses"
    assert owner.shared("Rake")["by"].to_pylist() == [["Rake address"]]
    assert set(owner.clusters()["id"].to_pylist()) == {C2["id"], DOMAIN["id"]}
    assert owner.sights("c2.example", "x.example")["hosts"].to_pylist() == [["192.168.10.5"]]
    assert owner.known_of("192.168.10.5")["leads"].to_pylist() == [["Rake"]]
    with pytest.raises(AppError, match="nothing known"):
        partner.shared("Rake")
    for asked in (partner.sights, partner.known_of):
        with pytest.raises(AppError, match="owner's alone"):
            asked("192.168.10.5")
