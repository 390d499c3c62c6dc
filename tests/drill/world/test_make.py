"""Organisations of every kind and size hold together, and only the roads of their model exist."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.drill.errors import DrillError
from noroshi.drill.world import (
    Model,
    World,
    Zone,
    build_world,
    builtin_profile,
    kinds,
    make_world,
    read_profile,
)  # fmt: skip

MODELS = [model.value for model in Model]
MUNICIPAL = [model for model in MODELS if model != "flat"]
WEB, FILES, PROXY = 443, 445, 8080


def town(model: str) -> World:
    return make_world(builtin_profile("town", model=model), 1)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(sorted(kinds())),
    staff=st.integers(5, 1500),
    model=st.sampled_from(MODELS),
    seed=st.integers(0, 1 << 20),
)
def test_every_organisation_holds_together(kind: str, staff: int, model: str, seed: int) -> None:
    world = make_world(builtin_profile(kind, staff=staff, model=model), seed)
    prefixes = {segment.name: ipaddress.ip_network(segment.prefix) for segment in world.segments}
    hosts = list(world.hosts.values())
    assert len(prefixes) == len(world.segments)
    assert len({host.ip for host in hosts}) == len(hosts)
    assert all(ipaddress.ip_address(host.ip) in prefixes[host.segment] for host in hosts)
    assert all(prefix.is_private for prefix in prefixes.values())
    assert len({person.login for person in world.people}) == len(world.people) == staff
    assert {host.owner for host in world.pcs} == set(world.people)
    present = {segment.zone for segment in world.segments}
    assert all(set(sensor.zones) & present for sensor in world.sensors)
    assert world.domain.endswith((".example", ".test"))


def test_the_same_seed_makes_the_same_organisation() -> None:
    profile = builtin_profile("city")
    assert make_world(profile, 7) == make_world(profile, 7)
    assert make_world(profile, 7).people != make_world(profile, 8).people


@pytest.mark.parametrize("model", MUNICIPAL)
def test_nobody_reaches_the_my_number_segment_or_leaves_it_for_the_web(model: str) -> None:
    world = town(model)
    core, site = world.in_role("core")[0], world.sites[0]
    for host in world.hosts.values():
        if host.zone is not Zone.CORE:
            assert not world.allows(host, core, WEB), host
    assert not world.allows(core, site, WEB)
    terminal = world.in_role("terminal")[0]
    assert world.allows(terminal, core, WEB)


@pytest.mark.parametrize("model", MODELS)
def test_no_terminal_reaches_the_web_past_the_proxy(model: str) -> None:
    world = town(model)
    person, proxy, site = world.people[0], world.in_role("proxy")[0], world.sites[0]
    assert not world.allows(world.pc_of(person), site, WEB)
    assert world.allows(world.browser_of(person), proxy, PROXY)
    if model == "flat":
        assert world.allows(proxy, site, WEB)
    else:
        upstream = world.in_role("proxy-upstream")[0]
        assert not world.allows(proxy, site, WEB)
        assert world.allows(proxy, upstream, PROXY)
        assert world.allows(upstream, site, WEB)
    assert world.allows(world.pc_of(person), world.hosts["FS01"], FILES)


@pytest.mark.parametrize("model", ["alpha", "alpha-prime"])
def test_alpha_browses_on_a_virtual_desktop(model: str) -> None:
    world = town(model)
    pc, desktop = world.pc_of(world.people[0]), world.browser_of(world.people[0])
    assert (pc.zone, desktop.zone) == (Zone.LGWAN, Zone.INTERNET)
    assert not world.allows(pc, world.in_role("proxy")[0], PROXY)
    assert world.allows(pc, desktop, WEB)
    assert not world.allows(desktop, pc, FILES)


@pytest.mark.parametrize("model", MODELS)
def test_only_alpha_prime_breaks_out_to_named_cloud_services(model: str) -> None:
    world = town(model)
    cloud = next(site for site in world.sites if site.cloud)
    assert world.allows(world.pcs[0], cloud, WEB) is (model == "alpha-prime")


@pytest.mark.parametrize("model", ["beta", "beta-prime"])
def test_beta_works_in_the_internet_segment(model: str) -> None:
    world = town(model)
    pc, groupware = world.pcs[0], world.in_role("groupware")[0]
    assert pc.zone is Zone.INTERNET
    assert world.browser_of(world.people[0]) == pc
    beside = model == "beta-prime"
    assert world.allows(pc, groupware, WEB) is beside
    assert world.allows(pc, groupware, FILES) is beside
    gateway, screen = world.in_role("lgwan-gateway")[0], world.in_role("screen")[0]
    assert world.allows(pc, screen, WEB)
    assert not world.allows(pc, screen, FILES)
    assert not world.allows(pc, gateway, WEB)
    assert world.allows(screen, gateway, WEB)


def test_the_drawn_town_hall_filters_nothing() -> None:
    world = build_world(1)
    assert len(world.people) == 42
    assert world.allows(world.pcs[0], world.hosts["DC01"], FILES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "must say at least name"),
        ("kind: castle", "no 'castle'"),
        ("{name: a, kind: town, domain: city.jp}", "domain"),
        ("{name: a, kind: town, staff: 2}", "staff"),
        ("{name: a, kind: town, colour: red}", "colour"),
        ("{name: a, kind: town, model: gamma}", "model"),
        ("name: [", "not YAML"),
    ],
)
def test_a_mistake_in_a_profile_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DrillError, match=said) as caught:
        make_world(read_profile(path), 1)
    assert str(path) in str(caught.value)
