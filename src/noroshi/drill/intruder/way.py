"""Is there a way to do a step now: from where, as whom, over which line; and if not, why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from noroshi.drill.action import ActionKind, Defences
from noroshi.drill.exercise.parties import PARTY_NAMES, party_of
from noroshi.drill.intruder.bind import Bound, Node, host_of
from noroshi.drill.intruder.holdings import Foothold, Holdings
from noroshi.drill.steps import Gift, Need
from noroshi.drill.world import Account, Host, Site
from noroshi.lang import N_, Message

SEGMENTS = {
    "servers": "10.20.1.",
    "clients": "10.20.10.",
    "dmz": "10.20.250.",
    "plant": "10.20.60.",
    "residents": "10.20.50.",
}
"""Parts of the network that can be cut off, by the first numbers of their addresses."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a step can be done."""

    host: Host
    home: Foothold | None = None
    account: Account | None = None
    site: Site | None = None


@dataclass(frozen=True, slots=True)
class Wall:
    """Why it cannot; ``need`` is what is missing."""

    need: Need | None
    because: Message


def find(bound: Bound, node: Node, held: Holdings, defences: Defences, time: int) -> Way | Wall:
    """Return a way, or the first thing that stands in it."""
    return _Search(bound, node, held, defences, time).find()


def services(bound: Bound) -> dict[str, tuple[str, ...]]:
    """Return the services of the organisation and the machines they need."""
    room = bound.world.room("住民課")
    counter = next(host for host in bound.world.pcs if host.owner and host.owner.department == room)
    own = {
        ("vpn" if each.role == "vpn" else each.name.lower()): (each.name,)
        for each in bound.scenario.organisation.servers
        if each.role != "home"
    }
    return {
        "counter": (counter.name,),
        "file-sharing": ("FS01",),
        "logon": ("DC01",),
        "web": ("WWW01",),
        "mail": ("MX01",),
        **own,
    }


def segment(host: Host) -> str:
    """Return the part of the network in which a machine stands; empty for none of ours."""
    return next((name for name, start in SEGMENTS.items() if host.ip.startswith(start)), "")


