"""The simulated organisation: people, accounts, machines, networks, sensors, and the days it works.

A world is made of a profile: :func:`make_world`. The town hall of the demonstration is drawn by
hand: :func:`build_world`.
"""

from __future__ import annotations

from noroshi.drill.world.calendar import Calendar, DayKind
from noroshi.drill.world.check import Breach, check_world
from noroshi.drill.world.country import Country, countries, country
from noroshi.drill.world.make import make_world
from noroshi.drill.world.midorino import (
    ANTIVIRUS_UPDATE,
    OFFSITE_BACKUP,
    SYSTEM_UPDATE,
    TELEMETRY,
    build_world,
)
from noroshi.drill.world.parts import (
    DOMAIN,
    DOMAIN_SID,
    NETBIOS,
    SYSTEM_ACCOUNT,
    TOWN,
    TOWN_EN,
    Account,
    Host,
    Person,
    Site,
)
from noroshi.drill.world.profile import Profile, builtin_profile, kinds, read_profile
from noroshi.drill.world.segment import Model, Road, Segment, Sensor, Zone
from noroshi.drill.world.whole import World

__all__ = [
    "ANTIVIRUS_UPDATE", "DOMAIN", "DOMAIN_SID", "NETBIOS", "OFFSITE_BACKUP", "SYSTEM_ACCOUNT",
    "SYSTEM_UPDATE", "TELEMETRY", "TOWN", "TOWN_EN", "Account", "Breach", "Calendar", "Country",
    "DayKind", "Host", "Model", "Person", "Profile", "Road", "Segment", "Sensor", "Site", "World",
    "Zone", "build_world", "builtin_profile", "check_world", "countries", "country", "kinds",
    "make_world", "read_profile",
]  # fmt: skip
