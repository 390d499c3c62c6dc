"""More people than the built-in town has: the same house with more rooms, desks and addresses."""

from __future__ import annotations

from dataclasses import replace

from noroshi.drill.errors import DrillError
from noroshi.drill.world import DOMAIN_SID, Account, Host, Person, World

MOST = 2_400
_A_NET = 200


def grown(world: World, staff: int) -> World:
    """Return the organisation with so many people: its own first, then more of the same offices.

    Raises:
        DrillError: more people than the address plan has room for, or none.
    """
    if not 1 <= staff <= MOST:
        raise DrillError(f"{staff} staff: give a number from 1 to {MOST}")
    people = [_person(world, number) for number in range(staff)]
    office = next(each for each in world.people if each.department == world.room("情報政策室"))
    if office not in people:
        people[-1] = office
    servers = {host.name: host for host in world.hosts.values() if host.role != "pc"}
    desks = {host.name: host for host in map(_desk, range(1, staff + 1), people)}
    known = world.accounts
    accounts = {
        person.login: known.get(person.login) or Account(person.login, f"{DOMAIN_SID}-{10_000 + n}")
        for n, person in enumerate(people)
    }
    shared = {login: account for login, account in known.items() if account.admin}
    return replace(world, people=tuple(people), hosts=servers | desks, accounts=accounts | shared)


def _person(world: World, number: int) -> Person:
    """Return the n-th person: names repeat in a crowd, logins get a number."""
    again, place = divmod(number, len(world.people))
    person = world.people[place]
    if not again:
        return person
    other = world.people[(place * 7 + again * 11) % len(world.people)]
    return Person(f"{person.login}{again + 1}", person.family, other.given, person.department)


def _desk(number: int, person: Person) -> Host:
    net, place = divmod(number - 1, _A_NET)
    return Host(f"PC{number:03d}", f"10.20.{10 + net}.{place + 11}", "pc", owner=person)
