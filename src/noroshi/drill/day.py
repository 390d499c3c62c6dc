"""One day of the world, alone or of many: what can be done in it, and the order it happened in.

Every method is an act with all its traces: to fetch a page is a name resolved, a connection to the
proxy, one from the proxy to the site, and the request itself. Whoever plays the day (staff,
services, an intruder) uses the same acts, so the evidence of all of them is of one piece.

Randomness comes from one stream per entity, so that what one does never shifts another's dice. What
a machine numbers (ports, process ids, logon ids) follows from the time, so that numbers rise in the
order in which things happen, whoever is told first, and each day of a period can be made alone.
"""

from __future__ import annotations

import random
from bisect import bisect_right, insort
from collections.abc import Collection, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from functools import lru_cache

from noroshi.drill import software
from noroshi.drill.clock import HOUR, MIDNIGHT, MINUTE, SECOND
from noroshi.drill.event import (
    Event,
    FileWritten,
    Flow,
    LoggedOff,
    LoggedOn,
    Process,
    ProcessEnded,
    ProcessStarted,
    ProxyRequest,
    Resolved,
    Session,
    ShareOpened,
    TicketGranted,
)
from noroshi.drill.period import Period
from noroshi.drill.software import Program
from noroshi.drill.world import SYSTEM_ACCOUNT, Account, Host, Person, Site, World

PROXY_PORT = 8080
_SYSTEM_LOGON = 0x3E7
_PROXY_TTL = 10 * MINUTE
_CLIENT_TTL = HOUR


