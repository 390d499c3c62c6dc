"""Every organisation holds together, and an organisation that does not is noticed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from noroshi.drill.world import (
    Host,
    Model,
    Road,
    World,
    Zone,
    builtin_profile,
    check_world,
    kinds,
    make_world,
)
from noroshi.drill.world.check import RULES
from noroshi.drill.world.segment import Cloud, Segment

SEEDS = 50


def town(model: str = "alpha-prime") -> World:
    return make_world(builtin_profile("town", staff=30, model=model), 1)


@pytest.mark.parametrize("model", [model.value for model in Model])
@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_model_and_seed_holds_together(kind: str, model: str) -> None:
    profile = builtin_profile(kind, staff=12, model=model)
    profile = profile.model_copy(update={"subscribers": min(profile.subscribers, 12)})
    for seed in range(SEEDS):
        assert check_world(make_world(profile, seed)) == []


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_holds_together_as_it_comes(kind: str) -> None:
    assert check_world(make_world(builtin_profile(kind), 1)) == []


def changed(world: World, **values: object) -> World:
    return replace(world, **values)  # type: ignore[arg-type]


def moved(world: World, name: str, **values: object) -> World:
    host = replace(world.hosts[name], **values)  # type: ignore[arg-type]
    return changed(world, hosts={**world.hosts, name: host})


def roads(world: World, *more: Road) -> World:
    return changed(world, roads=(*world.roads, *more))


def broken(rule: str) -> World:
    """A town hall that breaks one rule."""
    world = town()
    first = next(iter(world.hosts.values()))
    match rule:
        case "addresses":
            return moved(world, "FS01", ip=first.ip)
        case "networks":
            copy = Segment("copy", Zone.DMZ, world.segments[0].prefix)
            return changed(world, segments=(*world.segments, copy))
        case "invented":
            return changed(world, domain="machi.jp")
        case "people":
            return changed(world, people=(*world.people, world.people[0]))
        case "roads":
            return roads(world, world.roads[0])
        case "sensors":
            return changed(world, sensors=(replace(world.sensors[0], on="NONE01"),))
        case "work":
            kept = tuple(r for r in world.roads if r.target is not Zone.SERVERS)
            return changed(world, roads=kept)
        case "border":
            return roads(world, Road(Zone.LGWAN, Zone.OUTSIDE, frozenset({443})))
        case "core":
            return roads(world, Road(Zone.LGWAN, Zone.CORE, frozenset({3389})))
        case "clouds":
            road = Road(Zone.LGWAN, Zone.OUTSIDE, frozenset({443}), cloud=Cloud.GOVERNMENT)
            return roads(world, road)
        case "layers":
            hosts = {n: h for n, h in world.hosts.items() if h.role != "sanitiser"}
            return changed(world, hosts=hosts)
        case "plant":
            house = make_world(builtin_profile("water", staff=24), 1)
            return roads(house, Road(Zone.DMZ, Zone.CONTROL))
    raise AssertionError(rule)


@pytest.mark.parametrize("rule", list(RULES))
def test_a_breach_is_noticed_by_its_rule(rule: str) -> None:
    assert rule in {breach.rule for breach in check_world(broken(rule))}


def test_beta_and_beta_prime_are_two_models() -> None:
    beta, prime = town("beta"), town("beta-prime")
    pc, files = beta.pcs[0], 445
    assert not beta.allows(pc, beta.in_role("groupware")[0], 443)
    assert beta.in_role("groupware")[0].zone is Zone.LGWAN
    assert not beta.allows(pc, beta.in_role("groupware")[0], files)
    assert prime.in_role("groupware")[0].zone is Zone.INTERNET
    assert prime.allows(prime.pcs[0], prime.in_role("groupware")[0], files)


def test_the_government_cloud_is_the_cores_alone() -> None:
    world = town("alpha-prime")
    sites = {site.cloud: site for site in world.sites if site.cloud}
    core, pc = world.in_role("core")[0], world.pcs[0]
    assert world.allows(core, sites[Cloud.GOVERNMENT], 443)
    assert not world.allows(core, sites[Cloud.NAMED], 443)
    assert world.allows(pc, sites[Cloud.NAMED], 443)
    assert not world.allows(pc, sites[Cloud.GOVERNMENT], 443)


def test_every_department_has_a_printer_beside_its_terminals() -> None:
    world = make_world(builtin_profile("city"), 1)
    printers: tuple[Host, ...] = world.in_role("printer")
    assert len(printers) == len(builtin_profile("city").departments)
    assert {printer.zone for printer in printers} == {world.pcs[0].zone}
    assert not any(printer.windows for printer in printers)
