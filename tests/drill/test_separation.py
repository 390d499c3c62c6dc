"""Networks kept apart are lived in: no connection goes where the organisation has no road."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest

from noroshi.drill.action import Defences
from noroshi.drill.day import Day
from noroshi.drill.errors import NoRoadError
from noroshi.drill.event import Flow, LoggedOn
from noroshi.drill.exercise.outcome import Status
from noroshi.drill.generate import Plan, generate
from noroshi.drill.intruder.bind import bind_to
from noroshi.drill.intruder.play import tell
from noroshi.drill.invariants import check
from noroshi.drill.life import lived
from noroshi.drill.scenario.shelf import scenario
from noroshi.drill.world import (
    Model,
    Road,
    World,
    Zone,
    builtin_profile,
    check_world,
    make_world,
)
from noroshi.drill.world.segment import Cloud

DAY = date(2026, 5, 21)
STAFF = 26
MODELS = [model.value for model in Model]
APART = ["alpha", "alpha-prime"]


class Made:
    def __init__(self, model: str, folder: Path, world: World) -> None:
        self.model, self.folder, self.world = model, folder, world

    def connections(self) -> list[tuple[str, str, int, str]]:
        """Source, target, port and state of each connection of Zeek's log."""
        path = self.folder / "zeek/conn-20260521.log"
        rows = [line.split("\t") for line in path.read_text().splitlines() if line[0] != "#"]
        return [(row[2], row[4], int(row[5]), row[11]) for row in rows]

    def windows(self, number: int) -> list[dict[str, str]]:
        path = self.folder / "windows/winlogbeat-20260521.ndjson"
        records = map(json.loads, path.read_text("utf-8").splitlines())
        return [
            record["winlog"]["event_data"] | {"host": record["winlog"]["computer_name"]}
            for record in records
            if record["winlog"]["event_id"] == str(number)
        ]


def profile(folder: Path, model: str, more: str = "", kind: str = "city") -> str:
    path = folder / "profile.yaml"
    path.write_text(f"name: 試験市役所\nkind: {kind}\nmodel: {model}\n{more}", "utf-8")
    return str(path)


@pytest.fixture(scope="module", params=MODELS)
def evidence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    base = tmp_path_factory.mktemp(request.param)
    plan = Plan(STAFF, DAY, 1, profile=profile(base, request.param))
    generate(plan, base / "evidence", workers=1)
    return Made(request.param, base / "evidence", plan.world)


def roads_crossed(world: World, source: str, target: str, port: int) -> list[Road]:
    """The roads of the rule base by which a connection may go, by addresses alone."""

    def zone(text: str) -> Zone:
        net = str(ip_network(f"{text}/24", strict=False))
        return next((each.zone for each in world.segments if each.prefix == net), Zone.OUTSIDE)

    roles = {host.ip: host.role for host in world.hosts.values()}
    cloud = next((site.cloud for site in world.sites if site.ip == target), Cloud.NONE)
    if zone(source) is zone(target):
        return [Road(zone(source), zone(target))]
    return [
        road
        for road in world.roads
        if (road.source, road.target) == (zone(source), zone(target))
        and (not road.ports or port in road.ports)
        and (not road.roles or roles.get(target) in road.roles)
        and road.cloud in (Cloud.NONE, cloud)
    ]


def test_no_connection_goes_where_there_is_no_road(evidence: Made) -> None:
    assert check_world(evidence.world) == []
    went = [each for each in evidence.connections() if each[3] != "S0"]
    assert len(went) > 10_000
    for source, target, port in {each[:3] for each in went}:
        assert roads_crossed(evidence.world, source, target, port), (source, target, port)


def test_no_log_contradicts_another(evidence: Made) -> None:
    for result in check(evidence.folder):
        assert result.examples == (), result.invariant.id


