"""What only certain organisations write: water works, hospitals, Internet providers."""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.drill.event import Event, kind_of_event
from noroshi.drill.world import Host


@kind_of_event
class Measured(Event):
    """The historian stored a value. ``quality`` is OPC's word: ``Good``, ``Uncertain``, ``Bad``."""

    tag: str
    value: float
    quality: str = "Good"


@kind_of_event
class AlarmRaised(Event):
    """The control room got an alarm; ``acknowledged`` is when somebody saw it (µs), 0 for never."""

    tag: str
    text: str
    level: str
    priority: int
    acknowledged: int = 0
    operator: str = ""


@kind_of_event
class SetpointChanged(Event):
    """Somebody changed a set point at a control station."""

    tag: str
    before: float
    after: float
    operator: str
    station: Host


@kind_of_event
class ChartOpened(Event):
    """Somebody looked into, printed or changed a patient's chart. ``patient`` is a number."""

    login: str
    name: str
    department: str
    host: Host
    patient: str
    action: str
    reason: str = "診療"


@dataclass(frozen=True, eq=False)
class Line:
    """A subscriber's session at an Internet provider."""

    number: str
    subscriber: str
    address: str
    port: int
    started: int


@kind_of_event
class Accounted(Event):
    """The access server told the RADIUS server about a session.

    Attributes:
        line: whose session.
        status: ``Start``, ``Interim-Update`` or ``Stop``.
        octets_in, octets_out: bytes from and to the subscriber so far.
        cause: why it stopped.
    """

    line: Line
    status: str
    octets_in: int = 0
    octets_out: int = 0
    cause: str = ""


@kind_of_event
class AbuseReported(Event):
    """Somebody outside wrote to the abuse desk about an address.

    ``seen`` is when they saw it (µs); ``kind`` is RFC 5965's feedback type or ``xarf`` class such
    as ``login-attack``.
    """

    reporter: str
    address: str
    seen: int
    kind: str
    text: str
    number: str
