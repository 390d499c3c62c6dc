"""Which names of entities say something about who was there, and which everybody shares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from ipaddress import ip_address, ip_network


class Reach(Enum):
    """How far an address reaches."""

    NOWHERE = "nowhere"
    INSIDE = "inside"
    OUTSIDE = "outside"


_INSIDE = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
"""RFC 1918, RFC 6598, RFC 4193. The documentation ranges count as outside."""

_PUBLIC_RESOLVERS = frozenset(
    [
        "8.8.8.8",
        "8.8.4.4",
        "1.1.1.1",
        "1.0.0.1",
        "9.9.9.9",
        "149.112.112.112",
        "208.67.222.222",
        "208.67.220.220",
        "2001:4860:4860::8888",
        "2001:4860:4860::8844",
        "2606:4700:4700::1111",
    ]
)

_NOBODY = frozenset(
    {
        "",
        "anonymous logon",
        "local service",
        "network service",
        "nt authority",
        *[
            "-",
            "(unknown)",
            "4294967295",
            "anonymous",
            "daemon",
            "everyone",
            "iusr",
            "localsystem",
            "n/a",
            "nobody",
            "none",
        ],
        *[
            "null",
            "s-1-0-0",
            "s-1-5-18",
            "s-1-5-19",
            "s-1-5-20",
            "s-1-5-7",
            "system",
            "unknown",
            "unset",
            "www-data",
        ],
        "システム",
    }
)
"""Accounts of the operating system itself: they act on every machine, all day."""

_EVERYWHERE = frozenset(
    [
        "admin",
        "administrateur",
        "administrator",
        "debian",
        "default",
        "defaultaccount",
        "ec2-user",
        "guest",
        "info",
        "localuser",
        "root",
        "test",
        "ubuntu",
        "user",
        "users",
        "vagrant",
    ]
)
"""Accounts of the same name on many machines that need not be the same person."""

_SESSION_ACCOUNT = re.compile(r"(dwm|umfd)-\d+|font driver host.*|window manager.*")
_SYSTEM_PATH = re.compile(
    r"^([a-z]:|\\systemroot|%systemroot%|%windir%)?\\(windows|program files|program files \(x86\))"
    r"\\(?!temp\\|tasks\\|fonts\\|debug\\)|^/(usr|bin|sbin|lib|lib64|etc|proc|dev|sys|opt)/"
)


def reach(address: str) -> Reach:
    """Tell whether an address names one machine here, one out there, or nobody in particular."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return Reach.NOWHERE
    if ip.is_loopback or ip.is_multicast or ip.is_unspecified or ip.is_link_local:
        return Reach.NOWHERE
    if address in _PUBLIC_RESOLVERS or address.startswith("0.") or address == "255.255.255.255":
        return Reach.NOWHERE
    if any(ip in network for network in _INSIDE):
        return Reach.NOWHERE if address.endswith(".255") else Reach.INSIDE
    return Reach.OUTSIDE


def account(name: str) -> str:
    """Return an account's bare name, lower case; empty for the operating system's own accounts."""
    bare = name.strip().lower().rpartition("\\")[2].partition("@")[0].strip()
    if bare in _NOBODY or bare.endswith("$") or _SESSION_ACCOUNT.fullmatch(bare):
        return ""
    return bare


def is_built_in(name: str) -> bool:
    """Tell whether an account of this bare name exists on many machines independently."""
    return name in _EVERYWHERE


def is_system_path(path: str) -> bool:
    """Tell whether a path lies where the operating system and installed programs lie."""
    return _SYSTEM_PATH.match(path.lower()) is not None


def short_hosts(names: Iterable[str]) -> dict[str, str]:
    """Return for each host name the one under which its findings are gathered.

    ``pc01`` and ``pc01.town.example`` are the same machine unless ``pc01`` of another domain was
    seen too.
    """
    full: dict[str, set[str]] = {}
    known = set(names)
    for name in known:
        if "." in name and is_named(name):
            full.setdefault(name.partition(".")[0], set()).add(name)
    return {
        name: next(iter(full[name])) if len(full.get(name, ())) == 1 else name for name in known
    }


def is_named(host: str) -> bool:
    """Tell whether a host is given by name and not by address."""
    try:
        ip_address(host)
    except ValueError:
        return True
    return False
