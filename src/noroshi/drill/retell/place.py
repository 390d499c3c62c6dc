"""Real machines become machines of the town: by what they are, never by their name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from noroshi.drill.retell.realm import Realm, realm
from noroshi.drill.retell.sighting import Sighting
from noroshi.drill.steps import Tactic

VICTIM, WEB = "victim", "web"
DESKS = ("desk2", "desk3", "desk4")
SERVERS = ("files", "dc", "backup", "assets")
_SOUNDS_LIKE = (
    ("dc", re.compile(r"(^|[^a-z])(dc|pdc|addc|ad|ldap)\d*([^a-z]|$)|domain|directory")),
    ("backup", re.compile(r"(^|[^a-z])(bk|bkp|bak)\d*([^a-z]|$)|backup|veeam")),
    ("files", re.compile(r"(^|[^a-z])(fs|nas|smb)\d*([^a-z]|$)|file|share")),
    ("assets", re.compile(r"(^|[^a-z])(srv|svr|sql|db|app)\d*([^a-z]|$)|server|exch|wec")),
)


def places(told: Sequence[Sighting]) -> Mapping[str, str]:
    """Return the part that each real machine plays; a machine for which none is left has none.

    The first machine on which something happened that did not come over the network from another
    one is the desk where it began.
    """
    found: dict[str, str] = {}
    servers, desks = list(SERVERS), list(DESKS)
    office = [one for one in told if one.step and realm(one.step) is Realm.OFFICE]
    hosts = dict.fromkeys(one.host for one in office if one.host)
    first = {host: next(one for one in office if one.host == host) for host in hosts}
    began = next((host for host, one in first.items() if not _arrived(one)
                  and _sounds(host) is None), None)  # fmt: skip
    if began is not None:
        found[began] = VICTIM
    for host in hosts:
        if host in found:
            continue
        wanted = _sounds(host) or ("dc" if _holds_directory(office, host) else "")
        if wanted in servers:
            servers.remove(wanted)
            found[host] = wanted
        elif wanted and servers:
            found[host] = servers.pop(0)
        elif desks:
            found[host] = desks.pop(0)
        elif servers:
            found[host] = servers.pop(0)
    return found


def _arrived(one: Sighting) -> bool:
    """Whether what was first seen on a machine is somebody coming in from another."""
    return one.step is not None and one.step.tactic is Tactic.LATERAL_MOVEMENT


def _holds_directory(office: Sequence[Sighting], host: str) -> bool:
    return any(one.host == host and one.step and one.step.id == "directory" for one in office)


def _sounds(host: str) -> str | None:
    short = host.lower().partition(".")[0]
    return next((part for part, sound in _SOUNDS_LIKE if sound.search(short)), None)
