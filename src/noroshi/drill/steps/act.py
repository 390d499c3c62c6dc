"""A step being played: where, when, as whom, and the traces that all steps have in common."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from noroshi.drill import software
from noroshi.drill.action import Defences
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.errors import DrillError
from noroshi.drill.event import LogonFailed, Process, ServiceInstalled, Session, SyslogLine
from noroshi.drill.intruder.holdings import Foothold
from noroshi.drill.intruder.layer import Layer
from noroshi.drill.outside import execute
from noroshi.drill.software import Program
from noroshi.drill.staff import Desk
from noroshi.drill.world import Account, Host, Site

INERT = "NOROSHI DRILL EVIDENCE (inert)"


@dataclass
class Act:
    """What a step's act sees and leaves.

    Attributes:
        day: takes the events.
        time: when it begins, µs since 1970 UTC.
        until: when the story ends.
        defences: what the team has changed.
        home: the foothold it is done from, if the step needs one.
        host: the machine it is done on.
        desk: the person at work there, if somebody is.
        account: the account it uses or takes.
        site: the outside server it talks to.
        data: what it is after: names of shares, mailboxes or systems.
        texts: words and numbers that the scenario gives.
        admin: the town's administrator, whose machine and name some steps borrow.
        ends: set by the act: when what builds on it can begin.
        gained: set by the act: the foothold it gives.
        blows: set by the act: when each part of the damage is done.
    """

    day: Layer
    time: int
    until: int
    defences: Defences
    host: Host
    home: Foothold | None = None
    desk: Desk | None = None
    account: Account | None = None
    site: Site | None = None
    data: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    ends: int = 0
    gained: Foothold | None = None
    blows: list[int] = field(default_factory=list)

    @property
    def rng(self) -> random.Random:
        """Dice of the step."""
        return self.day.stream("act")

    def text(self, name: str, otherwise: str) -> str:
        """Return a word of the scenario."""
        return self.texts.get(name, otherwise)

    def number(self, name: str, otherwise: int) -> int:
        """Return a number of the scenario."""
        return int(self.texts.get(name, otherwise))

    # -- what the step was promised ----------------------------------------------------------

    def at_desk(self) -> Desk:
        """Return the person at work."""
        if self.desk is None:
            raise DrillError(f"{self.host.name}: nobody works there; name a desk as 'on'")
        return self.desk

    def base(self) -> Foothold:
        """Return the foothold."""
        if self.home is None:
            raise DrillError(f"{self.host.name}: the intruder has no foothold there")
        return self.home

    def process(self) -> Process:
        """Return the foothold's process."""
        found = self.base().process
        if found is None:
            raise DrillError(f"{self.base().host.name} is no Windows machine; use a step for it")
        return found

    def who(self) -> Account:
        """Return the account."""
        if self.account is None:
            raise DrillError("the step needs an account; name one as 'account'")
        return self.account

    def where(self) -> Site:
        """Return the outside server."""
        if self.site is None:
            raise DrillError("the step needs an outside server; name one as 'site'")
        return self.site

    # -- Windows -----------------------------------------------------------------------------

    def commands(self, *lines: tuple[int, Program, str]) -> int:
        """Run commands in a shell below the foothold: (seconds from the start, program, line)."""
        above = self.process()
        shell = self.day.start(
            above.session, software.CMD, f"cmd.exe /c {lines[0][2].split()[0]}", self.time, above
        )
        last = self.time
        for delay, program, line in lines:
            last = self.time + delay * SECOND
            self.day.run(above.session, program, line, last, shell)
        self.day.end(shell, last + 5 * SECOND)
        self.ends = last + 6 * SECOND
        return self.ends

    def plant(self, process: Process, program: Program, time: int) -> None:
        """Let a process write a program to disk."""
        self.day.write(process, program.path, time, program.content)

    def hold(self, process: Process, through: Host | None = None) -> None:
        """Note the foothold that the step gives."""
        session = process.session
        self.gained = Foothold(
            process.host, process.started, session, process, session.account, through
        )
        self.ends = max(self.ends, process.started + SECOND)

    def service(self, session: Session, name: str, program: Program, time: int) -> Process:
        """Install a service and start it."""
        path = program.path
        self.day.add(ServiceInstalled(time=time, session=session, name=name, path=path))
        manager = self.day.system(session.host, "services.exe")
        return self.day.start(manager.session, program, path, time + 1_300_000, manager)

    def refused(self, origin: Host, login: str, status: str = "0xc000006a") -> None:
        """Be refused by a Windows server over the network."""
        rng = self.day.stream("refused")
        process = self.home.process if self.home else None
        time = self.day.resolve(origin, self.host.fqdn, self.host.ip, self.time, process)
        flow = self.day.flow(
            origin,
            self.host.ip,
            445,
            time,
            "ntlm,smb",
            2_600,
            1_950,
            rng,
            name=self.host.fqdn,
            process=self.day.system(origin, "System") if origin.windows else None,
        )
        self.day.add(
            LogonFailed(
                time=time + 60_000,
                host=self.host,
                login=login,
                kind=3,
                source=origin.ip,
                port=flow.sport,
                status=status,
            )
        )

    # -- Linux -------------------------------------------------------------------------------

    def say(self, time: int, program: str, message: str, host: Host | None = None) -> None:
        """Let a program on a Linux machine write to its syslog."""
        where = host or self.host
        pid = 2000 + self.day.serial("pid", where)
        self.day.add(SyslogLine(time=time, host=where, program=program, pid=pid, message=message))

    def execute(
        self, *lines: tuple[int, tuple[str, ...]], host: Host | None = None, uid: int = 33
    ) -> int:
        """Run programs on a Linux machine: (seconds from the start, arguments)."""
        where = host or self.host
        shell = 2000 + self.day.serial("pid", where)
        last = self.time
        for delay, arguments in lines:
            last = self.time + delay * SECOND
            pid = 2000 + self.day.serial("pid", where)
            execute(self.day, where, last, pid, shell, uid, 4294967295, arguments)
        self.ends = last + SECOND
        return self.ends

    # -- time --------------------------------------------------------------------------------

    def every(self, gap: int, spread: float, until: int) -> Iterator[int]:
        """Yield moments about a gap (µs) apart, more or less by a share, till an end."""
        rng = self.day.stream("every")
        time = self.time
        while time < until:
            yield time
            time += round(gap * rng.uniform(1 - spread, 1 + spread))

    def cut_off(self, time: int) -> bool:
        """Tell whether the foothold's machine, or one it is controlled through, is off the net."""
        home = self.base()
        through = (home.through.name,) if home.through else ()
        return any(self.defences.isolated(name, time) for name in (home.host.name, *through))

    def gone(self, time: int) -> bool:
        """Tell whether the foothold was rebuilt away, or its machine switched off."""
        home = self.base()
        return self.defences.off(home.host.name, time) or self.defences.restored(
            home.host.name, home.since, time
        )

    def blocked(self, site: Site, time: int) -> bool:
        """Tell whether an outside server is blocked by name or by address."""
        return self.defences.blocked(site.name, time) or self.defences.blocked(site.ip, time)

    def blow(self, *times: int) -> None:
        """Note when damage is done; each time is an equal part of it."""
        self.blows.extend(times)

    def minutes(self, low: float, high: float) -> int:
        """Return a span of time between so many minutes, µs."""
        return round(self.rng.uniform(low, high) * MINUTE)
