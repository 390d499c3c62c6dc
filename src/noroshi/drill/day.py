"""One day of the world, alone or of many: what can be done in it, and the order it happened in.

Every method is an act with all its traces: to fetch a page is a name resolved, a connection to the
proxy, one from the proxy to the site, and the request itself. Whoever plays the day (staff,
services, an intruder) uses the same acts, so the evidence of all of them is of one piece.
"""

from __future__ import annotations

import random
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence

from noroshi.drill import software
from noroshi.drill.clock import HOUR, MINUTE, SECOND
from noroshi.drill.dice import Dice, connection_id, near
from noroshi.drill.errors import NoRoadError
from noroshi.drill.event import (
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
from noroshi.drill.timeline import Timeline
from noroshi.drill.world import SYSTEM_ACCOUNT, Account, Host, Person, Site, World

PROXY_PORT = 8080
_SYSTEM_LOGON = 0x3E7
_PROXY_TTL = 10 * MINUTE
_CLIENT_TTL = HOUR


class Day(Timeline):
    """The day as it unfolds.

    Attributes:
        world: who and what there is.
    """

    def __init__(
        self, world: World, seed: int, number: int = 0, period: Period | None = None
    ) -> None:
        super().__init__(seed, number, period or Period())
        self.world = world
        self._uids = Dice(f"{seed}/{self._date}/uid")
        self._of_person = {host.owner.login: host for host in world.pcs if host.owner}
        self._system: dict[str, dict[str, Process]] = {}
        self._resolved: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def pc_of(self, person: Person) -> Host:
        """Return a person's machine."""
        return self._of_person[person.login]

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
        dc = self.world.directory_of(client)
        if dc is None:
            return
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

    def desktop(self, session: Session) -> Process:
        """Open the shell of a session at its machine, and return it."""
        winlogon, time = self.system(session.host, "winlogon.exe"), session.started
        userinit = self.start(
            session, software.USERINIT, software.USERINIT.path, time + SECOND, winlogon
        )
        explorer = self.start(
            session, software.EXPLORER, software.EXPLORER.path, time + 2 * SECOND, userinit
        )
        self.end(userinit, time + 25 * SECOND)
        return explorer

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
        self.end(process, time + near(self.stream("run", session.host.name), lasts))
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
        """Open a connection (or have the firewall drop it).

        Raises:
            NoRoadError: the organisation's networks have no such road; the try is seen.
        """
        if allowed:
            self.must_reach(host, target, dport, time)
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

    def must_reach(self, source: Host | str, target: str, port: int, time: int) -> None:
        """Go on only where the organisation's networks have a road; the firewall sees the try.

        Raises:
            NoRoadError: there is no such road.
        """
        if self.world.passes(source, target, port):
            return
        self.flow(
            source, target, port, time, "-", 0, 0, self.stream("no-road"), allowed=False, duration=0
        )
        name = source if isinstance(source, str) else source.name
        raise NoRoadError(f"no road from {name} to {target}, port {port}")

    def resolve(
        self, host: Host, name: str, answer: str, time: int, process: Process | None = None,
        ttl: int = _CLIENT_TTL,
    ) -> int:  # fmt: skip
        """Make sure that a host knows a name; returns when it does.

        A machine that reaches no resolver knows its few peers by configuration.
        """
        server = self.world.resolver_of(host)
        if server is None:
            return time
        known = self._resolved[host.name, name]
        place = bisect_right(known, time)
        if place and time - known[place - 1] < ttl:
            return time
        rng = self.stream("dns", host.name)
        heard = time + rng.randrange(1_500, 30_000)
        insort(known, heard)
        self.add(
            Resolved(
                time=time, host=host, server=server.ip,
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
        """Fetch something from outside through the proxy, and the security cloud where one is."""
        host, proxy, upstream = process.host, self.world.hosts["PROXY01"], self.world.upstream
        rng = self.stream("web", host.name)
        time = self.resolve(host, proxy.fqdn, proxy.ip, time, process)
        secure = not site.plain if secure is None else secure
        lasts = rng.randrange(40_000, 900_000) if lasts is None else near(rng, lasts)
        sent, received = sent + rng.randrange(120), received + rng.randrange(340)
        inner = self.flow(
            host, proxy.ip, PROXY_PORT, time, "http", sent + 160, received + 90, rng,
            process=process, name=proxy.fqdn, duration=lasts + 4_000,
        )  # fmt: skip
        begin = time + rng.randrange(1_000, 3_000)
        if upstream:
            begin = self._relayed(proxy, upstream, begin, sent, received, lasts)
        elif site.name != site.ip:
            begin = self.resolve(proxy, site.name, site.ip, begin, ttl=_PROXY_TTL)
        dport = 443 if secure else 80
        last = upstream or proxy
        outer = self.flow(
            last, site.ip, dport, begin, "ssl" if secure else "http", sent, received, rng,
            name="" if site.name == site.ip else site.name, duration=lasts, allowed=not refused,
            nat=last.public_ip,
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

    def _relayed(
        self, proxy: Host, upstream: Host, time: int, sent: int, received: int, lasts: int
    ) -> int:
        """Hand a request on to the security cloud's relay; return when that goes on with it."""
        rng = self.stream("relay")
        time = self.resolve(proxy, upstream.fqdn, upstream.ip, time, ttl=_PROXY_TTL)
        self.flow(
            proxy, upstream.ip, PROXY_PORT, time, "http", sent + 130, received + 60, rng,
            name=upstream.fqdn, duration=lasts + 2_000,
        )  # fmt: skip
        return time + rng.randrange(600, 2_400)

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
        """Open a network share: a network logon on the server and the files touched.

        Raises:
            NoRoadError: the server is not to be reached from there.
        """
        self.must_reach(origin, server.ip, 445, time)
        rng = self.stream("smb", origin.name)
        time = self.resolve(origin, server.fqdn, server.ip, time, process)
        lasts, sent, received = (near(rng, each) for each in (lasts, sent, received))
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
        return connection_id(self._uids)
