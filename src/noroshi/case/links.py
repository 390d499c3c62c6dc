"""The threads by which a finding may be tied to others: a key, a weight and a time gap each.

Two findings that share keys within the keys' gaps belong together when the weights add up to
:data:`ENOUGH`. A thread that is strong enough alone (a process, an outside address, a hash of an
unusual file, an account that is not everywhere) has a weight above it as long as it is rare.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import NamedTuple

from noroshi.case.names import Reach, is_built_in, is_system_path
from noroshi.case.survey import WIDE, Survey
from noroshi.model import Entity, EntityType, Finding

HOUR = 3_600_000_000
"""Microseconds in an hour."""

ENOUGH = 1.0

SAME_HOST = 6 * HOUR
"""Findings on one host belong together within a working session, not over months."""

_STRONG = 1.5
_WEAK = 0.6
_USER_GAP = 4 * HOUR
_DAY = 24 * HOUR
_THREE_DAYS = 72 * HOUR
_WEEK = 7 * _DAY
_BOTH_SIDES = HOUR // 6
"""What one rule sees before and behind a proxy within this time is one transfer seen twice."""

_HUB_PARTNERS = 8
_UNIQUE = 32
"""A process id of this many characters is a GUID; a shorter one is a number used again."""

_BY_OTHER_NAMES = frozenset({EntityType.USER, EntityType.MAIL, EntityType.DOMAIN})
"""Types under which the same thing has several names, so that one mention may still tie."""


class Link(NamedTuple):
    """One thread.

    Attributes:
        key: equal keys are the same thread.
        weight: how much sharing it says; :data:`ENOUGH` ties alone.
        gap: longest time between two findings tied by it, in microseconds.
    """

    key: Hashable
    weight: float
    gap: int


def links(finding: Finding, survey: Survey) -> Iterator[Link]:
    """Yield the threads of a finding that others may hold too."""
    yield from _host_links(finding, survey)
    by_type: dict[EntityType, list[Entity]] = {}
    for entity in finding.entities:
        if entity in survey.repeated or entity.type in _BY_OTHER_NAMES:
            by_type.setdefault(entity.type, []).append(entity)
    for kind, found in by_type.items():
        if len(found) <= WIDE and kind in _LINKS:
            for entity in found:
                yield from _LINKS[kind](entity, finding, survey)


def _host_links(finding: Finding, survey: Survey) -> Iterator[Link]:
    """Yield threads by host; on a server that everybody uses, by host and whoever used it."""
    hosts, accounts, inside = survey.parts(finding)
    if not hosts and finding.subject and survey.account(finding.subject).value:
        yield Link(("subject", finding.subject.lower()), ENOUGH, SAME_HOST)
    if len(hosts) > WIDE:
        return
    for host in hosts:
        if host not in survey.hubs:
            yield Link(("host", host), ENOUGH, SAME_HOST)
            continue
        others = [name for name in hosts if name != host and name not in survey.hubs]
        for partner in [*accounts, *others, *inside][:_HUB_PARTNERS] or [""]:
            yield Link(("hub", host, partner), ENOUGH, SAME_HOST)


def _process(entity: Entity, finding: Finding, survey: Survey) -> Iterator[Link]:
    host = "" if len(entity.value) >= _UNIQUE else ",".join(survey.parts(finding).hosts)
    yield Link(("process", entity.value, host), _STRONG, _DAY)


def _user(entity: Entity, _: Finding, survey: Survey) -> Iterator[Link]:
    account = survey.account(entity.value)
    if account.value:
        weight = _WEAK if is_built_in(account.value) else _STRONG
        yield Link(("user", account.value), weight * survey.rarity(account), _USER_GAP)


def _mail(entity: Entity, finding: Finding, survey: Survey) -> Iterator[Link]:
    yield Link(("mail", entity.value), _STRONG * survey.rarity(entity), _THREE_DAYS)
    if survey.account(entity.value).value in survey.users:
        yield from _user(entity, finding, survey)


def _address(entity: Entity, finding: Finding, survey: Survey) -> Iterator[Link]:
    match survey.reach(entity.value):
        case Reach.OUTSIDE:
            yield Link(("address", entity.value), _STRONG * survey.rarity(entity), _THREE_DAYS)
        case Reach.INSIDE:
            weight = _WEAK * survey.rarity(entity)
            yield Link(("address", entity.value), weight, SAME_HOST)
            yield Link(("relay", finding.rule_id, entity.value), weight, _BOTH_SIDES)
        case Reach.NOWHERE:
            return


def _domain(entity: Entity, _: Finding, survey: Survey) -> Iterator[Link]:
    host = survey.host(entity.value)
    if host in survey.devices:
        if host not in survey.hubs:
            yield Link(("host", host), ENOUGH, SAME_HOST)
    elif "." in entity.value:
        yield Link(("domain", entity.value), _STRONG * survey.rarity(entity), _THREE_DAYS)


def _url(entity: Entity, _: Finding, survey: Survey) -> Iterator[Link]:
    yield Link(("url", entity.value), _STRONG * survey.rarity(entity), _THREE_DAYS)


def _hash(entity: Entity, finding: Finding, survey: Survey) -> Iterator[Link]:
    weight = _STRONG if _is_unusual_file(finding) else _WEAK
    yield Link(("hash", entity.value), weight * survey.rarity(entity), _WEEK)


def _file(entity: Entity, _: Finding, survey: Survey) -> Iterator[Link]:
    if not is_system_path(entity.value):
        yield Link(("file", entity.value), _WEAK * survey.rarity(entity), _DAY)


def _is_unusual_file(finding: Finding) -> bool:
    """Tell whether a finding's hashes are of something else than the system's own programs.

    The hash of a shell is the same on every machine of a kind and ties nothing together.
    """
    if finding.analytic == "indicator":
        return True
    if any(item.class_name.startswith("email") for item in finding.evidence):
        return True
    values = (value for item in finding.evidence for _, value in item.fields)
    paths = [value for value in values if value[1:3] == ":\\" or value.startswith("/")]
    return any(not is_system_path(path) for path in paths)


_LINKS: dict[EntityType, Callable[[Entity, Finding, Survey], Iterator[Link]]] = {
    EntityType.PROCESS: _process,
    EntityType.USER: _user,
    EntityType.MAIL: _mail,
    EntityType.ADDRESS: _address,
    EntityType.DOMAIN: _domain,
    EntityType.URL: _url,
    EntityType.HASH: _hash,
    EntityType.FILE: _file,
}
