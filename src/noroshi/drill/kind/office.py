"""What people and their tools write down: tickets, calls, reports, alerts, backup jobs, sticks."""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.drill.event import Event, Process, kind_of_event
from noroshi.drill.staff import Desk
from noroshi.drill.world import Host


@kind_of_event
class TicketOpened(Event):
    """Somebody asked the help desk for help.

    Attributes:
        number: receipt number.
        login: who asked; ``host`` their machine's name or empty.
        category, subject, body: as they were written down.
        handler: login of who took it; empty while nobody has.
        answer: what was done; ``closed`` when (µs), 0 while it is open.
        channel: ``電話``, ``メール``, ``窓口`` or ``チャット``.
    """

    number: str
    login: str
    host: str
    category: str
    subject: str
    body: str
    handler: str = ""
    answer: str = ""
    closed: int = 0
    channel: str = "電話"
    priority: str = "中"


@kind_of_event
class Called(Event):
    """Two people talked by telephone, and one of them took a note.

    ``caller`` and ``callee`` are names as people say them; ``lasts`` in µs; ``about`` is the
    number of a ticket or a case, or empty.
    """

    caller: str
    callee: str
    note: str
    lasts: int
    about: str = ""
    taken_by: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that can be known about an incident.

    Attributes:
        key: name of it in the ground truth, e.g. ``first-host``.
        text: the sentence that says it.
        vague: what a report says instead; empty for a report that is silent about it.
        why: why it is missing, for the instructor; empty for a fact that is told.
    """

    key: str
    text: str
    vague: str = ""
    why: str = ""

    @property
    def missing(self) -> bool:
        """Whether the report keeps it back."""
        return bool(self.why)


@kind_of_event
class Reported(Event):
    """A supplier handed in a report.

    Attributes:
        vendor: who; ``author`` the person in charge.
        subject: what it is about.
        summary: the first paragraph.
        facts: what was found, told or missing (see :class:`Fact`), in the order of the report.
        advice: what the supplier proposes.
        number: of the report.
    """

    number: str
    vendor: str
    author: str
    subject: str
    summary: str
    facts: tuple[Fact, ...]
    advice: tuple[str, ...] = ()


@kind_of_event
class AlertRaised(Event):
    """The endpoint product raised an alert about a process.

    ``severity`` is 1 (low) to 4 (critical); ``action`` is ``detected``, ``blocked`` or
    ``quarantined``.
    """

    process: Process
    rule: str
    title: str
    technique: str
    severity: int
    action: str = "detected"
    file: str = ""
    sha256: str = ""


@kind_of_event
class BackedUp(Event):
    """A backup job ran; ``time`` is when it ended.

    Attributes:
        job: its name.
        server, source: where it ran and what it copied.
        started: µs since 1970 UTC.
        files, size: how many, and bytes.
        warnings: what it could not read, one sentence each.
        failed: why it failed; empty for success.
    """

    job: str
    server: Host
    source: Host
    started: int
    files: int
    size: int
    warnings: tuple[str, ...] = ()
    failed: str = ""


@kind_of_event
class StickInserted(Event):
    """A storage device was plugged into somebody's machine."""

    desk: Desk
    label: str
    serial: str
    registered: bool


@kind_of_event
class Printed(Event):
    """Somebody printed a document."""

    process: Process
    document: str
    pages: int
    printer: str
