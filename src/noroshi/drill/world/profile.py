"""A profile: the few lines of YAML from which an organisation is made.

::

    name: Saida town hall
    country: jp
    kind: town
    staff: 120
    model: beta
    endpoint_coverage: 0.7
    missing: [zeek]
    departments: [[総務課, 20], [税務課, 20, core]]
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from noroshi.drill.errors import DrillError
from noroshi.drill.world.country import Folders, countries, country, read_yaml, said
from noroshi.drill.world.segment import Model, Zone

MOST_STAFF = 20_000
SENSORS = ("windows", "firewall", "proxy", "zeek", "mail", "www01", "vpn", "dhcp",
           "security-cloud")  # fmt: skip
"""Names of the sensors that an organisation may have."""
_NAME = re.compile(r"[A-Z][A-Z0-9-]{1,14}\Z")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.)+(?:example|test)\Z")


@lru_cache(maxsize=4)
def kinds(extra: Folders = ()) -> dict[str, str]:
    """Return the kinds of organisation there are, with the country each stands in."""
    found = reversed(countries(extra))
    return {kind: code for code in found for kind in country(code, extra).organisations}


class Profile(BaseModel):
    """What an organisation is like.

    Attributes:
        name: as it calls itself.
        name_en: the same in English.
        country: folder of the pack of worlds.
        kind: town, city, prefecture, hospital, water, isp, county …
        domain: DNS name; must end in ``.example`` or ``.test``.
        staff: how many people.
        model: how networks are separated.
        departments: name, weight, and the zone of a second terminal if there is one.
        machines: servers beside the ones that everybody has: name, role, zone.
        core_terminals: share of the people of such departments who have the second terminal.
        subscribers: lines of an ISP's customers.
        endpoint_coverage: share of staff machines with an endpoint sensor.
        missing: sensors that there are none of.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=80)]
    name_en: str = ""
    country: str = "jp"
    kind: str = "town"
    domain: str = "machi.example"
    staff: Annotated[int, Field(ge=5, le=MOST_STAFF)] = 60
    model: Model = Model.FLAT
    departments: Annotated[
        tuple[tuple[str, int] | tuple[str, int, Zone], ...], Field(min_length=1, max_length=200)
    ]
    machines: tuple[tuple[str, str, Zone], ...] = ()
    core_terminals: Annotated[float, Field(ge=0, le=1)] = 0.0
    subscribers: Annotated[int, Field(ge=0, le=4000)] = 0
    endpoint_coverage: Annotated[float, Field(ge=0, le=1)] = 1.0
    missing: frozenset[str] = frozenset()

    @field_validator("domain")
    @classmethod
    def _invented(cls, value: str) -> str:
        if not _DOMAIN.match(value):
            raise ValueError("must end in .example or .test, so that nobody real is meant")
        return value

    @field_validator("departments", mode="before")
    @classmethod
    def _sized(cls, value: Any) -> Any:
        for entry in value if isinstance(value, list | tuple) else ():
            if not isinstance(entry, list | tuple) or len(entry) not in (2, 3):
                raise ValueError(f"{entry!r}: write [name, weight] or [name, weight, zone]")
            if not isinstance(entry[1], int) or entry[1] < 1:
                raise ValueError(f"{entry!r}: the weight is a number from 1 on")
            if len(entry) == 3 and entry[2] not in {*Zone}:
                raise ValueError(f"{entry!r}: no zone {entry[2]!r}; there are: {', '.join(Zone)}")
        return value

    @field_validator("missing")
    @classmethod
    def _known(cls, value: frozenset[str]) -> frozenset[str]:
        if wrong := sorted(value - set(SENSORS)):
            raise ValueError(f"no sensor {wrong[0]!r}; there are: {', '.join(SENSORS)}")
        return value

    @field_validator("machines")
    @classmethod
    def _named(cls, value: tuple[tuple[str, str, Zone], ...]) -> Any:
        for name, _, _ in value:
            if not _NAME.match(name):
                raise ValueError(f"{name!r} is no name of a machine: capitals, digits, hyphens")
        return value


def builtin_profile(
    kind: str, *, staff: int | None = None, model: str | None = None, extra: Folders = ()
) -> Profile:
    """Return the profile of a kind of organisation.

    Raises:
        DrillError: no such kind, or no such size.
    """
    known = kinds(extra)
    if kind not in known:
        raise DrillError(f"no kind of organisation {kind!r}; there are: {', '.join(known)}")
    code = known[kind]
    path = country(code, extra).organisations[kind]
    file = read_yaml(path)
    if not isinstance(file, dict) or not isinstance(file.get("title"), dict):
        raise DrillError(f"{path}: title: say what it is called: {{en: …, ja: …}}")
    file = dict(file)
    title = file.pop("title")
    given = {"staff": staff, "model": model}
    file |= {key: value for key, value in given.items() if value is not None}
    return _checked(
        {"name": title.get("ja" if code == "jp" else "en", kind),
         "name_en": title.get("en", kind), "country": code, "kind": kind, **file},
        str(path) if staff is None and model is None else kind, extra,
    )  # fmt: skip


def read_profile(path: Path, extra: Folders = ()) -> Profile:
    """Read a profile; what it leaves out comes from its kind.

    Raises:
        DrillError: not to be read, or not a profile; names the place and the value.
    """
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise DrillError(f"{path}: not a profile: it must say at least name and kind")
    kind = str(data.get("kind", "town"))
    known = kinds(extra)
    if kind not in known:
        raise DrillError(f"{path}: kind: no {kind!r}; there are: {', '.join(known)}")
    base = builtin_profile(kind, extra=extra).model_dump()
    named = {"name_en": str(data["name"])} if "name" in data else {}
    return _checked({**base, **named, **data}, str(path), extra)


def _checked(data: dict[str, Any], where: str, extra: Folders) -> Profile:
    try:
        profile = Profile.model_validate(data)
    except ValidationError as error:
        raise DrillError(f"{where}: {said(error, Profile.model_fields)}") from error
    known = countries(extra)
    if profile.country not in known:
        raise DrillError(f"{where}: country: no {profile.country!r}; there are: {', '.join(known)}")
    return profile