def test_each_model_has_its_way_to_the_web(evidence: Made) -> None:
    world = evidence.world
    seen = Counter(
        (world.zone_of(source), world.zone_of(target), port)
        for source, target, port, _ in evidence.connections()
    )
    terminals = world.model.terminals
    browsing = Zone.INTERNET if evidence.model in APART else terminals
    assert seen[browsing, Zone.DMZ, 8080] > 2_000
    assert not [key for key in seen if key[0] is Zone.LGWAN and key[2] == 8080]
    assert bool(seen[Zone.DMZ, Zone.SECURITY_CLOUD, 8080]) is (evidence.model != "flat")
    assert bool(seen[Zone.DMZ, Zone.OUTSIDE, 443]) is (evidence.model == "flat")
    assert bool(seen[Zone.LGWAN, Zone.INTERNET, 8443]) is (evidence.model in APART)
    assert bool(seen[Zone.INTERNET, Zone.LGWAN, 8443]) is evidence.model.startswith("beta")
    assert bool(seen[Zone.LGWAN, Zone.OUTSIDE, 443]) is (evidence.model == "alpha-prime")
    log = (evidence.folder / "proxy/access-20260521.log").read_text()
    assert ("FIRSTUP_PARENT/10.20.252.20" in log) is (evidence.model != "flat")
    assert ("HIER_DIRECT/" in log) is (evidence.model == "flat")


def test_groupware_is_used_beside_the_terminals_or_in_a_session(evidence: Made) -> None:
    world = evidence.world
    servers = {host.ip for host in world.in_role("groupware")}
    sources = {world.zone_of(each[0]) for each in evidence.connections() if each[1] in servers}
    stands = world.in_role("groupware")[0].zone
    assert sources == (set() if evidence.model == "flat" else {stands})


def test_the_core_is_worked_in_from_terminals_of_its_own(evidence: Made) -> None:
    world = evidence.world
    terminals = {host.fqdn for host in world.in_role("terminal")}
    logons = [each for each in evidence.windows(4624) if each["host"] in terminals
              and each["LogonType"] == "2"]  # fmt: skip
    assert logons
    assert {each["TargetDomainName"] for each in logons} == {"MN"}
    assert all(each["TargetUserName"].startswith("mn-") for each in logons)
    core = {host.ip for host in world.hosts.values() if host.zone is Zone.CORE}
    peers = {target for source, target, _, _ in evidence.connections() if source in core}
    assert peers - core <= {"192.0.2.31"}


def test_files_come_in_through_the_sanitiser(evidence: Made) -> None:
    path = evidence.folder / "sanitiser/san01-20260521.csv"
    assert path.exists() is (evidence.model in APART)
    if evidence.model not in APART:
        return
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    passed = Counter((row["利用者"], row["ファイル名"]) for row in rows if row["結果"] == "通過")
    arrived = Counter(
        (each["User"].rpartition("\\")[2], each["TargetFilename"].rpartition("\\")[2])
        for each in evidence.windows(11)
        if "受領" in each["TargetFilename"]
    )
    assert arrived == passed
    assert {row["結果"] for row in rows} == {"通過", "拒否"}


def test_a_share_without_a_road_is_not_opened() -> None:
    world = make_world(builtin_profile("city", staff=20, model="alpha"), 1)
    day = Day(world, 1)
    desktop, account = world.in_role("vdi")[0], world.accounts[world.people[0].login]
    with pytest.raises(NoRoadError, match="no road from VD001 to"):
        day.open_share(desktop, account, world.hosts["FS01"], "share", day.at(10))
    assert not [event for event in day.events if isinstance(event, LoggedOn)]
    (refused,) = [event for event in day.events if isinstance(event, Flow)]
    assert not refused.allowed


@pytest.mark.parametrize(("model", "through"), [("alpha", False), ("beta", True)])
def test_separation_stops_a_story_that_came_by_mail(
    model: str, through: bool, tmp_path: Path
) -> None:
    path = profile(tmp_path, model, kind="town")
    plan = Plan(44, DAY, 1, profile=path, scenario="mail-macro")
    bound = bind_to(scenario("mail-macro"), 1, 1, lived(plan.world, 1, 0, plan.period))
    status = {each.fact.id: each.fact.status for each in tell(bound, Defences()).played}
    assert status["macro"] is Status.DONE
    assert (status["lateral-files"] is Status.DONE) is through
    assert (status["exfiltration"] is Status.DONE) is through


def test_sensors_that_are_missing_write_nothing(tmp_path: Path) -> None:
    path = profile(tmp_path, "beta", "missing: [zeek, www01]\n")
    generate(Plan(12, DAY, 1, profile=path), tmp_path / "evidence", workers=1)
    there = {each.name for each in (tmp_path / "evidence").iterdir()}
    assert "proxy" in there
    assert not {"zeek", "www01"} & there
