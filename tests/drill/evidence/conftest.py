"""A day with the whole of ordinary life, seen by every sensor there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.drill.act import sector
from noroshi.drill.clock import HOUR, at
from noroshi.drill.day import Day
from noroshi.drill.demo import in_order, simulate
from noroshi.drill.event import Event
from noroshi.drill.observe.folder import Observation, write_observed
from noroshi.drill.observe.town import FIREWALLS, OTHERS, TOWN


@pytest.fixture(scope="session")
def lived() -> Day:
    day = simulate()
    sector.plant_life(day, at(0), at(0) + HOUR)
    sector.plant_alarm(day, "PLT1.AIT201.CL2", at(3), "残留塩素 低", level="LO")
    sector.change_setpoint(
        day, "PLT1.AIT201.CL2", at(2), 0.6, 0.2, operator="op1", station=day.world.pcs[0]
    )
    sector.open_chart(day, day.world.people[0].login, at(10), day.world.pcs[0], "0012345")
    sector.subscriber(day, "user1@isp.example", "198.18.9.9", at(1), at(20))
    sector.abuse_mail(day, at(9), "cert@other.example", "198.18.9.9", at(8))
    return day


@pytest.fixture(scope="session")
def lived_events(lived: Day) -> list[Event]:
    return in_order(lived)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("office") / "evidence"


@pytest.fixture(scope="session")
def observed(lived: Day, lived_events: list[Event], folder: Path) -> Observation:
    sensors = (*TOWN, *OTHERS, *(FIREWALLS[name] for name in ("fortigate", "paloalto", "asa")))
    return write_observed(lived_events, lived.world, folder, sensors)
