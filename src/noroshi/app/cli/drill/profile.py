"""``noroshi drill profile list|show|check``: organisations that evidence is generated of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.drill.folder import begin
from noroshi.app.cli.options import Call, Home, Json, LangOption, group
from noroshi.app.errors import AppError
from noroshi.drill.world import (
    Host,
    Profile,
    World,
    builtin_profile,
    check_world,
    kinds,
    make_world,
)
from noroshi.drill.world.country import Folders
from noroshi.drill.world.profile import read_profile
from noroshi.drill.world.segment import ZONE_NAMES, Cloud, Road
from noroshi.intel.packs import PackKind
from noroshi.lang import N_

BROKEN = 1
_CLOUDS = {
    Cloud.NAMED: N_("named cloud services only"),
    Cloud.GOVERNMENT: N_("government cloud only"),
}
Which = Annotated[str, typer.Argument(help="Kind of organisation, or a profile's file.")]
Seed = Annotated[int, typer.Option("--seed", help="Other people in the same house.")]


def register(part: typer.Typer) -> None:
    """Add the commands."""
    own = group("Organisations: the built-in ones, and profiles of your own.")
    own.command("list", epilog="Example: noroshi drill profile list")(list_profiles)
    own.command("show", epilog="Example: noroshi drill profile show city --model beta-prime")(show)
    own.command("check", epilog="Example: noroshi drill profile check ./our-town.yaml")(check)
    part.add_typer(own, name="profile")


def list_profiles(home: Home = None, lang: LangOption = None, as_json: Json = False) -> None:
    """List the kinds of organisation."""
    this = begin(lang, as_json=as_json, home=home)
    extra = _added(this)
    found = [builtin_profile(kind, extra=extra) for kind in sorted(kinds(extra))]
    if as_json:
        this.out.json([_summary(profile) for profile in found])
        return
    rows = (
        (one.kind, one.country, _name(one, this), one.staff, one.model.value, len(one.departments))
        for one in found
    )
    this.out.table(["Kind", "Country", "Name", "Staff members", "Model", "Departments"], rows)


def show(
    which: Which,
    staff: Annotated[int | None, typer.Option("--staff", help="Another size.")] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="flat, alpha, alpha-prime, beta or beta-prime."),
    ] = None,
    seed: Seed = 1,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Show an organisation: departments, machines, networks, roads and sensors."""
    this = begin(lang, as_json=as_json, home=home)
    extra = _added(this)
    if which.endswith((".yaml", ".yml")):
        if staff is not None or model is not None:
            raise AppError(f"{which}: --staff and --model are for kinds; change them in the file")
        profile = read_profile(Path(which), extra)
    else:
        profile = builtin_profile(which, staff=staff, model=model, extra=extra)
    world = make_world(profile, seed, extra)
    if as_json:
        this.out.json(_world_json(profile, world))
    else:
        _show(this, profile, world)


