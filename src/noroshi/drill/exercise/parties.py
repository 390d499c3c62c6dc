"""Who is outside the team and talks to it: ids that actions name, and names for people to read."""

from __future__ import annotations

from enum import StrEnum

from noroshi.lang import N_


class Party(StrEnum):
    """Somebody who is told, asked, or calls of their own accord."""

    MONITOR = "security-cloud"
    VENDOR = "vendor"
    MAYOR = "mayor"
    STAFF = "staff"
    COUNTER = "counter"
    RESIDENTS = "residents"
    PRESS = "press"
    POLICE = "police"
    PREFECTURE = "prefecture"
    COMMISSION = "commission"
    BANK = "bank"
    MINISTRY = "ministry"


PARTY_NAMES = {
    Party.MONITOR: N_("Security cloud's monitoring desk"),
    Party.VENDOR: N_("Maintenance vendor"),
    Party.MAYOR: N_("Mayor"),
    Party.STAFF: N_("Staff"),
    Party.COUNTER: N_("Residents' counter"),
    Party.RESIDENTS: N_("Residents"),
    Party.PRESS: N_("Local newspaper"),
    Party.POLICE: N_("Prefectural police, cybercrime"),
    Party.PREFECTURE: N_("Prefecture, municipal affairs"),
    Party.COMMISSION: N_("Personal Information Protection Commission"),
    Party.BANK: N_("The town's bank"),
    Party.MINISTRY: N_("The ministry in charge"),
}


def party_of(name: str) -> Party | None:
    """Return the party that a target names, or None."""
    wanted = name.strip().casefold()
    return next((party for party in Party if party.value == wanted), None)