class Day:
    """The day as it unfolds.

    A story that spans days is played as a whole on each day of the period, before ordinary life:
    acts may lie on any day, and only what falls on this one is kept.

    Attributes:
        world: who and what there is.
        events: everything so far; sort by time before use.
        period: the days that this one is one of.
        number: which of them, from 0.
        begin, until: this day, µs since 1970 UTC.
        boots: when each Windows machine was started.
        ends: when each process that has ended did so.
    """

    def __init__(
        self, world: World, seed: int, number: int = 0, period: Period | None = None
    ) -> None:
        self.world = world
        self.events: list[Event] = []
        self.period = period or Period()
        self.number = number
        self.begin, self.until = (self.period.midnight(each) for each in (number, number + 1))
        self._seed = seed
        self._date = str(self.period.date(number))
        self._uids = Dice(f"{seed}/{self.period.date(number)}/uid")
        self.boots: dict[str, int] = {}
        self._slots: dict[tuple[str, str], set[int]] = {}
        self._outside_ports: dict[str, set[int]] = {}
        self._lives: dict[tuple[str, int], list[Process]] = {}
        self.ends: MutableMapping[Process, int] = {}
        self._of_person = {host.owner.login: host for host in world.pcs if host.owner}
        self._streams: dict[str, Dice] = {}
        self._serials: dict[str, int] = {}
        self._system: dict[str, dict[str, Process]] = {}
        self._resolved: dict[tuple[str, str], list[int]] = {}
        self._step = ""

    def at(self, hour: int, minute: int = 0, second: float = 0.0, number: int | None = None) -> int:
        """Return a time of this day, or of another of the period, by the clock on the wall."""
        begin = self.begin if number is None else self.period.midnight(number)
        return begin + hour * HOUR + minute * MINUTE + round(second * SECOND)

    def stream(self, *name: str, number: int | None = None) -> random.Random:
        """Return the dice of one entity on this day (or another); a story has dice of its own."""
        if self._step:
            key = "story/" + "/".join(name)
        else:
            date = self._date if number is None else self.period.date(number)
            key = f"{date}/" + "/".join(name)
        if key not in self._streams:
            self._streams[key] = Dice(f"{self._seed}/{key}")
        return self._streams[key]

    def steady(self, *name: str) -> random.Random:
        """Return fresh dice that fall alike on every day: for what an entity is like."""
        return random.Random(f"{self._seed}/steady/{'/'.join(name)}")  # noqa: S311

    def pc_of(self, person: Person) -> Host:
        """Return a person's machine."""
        return self._of_person[person.login]

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Mark what happens inside as one step of the story."""
        before, self._step = self._step, name
        try:
            yield
        finally:
            self._step = before

    def add(self, event: Event) -> None:
        """Let something happen, if it happens on this day.

        Ordinary life of this day may end a little after midnight; a story's next day is told then.
        """
        if event.time < self.begin:
            return
        if self._step:
            if event.time >= self.until:
                return
            if not event.step:
                object.__setattr__(event, "step", self._step)
        self.events.append(event)

    def serial(self, kind: str, host: Host, start: int = 1) -> int:
        """Count something on a host."""
        key = f"{kind}/{host.name}"
        self._serials[key] = self._serials.get(key, start - 1) + 1
        return self._serials[key]

    def about(self, time: int) -> int:
        """Return a time within the second after the given one: nobody acts on the full second."""
        return time + self.stream("about").randrange(SECOND)

    def port(self, host: Host, time: int) -> int:
        """Return a client port; they go upwards with time (Windows: RFC 6335's dynamic ports)."""
        low, count = (49_152, 16_384) if host.windows else (32_768, 28_232)
        return low + self._slot("port", host, time // _PORT_PACE.get(host.role, SECOND)) % count

    def _outside_port(self, address: str, rng: random.Random) -> int:
        """Return a client port that an address outside has not used on this day."""
        used = self._outside_ports.setdefault(address, set())
        while (port := rng.randrange(1025, 65_000)) in used and len(used) < 60_000:
            pass
        used.add(port)
        return port

    def _slot(self, kind: str, host: Host, wanted: int) -> int:
        """Return the first free number from the wanted one on."""
        used = self._slots.setdefault((kind, host.name), set())
        while wanted in used:
            wanted += 1
        used.add(wanted)
        return wanted

    def slots(self, kind: str, host: Host) -> Collection[int]:
        """Return the numbers of a kind that are taken on a host."""
        return self._slots.get((kind, host.name), ())

    def _process_id(self, host: Host, time: int) -> tuple[int, int]:
        """Return the process id that is free now, and the number that the process counts as."""
        slot = (time - self.boots.get(host.name, 0)) // PROCESS_PACE
        numbers = process_ids(self._seed)
        while True:
            slot = self._slot("process", host, slot)
            pid = numbers[slot % ORDINARY]
            if self._is_free(host, pid, time):
                return pid, slot

    def _is_free(self, host: Host, pid: int, time: int) -> bool:
        """Tell whether every process of a host that has had a process id ended before a time."""
        return all(self.ends.get(other, time) < time for other in self.of_number(host, pid))

    def of_number(self, host: Host, pid: int) -> Sequence[Process]:
        """Return the processes of a host that have had a process id."""
        return self._lives.get((host.name, pid), ())

    # -- machines and sessions ---------------------------------------------------------------

    def boot(self, host: Host, time: int, logged: bool = True) -> None:
        """Start a Windows machine; unlogged for those that were up before the day began."""
        session = Session(host, SYSTEM_ACCOUNT, _SYSTEM_LOGON, 0, time)
        if logged:
            self.add(LoggedOn(time=time, session=session))
        there: dict[str, Process] = {}
        self._system[host.name] = there
        self.boots[host.name] = time
        rng = random.Random(f"{self._seed}/boot/{host.name}/{time}")  # noqa: S311
        for program, parent in (
            (software.SYSTEM, ""), (software.SMSS, "System"), (software.CSRSS, "smss.exe"),
            (software.WININIT, "smss.exe"), (software.WINLOGON, "smss.exe"),
            (software.SERVICES, "wininit.exe"), (software.LSASS, "wininit.exe"),
            (software.SVCHOST, "services.exe"), (software.ANTIVIRUS, "services.exe"),
            (software.ASSET_AGENT, "services.exe"),
        ):  # fmt: skip
            time += rng.randrange(60_000, 900_000)
            command = f'"{program.path}"' if " " in program.path else program.path
            if program is software.SVCHOST:
                command += " -k netsvcs -p -s Schedule"
            boot = not logged or program is software.SYSTEM
            place = len(there) + 1
            there[program.name] = self._begin(
                session, program, command, time, there.get(parent), boot,
                pid=4 if place == 1 else 280 + 76 * place + rng.randrange(19) * 4, serial=place,
            )  # fmt: skip

    def system(self, host: Host, name: str) -> Process:
        """Return a process that runs on every machine."""
        return self._system[host.name][name]

    def logon(
        self,
        host: Host,
        account: Account,
        time: int,
        kind: int = 2,
        origin: Host | None = None,
    ) -> Session:
        """Log an account on, with the tickets that the domain controller gives out for it."""
        source = origin or host
        port = self.port(source, time) if origin else 0
        if account.domain != SYSTEM_ACCOUNT.domain:
            self.ticket(account, source, f"{host.name}$", time - 40_000, first=kind != 3)
        session = Session(
            host,
            account,
            0x10000 + self._slot("logon", host, (time - self.boots.get(host.name, 0)) >> 10),
            kind,
            time,
            source.ip if origin else "127.0.0.1" if kind == 2 else "-",
            port,
        )
        self.add(LoggedOn(time=time, session=session))
        return session

    def ticket(self, account: Account, client: Host, service: str, time: int, first: bool) -> None:
        """Ask the domain controller for a ticket."""
        dc = self.world.hosts["DC01"]
        rng = self.stream("ticket", client.name)
        for name, early in (("krbtgt", 9_000), (service, 0)) if first else ((service, 0),):
            flow = self.flow(client, dc.ip, 88, time - early, "krb_tcp", 1800, 1700, rng)
            self.add(
                TicketGranted(
                    time=time - early + 2_000, dc=dc, account=account, service=name,
                    client=client.ip, port=flow.sport,
                )
            )  # fmt: skip

    def logoff(self, session: Session, time: int) -> None:
        """End a session."""
        self.add(LoggedOff(time=time, session=session))

    # -- processes and files -----------------------------------------------------------------

    def start(
        self,
        session: Session,
        program: Program,
        command: str,
        time: int,
        parent: Process | None,
        boot: bool = False,
        folder: str = software.SYSTEM32,
    ) -> Process:
        """Start a process; it runs until :meth:`end` or the end of the day."""
        pid, serial = self._process_id(session.host, time)
        process = self._begin(
            session, program, command, time, parent, boot, pid=pid, serial=serial, folder=folder
        )
        self._lives.setdefault((session.host.name, pid), []).append(process)
        return process

    def _begin(
        self, session: Session, program: Program, command: str, time: int, parent: Process | None,
        boot: bool, *, pid: int, serial: int, folder: str = software.SYSTEM32,
    ) -> Process:  # fmt: skip
        process = Process(session, program, command, pid, serial, time, parent, boot, folder)
        if not boot:
            self.add(ProcessStarted(time=time, process=process))
        return process

    def end(self, process: Process, time: int) -> None:
        """End a process."""
        self.ends[process] = time
        self.add(ProcessEnded(time=time, process=process))

    def run(
        self, session: Session, program: Program, command: str, time: int, parent: Process,
        lasts: int = SECOND,
    ) -> Process:  # fmt: skip
        """Start a process that ends by itself."""
        process = self.start(session, program, command, time, parent)
        self.end(process, time + _near(self.stream("run", session.host.name), lasts))
        return process

    def write(
        self, process: Process, path: str, time: int, content: bytes = b"", zone: bool = False
    ) -> None:
        """Let a process create a file."""
        self.add(FileWritten(time=time, process=process, path=path, content=content, zone=zone))

    # -- network -----------------------------------------------------------------------------

    def flow(
        self,
        host: Host | str,
        target: str,
        dport: int,
        time: int,
        service: str,
        sent: int,
        received: int,
        rng: random.Random,
        *,
        process: Process | None = None,
        name: str = "",
        duration: int | None = None,
        protocol: str = "tcp",
        allowed: bool = True,
        nat: str = "",
        sport: int = 0,
    ) -> Flow:
        """Open a connection (or have the firewall drop it)."""
        source = host if isinstance(host, str) else host.ip
        if not sport:
            sport = (
                self._outside_port(host, rng) if isinstance(host, str) else self.port(host, time)
            )
        flow = Flow(
            time=time, uid=self._uid(), source=source, sport=sport, target=target, dport=dport,
            service=service, sent=sent, received=received, name=name, protocol=protocol,
            duration=rng.randrange(20_000, 400_000) if duration is None else duration,
            process=process, allowed=allowed, nat=nat,
        )  # fmt: skip
        self.add(flow)
        return flow

    def resolve(
        self, host: Host, name: str, answer: str, time: int, process: Process | None = None,
        ttl: int = _CLIENT_TTL,
    ) -> int:  # fmt: skip
        """Make sure that a host knows a name; returns when it does."""
        known = self._resolved.setdefault((host.name, name), [])
        place = bisect_right(known, time)
        if place and time - known[place - 1] < ttl:
            return time
        rng = self.stream("dns", host.name)
        heard = time + rng.randrange(1_500, 30_000)
        insort(known, heard)
        self.add(
            Resolved(
                time=time, host=host, server=self.world.hosts["DC01"].ip,
                port=self.port(host, time), name=name, answer=answer, uid=self._uid(),
                number=rng.randrange(1, 65535), process=process,
            )
        )  # fmt: skip
        return heard

    def known(self, host: Host, name: str) -> Sequence[int]:
        """Return when a host heard the answer to a name, in order."""
        return self._resolved.get((host.name, name), ())

    def fetch(
        self,
        process: Process,
        site: Site,
        time: int,
        *,
        path: str = "/",
        sent: int = 900,
        received: int = 20_000,
        lasts: int | None = None,
        status: int = 200,
        method: str = "GET",
        mime: str = "text/html",
        refused: bool = False,
        secure: bool | None = None,
    ) -> ProxyRequest:
        """Fetch something from outside through the proxy."""
        host, proxy = process.host, self.world.hosts["PROXY01"]
        rng = self.stream("web", host.name)
        time = self.resolve(host, proxy.fqdn, proxy.ip, time, process)
        secure = not site.plain if secure is None else secure
        lasts = rng.randrange(40_000, 900_000) if lasts is None else _near(rng, lasts)
        sent, received = sent + rng.randrange(120), received + rng.randrange(340)
        inner = self.flow(
            host, proxy.ip, PROXY_PORT, time, "http", sent + 160, received + 90, rng,
            process=process, name=proxy.fqdn, duration=lasts + 4_000,
        )  # fmt: skip
        begin = time + rng.randrange(1_000, 3_000)
        if site.name != site.ip:
            begin = self.resolve(proxy, site.name, site.ip, begin, ttl=_PROXY_TTL)
        dport = 443 if secure else 80
        outer = self.flow(
            proxy, site.ip, dport, begin, "ssl" if secure else "http", sent, received, rng,
            name="" if site.name == site.ip else site.name, duration=lasts, allowed=not refused,
            nat=proxy.public_ip,
        )  # fmt: skip
        host_acts = process.session.account is SYSTEM_ACCOUNT
        request = ProxyRequest(
            time=begin + lasts + 2_000, inner=inner, outer=outer,
            method="CONNECT" if secure else method,
            url=f"{site.name}:443" if secure else f"http://{site.name}{path}",
            status=503 if refused else status, mime="-" if secure else mime,
            user="-" if host_acts else process.session.account.login, refused=refused,
        )  # fmt: skip
        self.add(request)
        return request

    def open_share(
        self,
        origin: Host,
        account: Account,
        server: Host,
        share: str,
        time: int,
        *,
        targets: tuple[str, ...] = (),
        sent: int = 6_000,
        received: int = 40_000,
        lasts: int = 30 * SECOND,
        process: Process | None = None,
    ) -> Session:
        """Open a network share: a network logon on the server and the files touched."""
        rng = self.stream("smb", origin.name)
        time = self.resolve(origin, server.fqdn, server.ip, time, process)
        lasts, sent, received = (_near(rng, each) for each in (lasts, sent, received))
        session = self.logon(
            server, account, time + rng.randrange(9_000, 110_000), kind=3, origin=origin
        )
        self.flow(
            origin, server.ip, 445, time, "gssapi,smb", sent, received, rng, name=server.fqdn,
            duration=lasts, sport=session.port,
            process=self.system(origin, "System") if origin.windows else None,
        )  # fmt: skip
        moment = session.started + rng.randrange(4_000, 60_000)
        self.add(ShareOpened(time=moment, session=session, share=share))
        for target in targets:
            moment += rng.randrange(20_000, 400_000)
            self.add(ShareOpened(time=moment, session=session, share=share, target=target))
        self.logoff(session, max(time + lasts, moment + SECOND))
        return session

    def _uid(self) -> str:
        """Connection id as Zeek makes them: C and 17 letters and digits."""
        bits = self._uids.getrandbits(90)
        return (
            f"C{_TRIPLES[bits & _M]}{_TRIPLES[bits >> 15 & _M]}{_TRIPLES[bits >> 30 & _M]}"
            f"{_TRIPLES[bits >> 45 & _M]}{_TRIPLES[bits >> 60 & _M]}{_TRIPLES[bits >> 75]}"
        )


def _near(rng: random.Random, value: int) -> int:
    """Return about a value: what is asked for in round numbers never comes out round."""
    return value + rng.randrange(max(1, value // 16))


class Dice(random.Random):
    """Python's generator, whose whole numbers come straight from :meth:`random`: four times faster.

    Uneven by less than one part in 2**53 / width, which no evidence can show.
    """

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        """Return a number from ``start`` (or 0) up to, not including, ``stop``."""
        if stop is None:
            start, stop = 0, start
        if step != 1 or stop <= start:
            return super().randrange(start, stop, step)
        return start + int(self.random() * (stop - start))


ORDINARY = 4_000
"""How many of :func:`process_ids` ordinary life has; the steps of a story share the others."""


@lru_cache(maxsize=8)
def process_ids(seed: int) -> tuple[int, ...]:
    """Return the process ids there are, shuffled: whose a number is cannot be told from it.

    The day and each step of a story have their own part of them, since neither knows what the
    others start and every number must be free. Windows counts in fours.
    """
    numbers = list(range(1_200, 29_200, 4))
    random.Random(f"{seed}/process-ids").shuffle(numbers)  # noqa: S311
    return tuple(numbers)


_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
_M = 0x7FFF
_TRIPLES = ["".join(_LETTERS[n * 5 // k % 55] for k in (1, 55, 3_025)) for n in range(_M + 1)]
PROCESS_PACE = 12 * SECOND
_PORT_PACE = {"pc": 1_700_000, "proxy": 40_000}
"""How long a machine takes for one port on average, µs; bursts go faster."""


def spread(rng: random.Random, begin: int, end: int, count: int) -> list[int]:
    """Return times between two, thinner over the lunch break."""
    times: list[int] = []
    while len(times) < count:
        time = rng.randrange(begin, end)
        if not 12 * HOUR <= (time - MIDNIGHT) % (24 * HOUR) < 13 * HOUR or rng.random() < 0.35:
            times.append(time)
    return sorted(times)
