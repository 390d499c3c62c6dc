"""Water works, hospitals and providers: an ordinary day of theirs, and how it goes wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass

from noroshi.drill.clock import HOUR, MINUTE, SECOND, local
from noroshi.drill.day import Day
from noroshi.drill.kind.sector import (
    AbuseReported,
    Accounted,
    AlarmRaised,
    ChartOpened,
    Line,
    Measured,
    SetpointChanged,
)
from noroshi.drill.world import Host


@dataclass(frozen=True, slots=True)
class Tag:
    """A measuring point: ``swing`` is how far it moves over the day, ``noise`` by itself."""

    name: str
    middle: float
    swing: float
    noise: float
    high: float
    low: float


TAGS = (
    Tag("PLT1.FIT101.PV", 412.0, 55.0, 4.0, 520.0, 250.0),  # raw water, m³/h
    Tag("PLT1.AIT201.CL2", 0.62, 0.05, 0.01, 1.00, 0.30),  # free chlorine, mg/L
    Tag("PLT1.AIT202.PH", 7.2, 0.10, 0.02, 8.0, 6.5),
    Tag("PLT1.AIT203.TURB", 0.06, 0.02, 0.005, 0.50, 0.0),  # turbidity, NTU
    Tag("RES2.LIT301.PV", 3.4, 0.8, 0.02, 4.5, 1.5),  # reservoir level, m
    Tag("PLT1.PIT401.PV", 0.45, 0.04, 0.004, 0.60, 0.30),  # delivery pressure, MPa
)


def measure(day: Day, tag: str, time: int, value: float, quality: str = "Good") -> Measured:
    """Store one value in the historian."""
    event = Measured(time=time, tag=tag, value=value, quality=quality)
    day.add(event)
    return event


def plant_alarm(
    day: Day, tag: str, time: int, text: str, *, level: str = "HI", priority: int = 2,
    acknowledged: int = 0, operator: str = "",
) -> AlarmRaised:  # fmt: skip
    """Raise an alarm in the control room; ``acknowledged`` is when somebody saw it (µs)."""
    event = AlarmRaised(
        time=time, tag=tag, text=text, level=level, priority=priority, acknowledged=acknowledged,
        operator=operator,
    )  # fmt: skip
    day.add(event)
    return event


def change_setpoint(
    day: Day, tag: str, time: int, before: float, after: float, *, operator: str, station: Host
) -> SetpointChanged:
    """Change a set point at a control station: an operator's work, or an intruder's."""
    event = SetpointChanged(
        time=time, tag=tag, before=before, after=after, operator=operator, station=station
    )
    day.add(event)
    return event


def plant_life(day: Day, begin: int, end: int, period: int = MINUTE) -> None:
    """Fill the historian: a daily swing and noise; an alarm where a value leaves its band.

    ``period`` lies between two samples of a tag, µs.
    """
    for tag in TAGS:
        rng = day.stream("plant", tag.name)
        was = ""
        for time in range(begin, end, period):
            hour = local(time).hour + local(time).minute / 60
            value = tag.middle + tag.swing * math.sin((hour - 6) / 12 * math.pi)
            value += rng.gauss(0, tag.noise)
            if rng.random() < 0.00005:
                value = tag.high * 1.02  # a bubble in the line, now and then
            quality = "Good" if rng.random() > 0.0005 else "Uncertain"
            measure(day, tag.name, time + rng.randrange(200_000), round(value, 4), quality)
            now = "HI" if value > tag.high else "LO" if value < tag.low else ""
            if now and now != was:
                plant_alarm(
                    day, tag.name, time + SECOND, f"{tag.name} が警報値を超えました", level=now,
                    acknowledged=time + rng.randrange(20, 300) * SECOND, operator="op1",
                )  # fmt: skip
            was = now


def open_chart(
    day: Day, login: str, time: int, host: Host, patient: str, *, action: str = "参照",
    reason: str = "診療", name: str = "", department: str = "",
) -> ChartOpened:  # fmt: skip
    """Look into a patient's chart (``参照``, ``更新``, ``印刷``, ``出力``)."""
    person = next((each for each in day.world.people if each.login == login), None)
    event = ChartOpened(
        time=time, login=login, name=name or (person.name if person else login),
        department=department or (person.department if person else ""), host=host,
        patient=patient, action=action, reason=reason,
    )  # fmt: skip
    day.add(event)
    return event


def subscriber(
    day: Day, name: str, address: str, begin: int, end: int, *, number: int = 0,
    octets_in: int = 0, octets_out: int = 0, cause: str = "User-Request",
) -> Line:  # fmt: skip
    """Let a provider's subscriber be on line for a while, with RADIUS records."""
    rng = day.stream("subscriber", name)
    line = Line(f"{number or rng.randrange(1 << 32):08X}", name, address, rng.randrange(1, 4000),
                begin)  # fmt: skip
    out = octets_out or rng.randrange(1 << 20, 1 << 33)
    into = octets_in or out // rng.randrange(8, 30)
    day.add(Accounted(time=begin, line=line, status="Start"))
    for time in range(begin + 6 * HOUR, end, 6 * HOUR):
        share = (time - begin) / (end - begin)
        day.add(
            Accounted(
                time=time, line=line, status="Interim-Update", octets_in=int(into * share),
                octets_out=int(out * share),
            )
        )  # fmt: skip
    day.add(
        Accounted(time=end, line=line, status="Stop", octets_in=into, octets_out=out, cause=cause)
    )
    return line


def abuse_mail(
    day: Day, time: int, reporter: str, address: str, seen: int, *, kind: str = "abuse",
    text: str = "",
) -> AbuseReported:  # fmt: skip
    """Let somebody outside complain about one of the provider's addresses."""
    event = AbuseReported(
        time=time, reporter=reporter, address=address, seen=seen, kind=kind,
        text=text or "Connections to closed ports were seen from this address.",
        number=f"AB{local(time):%y%m%d%H%M%S}",
    )  # fmt: skip
    day.add(event)
    return event
