"""Who and what there is: people, accounts, machines, servers outside.

Inside addresses are private (RFC 1918), outside ones come from the documentation and benchmark
ranges (RFC 5737, RFC 2544), names end in ``.example`` (RFC 2606).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache

from noroshi.drill.world.segment import Cloud, Zone

TOWN = "みどり野町"
TOWN_EN = "Midorino town"
DOMAIN = "midorino.example"
NETBIOS = "MIDORINO"
DOMAIN_SID = "S-1-5-21-1270436281-3316527710-2947018356"
_WINDOWS = frozenset(
    {"pc", "vdi", "dc", "files", "backup", "asset", "core", "terminal", "groupware", "hmi",
     "historian", "emr", "jump", "screen"}
)  # fmt: skip


SEATS = frozenset({"pc", "vdi", "terminal"})
"""Roles of machines that people start in the morning; all others run day and night."""


@lru_cache(maxsize=256)
def domain_sid(domain: str) -> str:
    """SID of a Windows domain; three numbers drawn from its name."""
    if domain == DOMAIN:
        return DOMAIN_SID
    digest = hashlib.sha256(domain.encode()).digest()
    numbers = (int.from_bytes(digest[place : place + 4], "big") for place in (0, 4, 8))
    return "S-1-5-21-" + "-".join(str(number | 1 << 30) for number in numbers)


@dataclass(frozen=True)
class Person:
    """A member of staff.

    Attributes:
        login: account name.
        family, given: name as it is written.
        department: where they work.
        domain: of the organisation.
        kana: how the name is read; empty where the writing says it.
        job: what they are.
        hours: begin and end of work, minutes after midnight.
        phone: extension.
        family_first: order in which the names are written.
    """

    login: str
    family: str
    given: str
    department: str
    domain: str = DOMAIN
    kana: str = ""
    job: str = ""
    hours: tuple[int, int] = (510, 1035)
    phone: str = ""
    family_first: bool = True

    @property
    def name(self) -> str:
        """Family and given name, in the order of the country."""
        parts = (self.family, self.given)
        return " ".join(parts if self.family_first else reversed(parts))

    @property
    def mail(self) -> str:
        """Mail address."""
        return f"{self.login}@{self.domain}"


@dataclass(frozen=True)
class Account:
    """A Windows account of the domain, or one built into every machine."""

    login: str
    sid: str
    domain: str = NETBIOS
    admin: bool = False

    @property
    def full(self) -> str:
        r"""``DOMAIN\login``."""
        return f"{self.domain}\\{self.login}"


SYSTEM_ACCOUNT = Account("SYSTEM", "S-1-5-18", "NT AUTHORITY", admin=True)


@dataclass(frozen=True)
class Host:
    """A machine inside.

    Attributes:
        name: short name.
        ip: its address.
        role: what it is for.
        owner: who sits at it.
        public_ip: address it has outside.
        segment: name of the network it stands in.
        zone: what that network is for.
        domain: of the organisation.
        watched: whether an endpoint sensor runs on it.
    """

    name: str
    ip: str
    role: str
    owner: Person | None = None
    public_ip: str = ""
    segment: str = ""
    zone: Zone = Zone.BUSINESS
    domain: str = DOMAIN
    watched: bool = True

    @cached_property
    def fqdn(self) -> str:
        """Full name."""
        return f"{self.name.lower()}.{self.domain}"

    @cached_property
    def windows(self) -> bool:
        """Whether it writes Windows events."""
        return self.role in _WINDOWS

    @cached_property
    def machine_id(self) -> str:
        """Eight hex digits that Sysmon puts in front of its GUIDs."""
        return hashlib.sha256(self.fqdn.encode()).hexdigest()[:8]

    @cached_property
    def netbios(self) -> str:
        """NetBIOS name of the domain."""
        return netbios(self.domain)

    @cached_property
    def account(self) -> Account:
        """The machine's own account."""
        rid = 2000 + int(self.machine_id[:4], 16)
        return Account(f"{self.name}$", f"{domain_sid(self.domain)}-{rid}", self.netbios)


def netbios(domain: str) -> str:
    """NetBIOS name of a domain: its first label, 15 characters at most."""
    return domain.partition(".")[0].upper()[:15]


@dataclass(frozen=True)
class Site:
    """A server outside.

    Attributes:
        name: host name.
        ip: address.
        weight: how often staff go there.
        plain: whether it still speaks plain HTTP.
        paths: pages, for plain HTTP only.
        cloud: which cloud services it belongs to.
    """

    name: str
    ip: str
    weight: int = 1
    plain: bool = False
    paths: tuple[str, ...] = ("/",)
    cloud: Cloud = Cloud.NONE
