"""Where computers move things: water works, and lines of a provider."""

from __future__ import annotations

from noroshi.drill.act.sector import TAGS, abuse_mail, change_setpoint, measure, plant_alarm
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.steps.act import Act
from noroshi.drill.steps.step import Gift, Need, Slip, Tactic, step
from noroshi.lang import N_, Message

_CHLORINE = TAGS[1]


def _looks(act: Act) -> None:
    measure(act.day, _CHLORINE.name, act.time, _CHLORINE.middle, "Uncertain")


@step(
    "setpoint",
    "T0836",
    Tactic.IMPACT,
    N_("A set point of the water works is changed"),
    needs=(Need.FOOTHOLD, Need.CHANNEL),
    harm=45.0,
    leaves=("control station log", "historian", "alarm"),
    slip=Slip(0.3, Message(N_("the control station asked for a second confirmation")), _looks),
)
def setpoint(act: Act) -> None:
    """Chlorine is told to rise; the value follows within the hour, and an alarm rings late."""
    change_setpoint(act.day, "PLT1.AIC201.SP", act.time, 0.6, 1.4, operator="op2", station=act.host)
    for number in range(6):
        time = act.time + (5 + number * 8) * MINUTE
        act.blow(time)
        measure(act.day, _CHLORINE.name, time, 0.6 + 0.13 * number)
    plant_alarm(act.day, _CHLORINE.name, act.time + 40 * MINUTE, "残留塩素 上限警報")
    act.ends = act.time + 50 * MINUTE


@step(
    "historian",
    "T0811",
    Tactic.COLLECTION,
    N_("The historian of the water works is read out"),
    needs=(Need.FOOTHOLD, Need.TARGET),
    gives=(Gift.RECORDS,),
    harm=5.0,
    leaves=("connection",),
)
def historian(act: Act) -> None:
    """A year of values in one go."""
    act.day.flow(
        act.base().host,
        act.host.ip,
        1433,
        act.time,
        "-",
        80_000,
        410_000_000,
        act.rng,
        duration=6 * MINUTE,
        process=act.base().process,
    )
    act.ends = act.time + 7 * MINUTE


@step(
    "alarm-off",
    "T0878",
    Tactic.DEFENCE_EVASION,
    N_("Alarms of the water works are muted"),
    needs=(Need.FOOTHOLD, Need.CHANNEL),
    harm=5.0,
    leaves=("control station log",),
)
def alarm_off(act: Act) -> None:
    """A limit is set so high that nothing rings."""
    change_setpoint(act.day, "PLT1.AIA201.HI", act.time, 1.0, 9.9, operator="op2", station=act.host)
    act.ends = act.time + 10 * SECOND


@step(
    "device-guess",
    "T1110",
    Tactic.CREDENTIAL_ACCESS,
    N_("Devices of subscribers are taken by their factory passwords"),
    needs=(Need.OUTSIDE,),
    gives=(Gift.RECORDS,),
    harm=10.0,
    leaves=("connections", "abuse report"),
)
def device_guess(act: Act) -> None:
    """Telnet from outside to a row of addresses; some answer at length."""
    for number in range(act.number("devices", 30)):
        time = act.time + number * 3 * SECOND
        act.day.flow(
            act.where().ip,
            f"203.0.113.{100 + number}",
            23,
            time,
            "telnet",
            1_300,
            4_100 if number % 3 == 0 else 90,
            act.rng,
            duration=8 * SECOND,
            allowed=not act.blocked(act.where(), time),
        )
    act.ends = act.time + 3 * MINUTE


@step(
    "bots",
    "T1584.005",
    Tactic.COMMAND_AND_CONTROL,
    N_("The taken devices report to a master"),
    needs=(Need.OUTSIDE, Need.RECORDS),
    gives=(Gift.CHANNEL,),
    harm=10.0,
    leaves=("firewall log",),
)
def bots(act: Act) -> None:
    """Ten devices, each every few minutes."""
    for number in range(10):
        for time in act.every(12 * MINUTE, 0.2, act.until):
            source = f"10.20.77.{10 + number}"
            act.day.flow(
                source,
                act.where().ip,
                8443,
                time + number * SECOND,
                "-",
                400,
                300,
                act.rng,
                nat=f"203.0.113.{100 + 3 * number}",
                allowed=not act.blocked(act.where(), time),
            )
    act.ends = act.time + MINUTE


@step(
    "bot-flood",
    "T1498.001",
    Tactic.IMPACT,
    N_("The taken devices flood somebody else"),
    needs=(Need.OUTSIDE, Need.CHANNEL),
    harm=40.0,
    leaves=("firewall log", "abuse report"),
)
def bot_flood(act: Act) -> None:
    """Traffic in quantity, and complaints from where it arrives."""
    for minute in range(20):
        time = act.time + minute * MINUTE
        act.blow(time)
        if act.blocked(act.where(), time):
            continue
        for number in range(10):
            act.day.flow(
                f"10.20.77.{10 + number}",
                act.where().ip,
                53,
                time + number * SECOND,
                "-",
                9_000_000,
                0,
                act.rng,
                protocol="udp",
                duration=50 * SECOND,
                nat=f"203.0.113.{100 + 3 * number}",
            )
    for number in range(3):
        abuse_mail(
            act.day,
            act.time + (4 + 5 * number) * MINUTE,
            f"abuse@kaigai-{number}.example",
            f"203.0.113.{100 + 3 * number}",
            act.time,
        )
    act.ends = act.time + 21 * MINUTE