def check(
    file: Annotated[Path, typer.Argument(help="Profile, YAML.", dir_okay=False)],
    seed: Seed = 1,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> int:
    """Check a profile of your own: is every value possible, and can the house be built?"""
    this = begin(lang, as_json=as_json, home=home)
    extra = _added(this)
    profile = read_profile(file, extra)
    world = make_world(profile, seed, extra)
    breaches = check_world(world)
    if as_json:
        found = [{"rule": each.rule, "what": each.what} for each in breaches]
        this.out.json({**_summary(profile), "machines": len(world.hosts), "breaches": found})
        return BROKEN if breaches else 0
    for each in breaches:
        this.out.warn("{file}: {rule}: {what}", file=str(file), rule=each.rule, what=each.what)
    if breaches:
        return BROKEN
    this.out.say(
        "{file}: fine. {name}: {people} people, {machines} machines in {networks} networks, "
        "{sensors} sensors.",
        file=str(file), name=_name(profile, this), people=len(world.people),
        machines=len(world.hosts), networks=len(world.segments), sensors=len(world.sensors),
    )  # fmt: skip
    return 0


def _added(this: Call) -> Folders:
    """Return the tops of the packs of worlds that were added."""
    return tuple(
        pack.folder for pack in this.workspace.packs.list()
        if pack.manifest.kind is PackKind.WORLDS
    )  # fmt: skip


def _name(profile: Profile, this: Call) -> str:
    return profile.name_en or profile.name if this.out.language == "en" else profile.name


def _summary(profile: Profile) -> dict[str, Any]:
    return {
        "kind": profile.kind,
        "country": profile.country,
        "name": profile.name,
        "name_en": profile.name_en,
        "domain": profile.domain,
        "staff": profile.staff,
        "model": profile.model.value,
        "departments": [entry[0] for entry in profile.departments],
    }


def _show(this: Call, profile: Profile, world: World) -> None:
    out = this.out
    out.say(
        "{name}: {people} people, {machines} machines, model {model}, domain {domain}",
        name=_name(profile, this), people=len(world.people), machines=len(world.hosts),
        model=profile.model.value, domain=world.domain,
    )  # fmt: skip
    rooms = Counter(person.department for person in world.people)
    out.table(["Department", "People"], rooms.items())
    standing = {segment.name: [h for h in world.hosts.values() if h.segment == segment.name]
                for segment in world.segments}  # fmt: skip
    out.table(
        ["Network", "Prefix", "Machines", "Roles"],
        ((segment.name, segment.prefix, len(standing[segment.name]),
          _roles(standing[segment.name])) for segment in world.segments),
    )  # fmt: skip
    out.table(
        ["Comes from", "Goes to", "Ports", "Why"],
        ((_zone(this, road.source), _zone(this, road.target), _ports(this, road),
          out.word(road.why)) for road in world.roads),
    )  # fmt: skip
    out.table(
        ["Sensor", "Log", "Sees", "Days kept"],
        ((sensor.name, out.word(sensor.log),
          ", ".join(_zone(this, zone) for zone in sensor.zones), sensor.days)
         for sensor in world.sensors),
    )  # fmt: skip


def _zone(this: Call, zone: str) -> str:
    return this.out.word(ZONE_NAMES[zone])


def _roles(hosts: list[Host]) -> str:
    counts = Counter(host.role for host in hosts)
    return ", ".join(role if n == 1 else f"{role} ×{n}" for role, n in counts.items())


def _ports(this: Call, road: Road) -> str:
    ports = ", ".join(str(port) for port in sorted(road.ports)) or this.out.word("all ports")
    roles = f" → {', '.join(sorted(road.roles))}" if road.roles else ""
    cloud = f" ({this.out.word(_CLOUDS[road.cloud])})" if road.cloud else ""
    return ports + roles + cloud


def _world_json(profile: Profile, world: World) -> dict[str, Any]:
    return {
        **_summary(profile),
        "people": [
            {"login": p.login, "name": p.name, "kana": p.kana, "department": p.department,
             "job": p.job} for p in world.people
        ],
        "machines": [
            {"name": h.name, "ip": h.ip, "role": h.role, "network": h.segment, "zone": h.zone.value,
             "owner": h.owner.login if h.owner else ""} for h in world.hosts.values()
        ],
        "networks": [
            {"name": s.name, "zone": s.zone.value, "prefix": s.prefix} for s in world.segments
        ],
        "roads": [
            {"from": r.source.value, "to": r.target.value, "ports": sorted(r.ports),
             "roles": sorted(r.roles), "cloud": r.cloud.value, "why": r.why} for r in world.roads
        ],
        "sensors": [
            {"name": s.name, "log": s.log, "zones": [z.value for z in s.zones], "on": s.on,
             "days": s.days, "coverage": s.coverage} for s in world.sensors
        ],
    }  # fmt: skip