class _Search:
    def __init__(
        self, bound: Bound, node: Node, held: Holdings, defences: Defences, time: int
    ) -> None:
        self._bound, self._node, self._held = bound, node, held
        self._defences, self._time = defences, time
        self._needs = node.step.needs

    def find(self) -> Way | Wall:
        host = host_of(self._bound, self._node.host) if self._node.host else self._anywhere()
        first = next(self._plain(host), None)
        if first:
            return first
        home = self._home(host)
        if isinstance(home, Wall):
            return home
        account = self._account(home)
        if isinstance(account, Wall):
            return account
        site = self._site()
        if isinstance(site, Wall):
            return site
        wall = self._line(home, host)
        return wall or Way(host, home, account, site)

    def _anywhere(self) -> Host:
        """A step in the cloud has no machine of ours: the border stands for it."""
        return self._bound.world.hosts["FW01"]

    def _plain(self, host: Host) -> Iterator[Wall]:
        time, defences = self._time, self._defences
        if defences.off(host.name, time):
            yield Wall(Need.TARGET, Message(N_("{host} was off the network"), {"host": host.name}))
        for word in self._node.of.stopped_by:
            kind, _, target = word.partition(":")
            name = self._bound.cast.name(target)
            if any(moment <= time for moment in defences.times(ActionKind(kind), name)):
                party = party_of(name)
                told = PARTY_NAMES[party] if party else name
                yield Wall(None, Message(N_("{who} had been warned in time"), {"who": told}))
        if Need.FLAW in self._needs and self._mended(host):
            yield Wall(Need.FLAW, Message(N_("the flaw of {host} was closed"), {"host": host.name}))
        if Need.MAILBOX in self._needs and self._removed():
            yield Wall(Need.MAILBOX, Message(N_("the mail had been taken out of the mailboxes")))
        if Need.RECORDS in self._needs and not self._held.records:
            yield Wall(Need.RECORDS, Message(N_("what it builds on did not come about")))

    def _mended(self, host: Host) -> bool:
        mine = [name for name, hosts in services(self._bound).items() if host.name in hosts]
        patched = (
            *self._defences.times(ActionKind.PATCH, host.name),
            *(t for name in mine for t in self._defences.times(ActionKind.PATCH, name)),
        )
        return any(time <= self._time for time in patched) or any(
            self._defences.stopped(name, self._time) for name in mine
        )

    def _removed(self) -> bool:
        steps = self._bound.scenario.steps
        words = [
            value.casefold()
            for each in steps.values()
            if each.use.startswith(("mail-", "tell-"))
            for key, value in each.texts.items()
            if key in ("subject", "sender", "link")
        ]
        return any(
            action.kind is ActionKind.REMOVE_MAIL
            and action.time <= self._time
            and any(action.target.casefold() in word for word in words)
            for action in self._defences.actions
        )

    def _home(self, host: Host) -> Foothold | Wall | None:
        if Need.FOOTHOLD not in self._needs:
            return None
        part = self._node.of.origin or self._node.host
        wanted = host_of(self._bound, part).name if part else ""
        nothing = Message(N_("what it builds on did not come about"))
        wall = Wall(Need.FOOTHOLD, nothing)
        order = [self._held.footholds.get(wanted)]
        if self._node.of.origin or not wanted:
            order += [each for each in self._held.footholds.values() if each.host is not host]
        for home in filter(None, order):
            problem = self._broken(home)
            if problem is None:
                return home
            wall = problem if wall.because is nothing else wall
        return wall

    def _broken(self, home: Foothold) -> Wall | None:
        defences, name = self._defences, home.host.name
        if defences.off(name, self._time):
            return Wall(Need.FOOTHOLD, Message(N_("{host} was off the network"), {"host": name}))
        if defences.restored(name, home.since, self._time):
            return Wall(Need.FOOTHOLD, Message(N_("{host} had been rebuilt"), {"host": name}))
        if not self._needs & {Need.CHANNEL, Need.TARGET, Need.OUTSIDE}:
            return None
        seen: Foothold | None = home
        while seen is not None:
            if defences.isolated(seen.host.name, self._time):
                about = {"host": seen.host.name}
                return Wall(Need.CHANNEL, Message(N_("{host} was off the network"), about))
            above = self._held.footholds.get(seen.through.name) if seen.through else None
            if above and defences.restored(above.host.name, above.since, self._time):
                about = {"host": above.host.name}
                return Wall(Need.FOOTHOLD, Message(N_("{host} had been rebuilt"), about))
            seen = above
        return None

    def _account(self, home: Foothold | None) -> Account | Wall | None:
        parts = list(self._node.of.account)
        accounts = [
            self._bound.cast.accounts[part] for part in parts if part in self._bound.cast.accounts
        ]
        accounts += [
            self._bound.world.accounts[self._bound.cast.desks[part].person.login]
            for part in parts
            if part in self._bound.cast.desks
        ]
        if Need.ACCOUNT not in self._needs:
            return accounts[0] if accounts else None
        if not accounts and home is not None and home.account:
            accounts = [home.account]
        wall = Wall(Need.ACCOUNT, Message(N_("what it builds on did not come about")))
        for account in accounts:
            secret = self._held.secrets.get(account.login)
            known = self._node.of.texts.get("known") == "yes"
            if secret is None and not known:
                continue
            since = secret.since if secret else 0
            login = account.login
            if not self._defences.disabled(login, self._time) and not self._defences.reset(
                login, since, self._time
            ):
                return account
            about = {"login": login}
            wall = Wall(Need.ACCOUNT, Message(N_("the account {login} no longer worked"), about))
        return wall

    def _site(self) -> Site | Wall | None:
        part = self._node.of.site
        if not part:
            return None
        sites = [self._bound.cast.sites[part]]
        if self._node.step.tactic.value == "TA0010":
            sites += [
                self._bound.cast.sites[each]
                for each in self._bound.scenario.fallbacks[: self._bound.setting.fallbacks]
            ]
        if Need.OUTSIDE not in self._needs:
            return sites[0]
        for site in sites:
            if not blocked(self._defences, site, self._time):
                return site
        return Wall(Need.OUTSIDE, Message(N_("{name} was blocked"), {"name": sites[0].name}))

    def _line(self, home: Foothold | None, host: Host) -> Wall | None:
        if Need.CHANNEL in self._needs and self._held.channels:
            open_ = [
                site
                for site in self._held.channels
                if not blocked(self._defences, site, self._time)
            ]
            if not open_:
                about = {"name": self._held.channels[-1].name}
                return Wall(Need.CHANNEL, Message(N_("{name} was blocked"), about))
        if Need.TARGET in self._needs:
            if self._defences.isolated(host.name, self._time):
                about = {"host": host.name}
                return Wall(Need.TARGET, Message(N_("{host} was off the network"), about))
            ends = {segment(host), segment(home.host) if home else "outside"}
            cut = next((s for s in ends if s and self._defences.cut(s, self._time)), "")
            if cut and len(ends) > 1:
                return Wall(
                    Need.TARGET, Message(N_("the segment {name} was cut off"), {"name": cut})
                )
        return None


def blocked(defences: Defences, site: Site, time: int) -> bool:
    """Tell whether an outside server is blocked: by name, by address, or with its network."""
    network = site.ip.rpartition(".")[0] + ".0/24"
    return any(defences.blocked(each, time) for each in (site.name, site.ip, network))


def gives(node: Node, gift: Gift) -> bool:
    """Tell whether a node gives something."""
    return gift in node.step.gives
