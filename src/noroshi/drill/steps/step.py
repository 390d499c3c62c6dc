"""What a step of an intrusion is: a declared record, and the act that leaves its traces.

A step is inert. Its act writes events of the simulated day and nothing else; what would be a tool
is a sentence and its hash.

Counter-actions are named after MITRE D3FEND (technique ids such as ``D3-NI``) and the RE&CT
framework (response actions such as ``RA3101``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from noroshi.drill.action import ActionKind
from noroshi.lang import Message

if TYPE_CHECKING:
    from noroshi.drill.steps.act import Act


class Tactic(StrEnum):
    """What a step is for; ids of ATT&CK."""

    INITIAL_ACCESS = "TA0001"
    EXECUTION = "TA0002"
    PERSISTENCE = "TA0003"
    PRIVILEGE_ESCALATION = "TA0004"
    DEFENCE_EVASION = "TA0005"
    CREDENTIAL_ACCESS = "TA0006"
    DISCOVERY = "TA0007"
    LATERAL_MOVEMENT = "TA0008"
    COLLECTION = "TA0009"
    EXFILTRATION = "TA0010"
    COMMAND_AND_CONTROL = "TA0011"
    IMPACT = "TA0040"
    RECONNAISSANCE = "TA0043"


class Need(StrEnum):
    """What the intruder must have for a step; each is something that defenders can take away."""

    PERSON = "person"  # somebody at work on the machine ``on``
    FOOTHOLD = "foothold"  # a way to run things on ``from`` (or on ``on`` where there is no from)
    CHANNEL = "channel"  # orders reach the foothold from outside
    ACCOUNT = "account"  # the account ``account`` works with what the intruder knows
    TARGET = "target"  # ``on`` answers over the network
    OUTSIDE = "outside"  # the outside address ``site`` is reachable
    MAILBOX = "mailbox"  # the mail that came before still lies in the mailbox
    FLAW = "flaw"  # ``on`` still has its flaw
    RECORDS = "records"  # data gathered by an earlier step


class Gift(StrEnum):
    """What the intruder has after a step."""

    FOOTHOLD = "foothold"  # on ``on``
    ACCOUNT = "account"  # ``account`` can be used
    CHANNEL = "channel"  # orders come through ``site``
    RECORDS = "records"  # data is gathered


@dataclass(frozen=True, slots=True)
class Counter:
    """What defenders can do against a need: an action, and what the frameworks call it."""

    action: ActionKind
    d3fend: str
    react: str


COUNTERS: dict[Need, tuple[Counter, ...]] = {
    Need.PERSON: (),
    Need.FOOTHOLD: (
        Counter(ActionKind.RESTORE_HOST, "D3-RS", "RA5001"),
        Counter(ActionKind.SHUT_DOWN_HOST, "D3-HS", "RA3401"),
    ),
    Need.CHANNEL: (
        Counter(ActionKind.BLOCK, "D3-NTF", "RA3103"),
        Counter(ActionKind.ISOLATE_HOST, "D3-NI", "RA3105"),
    ),
    Need.ACCOUNT: (
        Counter(ActionKind.RESET_PASSWORD, "D3-CRO", "RA4601"),
        Counter(ActionKind.DISABLE_ACCOUNT, "D3-AL", "RA3601"),
    ),
    Need.TARGET: (
        Counter(ActionKind.ISOLATE_HOST, "D3-NI", "RA3105"),
        Counter(ActionKind.CLOSE_SEGMENT, "D3-BDI", "RA3102"),
    ),
    Need.OUTSIDE: (Counter(ActionKind.BLOCK, "D3-NTF", "RA3101"),),
    Need.MAILBOX: (Counter(ActionKind.REMOVE_MAIL, "D3-ER", "RA4201"),),
    Need.FLAW: (
        Counter(ActionKind.PATCH, "D3-SU", "RA1001"),
        Counter(ActionKind.STOP_SERVICE, "D3-SCF", "RA3501"),
    ),
    Need.RECORDS: (),
}

Play: TypeAlias = Callable[["Act"], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that intruders do.

    Attributes:
        id: names it in scenarios.
        technique: ATT&CK id.
        tactic: what it is for.
        title: what it is, for people.
        play: leaves its traces in the day.
        needs, gives: see :class:`Need` and :class:`Gift`.
        leaves: what stays behind and can be looked for: kinds of records and artefacts.
        chance: of failing at the first try, 0 to 1; a failed try leaves traces too.
        slip: what a failed try looks like; None: it leaves nothing.
        because: why it failed, for people.
        silent: why it leaves no evidence; None: it does.
        harm: damage by default, in the scenario's points.
    """

    id: str
    technique: str
    tactic: Tactic
    title: Message
    play: Play
    needs: frozenset[Need]
    gives: frozenset[Gift] = frozenset()
    leaves: tuple[str, ...] = ()
    chance: float = 0.0
    slip: Play | None = None
    because: Message | None = None
    silent: Message | None = None
    harm: float = 0.0

    @property
    def counters(self) -> tuple[Counter, ...]:
        """What defenders can do against it."""
        found = (each for need in sorted(self.needs) for each in COUNTERS[need])
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Slip:
    """How a step may fail at the first try."""

    chance: float
    because: Message
    play: Play | None = field(default=None)


def step(
    id_: str,
    technique: str,
    tactic: Tactic,
    title: str,
    *,
    needs: tuple[Need, ...] = (),
    gives: tuple[Gift, ...] = (),
    leaves: tuple[str, ...] = (),
    slip: Slip | None = None,
    silent: str = "",
    harm: float = 0.0,
) -> Callable[[Play], Step]:
    """Declare the decorated act as a step; the library finds it by walking this folder.

    Args:
        id_: its id.
        technique: ATT&CK id.
        tactic: what it is for.
        title: English title, marked with ``N_``.
        needs: what the intruder must have.
        gives: what it gives.
        leaves: kinds of evidence.
        slip: how it may fail.
        silent: why it leaves nothing, marked with ``N_``.
        harm: damage by default.
    """

    def declare(play: Play) -> Step:
        return Step(
            id_,
            technique,
            tactic,
            Message(title),
            play,
            frozenset(needs),
            frozenset(gives),
            leaves,
            slip.chance if slip else 0.0,
            slip.play if slip else None,
            slip.because if slip else None,
            Message(silent) if silent else None,
            harm,
        )

    return declare
