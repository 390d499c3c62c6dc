"""Whether a report concerns an organisation: from what it names, and from our own sensors.

Four answers, from the surest ground to the vaguest. *Act*: its indicators were seen here, or it
names what is ours. *Check*: it tells of a flaw in a product that we use, or of attacks on our
sector in our country. *Watch*: it names our sector, country or product. *None*: nothing of that.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import NamedTuple

from noroshi.intel.flaws import Fact
from noroshi.intel.relations import Relation
from noroshi.intel.relevance.aim import is_aimed_at
from noroshi.intel.relevance.profile import Profile
from noroshi.intel.text import Extraction, NamedEntity
from noroshi.intel.text.extraction import ValueType
from noroshi.lang import N_, Message
from noroshi.lang.message import Param

_NEAR = 200
"""Characters between a product and a vulnerability that are read together."""
_LIKELY = 0.1
"""EPSS from which the chance that a flaw is used is a ground of its own."""


_HOME = "国内"
"""What a Japanese report calls Japan."""


class Concern(IntEnum):
    """How much a report is the organisation's business."""

    NONE = 0
    WATCH = 1
    CHECK = 2
    ACT = 3


class Sighted(NamedTuple):
    """An indicator of the report that our own sensors have shown; time in µs since 1970 UTC."""

    value: str
    events: int
    last: int
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground, with the words of the report that give it.

    Attributes:
        concern: how much this alone makes it ours.
        message: why.
        step: what to do about it.
        span: of the words in the report; None where the ground is a sighting.
    """

    concern: Concern
    message: Message
    step: Message
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Relevance:
    """The answer: the strongest of the reasons, the strongest first."""

    concern: Concern
    reasons: tuple[Reason, ...]


def assess(
    found: Extraction,
    relations: Sequence[Relation],
    profile: Profile,
    own_names: Extraction,
    sighted: Sequence[Sighted] = (),
    facts: Mapping[str, Sequence[Fact]] | None = None,
    known: Sequence[Reason] = (),
) -> Relevance:
    """Say whether a report concerns an organisation.

    Args:
        found: what the report holds.
        relations: what it states between those.
        profile: the organisation.
        own_names: the profile's sectors and products read by the same knowledge, so that
            ``医療`` in the profile and ``hospitals`` in the report are the same sector.
        sighted: which of the report's indicators our sensors have shown.
        facts: what catalogues and advisories say of vulnerabilities, by CVE id.
        known: what is known of whom the report names, beyond what it says itself.
    """
    own = Own(profile, own_names)
    reasons = [
        *map(_seen, sighted),
        *_names_ours(found, own),
        *_flaws(found, own, facts or {}),
        *_targets(found, relations, own),
        *known,
    ]
    reasons.sort(key=lambda reason: -reason.concern)
    return Relevance(max((r.concern for r in reasons), default=Concern.NONE), tuple(reasons))


class Own:
    """The profile, ready to be compared with what reports name."""

    def __init__(self, profile: Profile, names: Extraction) -> None:
        self.profile = profile
        self.networks = [ipaddress.ip_network(prefix) for prefix in profile.prefixes]
        self.keys = {(e.type, e.name.casefold()) for e in names.entities}
        self.ids = {one for e in names.entities for one in e.ids}
        words = [re.escape(product) for product in profile.products]
        self.products = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.I) if words else None

    def has(self, item: NamedEntity) -> bool:
        """Whether a name is our country, sector or product."""
        if item.type == "country":
            return any(f"iso3166-1:{code}" in item.ids for code in self.profile.countries)
        known = (item.type, item.name.casefold()) in self.keys
        return known or not self.ids.isdisjoint(item.ids)

    def owns(self, kind: ValueType, value: str) -> bool:
        """Whether a value lies in our domains or networks."""
        if kind in (ValueType.DOMAIN, ValueType.EMAIL, ValueType.URL):
            host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", value.lower())
            host = re.split(r"[/?#:]", host.rpartition("@")[2])[0]
            return any(host == own or host.endswith(f".{own}") for own in self.profile.domains)
        if kind in (ValueType.IPV4, ValueType.IPV6):
            address = ipaddress.ip_address(value)
            return any(address in network for network in self.networks)
        return False


def _seen(sighting: Sighted) -> Reason:
    hosts = ", ".join(sighting.hosts[:5]) or "?"
    return Reason(
        Concern.ACT,
        Message(
            N_("{value} was seen here {count} times, on {hosts}, last on {day}."),
            {"value": sighting.value, "count": sighting.events, "hosts": hosts,
             "day": _day(sighting.last)},
        ),
        Message(
            N_("Treat it as an incident until it is clear: noroshi intel relevant --arm, then "
               "noroshi detect --rescan."),
            {},
        ),
    )  # fmt: skip


def _day(time: int) -> str:
    """Return the day of a time in µs since 1970 UTC; ``?`` where nobody knows it."""
    return datetime.fromtimestamp(time / 1e6, UTC).date().isoformat() if time > 0 else "?"


def _names_ours(found: Extraction, own: Own) -> Iterator[Reason]:
    told: set[str] = set()
    for item in found.indicators:
        if item.value not in told and own.owns(item.type, item.value):
            told.add(item.value)
            yield Reason(
                Concern.ACT,
                Message(N_("It names {value}, which is yours."), {"value": item.value}),
                Message(
                    N_("Read what it says of {value}, and ask its author what they have seen."),
                    {"value": item.value},
                ),
                item.span,
            )
    name = own.profile.name
    at = found.text.casefold().find(name.casefold()) if len(name) > 3 else -1
    if at >= 0:
        yield Reason(
            Concern.ACT,
            Message(N_("It names {value}, which is yours."), {"value": name}),
            Message(
                N_("Read what it says of {value}, and ask its author what they have seen."),
                {"value": name},
            ),
            (at, at + len(name)),
        )


def _flaws(found: Extraction, own: Own, facts: Mapping[str, Sequence[Fact]]) -> Iterator[Reason]:
    places = [(e.span, e.name) for e in found.entities if e.type == "product" and own.has(e)]
    if own.products:
        hits = [(hit.span(), hit.group()) for hit in own.products.finditer(found.text)]
        places += [hit for hit in hits if not any(_overlap(hit[0], span) for span, _ in places)]
    flaws = [item for item in found.indicators if item.type is ValueType.CVE]
    told: set[tuple[str, str]] = set()
    for span, product in sorted(places):
        near = [f for f in flaws if min(abs(f.span[0] - span[1]), abs(span[0] - f.span[1])) < _NEAR]
        for value in [flaw.value for flaw in near] or [""]:
            if (product.casefold(), value) not in told:
                told.add((product.casefold(), value))
                yield _flaw(product, value, span)
    spans = {flaw.value: flaw.span for flaw in reversed(flaws)}
    beside = {value for _, value in told}
    for value, span in sorted(spans.items(), key=lambda one: one[1]):
        said = [fact for fact in facts.get(value, ()) if not fact.withdrawn]
        listed = list(_listed(own, value, said, span)) if value not in beside else []
        yield from listed
        if listed or value in beside:
            yield from _told_elsewhere(said, span)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _listed(own: Own, flaw: str, facts: Sequence[Fact], span: tuple[int, int]) -> Iterator[Reason]:
    """Yield that a catalogue, though not the report, says that a flaw is in what we use."""
    names = ((fact, product) for fact in facts for product in fact.products)
    for fact, product in names:
        if own.products and own.products.search(product):
            params = {"flaw": flaw, "product": product, "source": fact.source}
            yield Reason(
                Concern.CHECK,
                Message(
                    N_("It tells of {flaw}, which is in {product}, says {source}; you use that."),
                    params,
                ),
                _mend(flaw, product),
                span,
            )
            return


def _told_elsewhere(facts: Sequence[Fact], span: tuple[int, int]) -> Iterator[Reason]:
    """Yield what catalogues say of a flaw that concerns us: is it used, how likely is it."""
    for fact in facts:
        if not fact.known_exploited:
            continue
        params = {
            "flaw": fact.cve, "source": fact.source, "since": fact.exploited_since or "?",
            "action": fact.action or "–", "due": fact.due or "?",
        }  # fmt: skip
        why = (
            N_("{flaw} is known to be used in attacks since {since}, by ransomware too, says "
               "{source}.")
            if fact.ransomware
            else N_("{flaw} is known to be used in attacks since {since}, says {source}.")
        )  # fmt: skip
        step = N_("Mend it before anything else. {source} (due {due}): {action}")
        yield Reason(Concern.ACT, Message(why, params), Message(step, params), span)
        break
    scored = [fact for fact in facts if fact.epss is not None and fact.epss >= _LIKELY]
    for fact in sorted(scored, key=lambda one: -(one.epss or 0))[:1]:
        score: dict[str, Param] = {
            "flaw": fact.cve, "source": fact.source, "epss": round((fact.epss or 0) * 100, 1),
            "percentile": round((fact.percentile or 0) * 100),
        }  # fmt: skip
        yield Reason(
            Concern.CHECK,
            Message(
                N_("The chance that {flaw} is used in attacks within 30 days is {epss} %, higher "
                   "than for {percentile} % of all flaws, says {source}."),
                score,
            ),
            Message(N_("Put it before the flaws that are less likely to be used."), {}),
            span,
        )  # fmt: skip


def _flaw(product: str, flaw: str, span: tuple[int, int]) -> Reason:
    params = {"product": product, "flaw": flaw}
    if not flaw:
        return Reason(
            Concern.WATCH,
            Message(N_("It speaks of {product}, which you use."), params),
            Message(N_("Read on whether your way of using {product} is meant."), params),
            span,
        )
    return Reason(
        Concern.CHECK,
        Message(N_("It tells of {flaw} beside {product}, which you use."), params),
        _mend(flaw, product),
        span,
    )


def _mend(flaw: str, product: str) -> Message:
    return Message(
        N_("Find out which of your {product} are open to {flaw}, patch or shield them, and "
           "look for signs that it was used before."),
        {"product": product, "flaw": flaw},
    )  # fmt: skip


def _targets(found: Extraction, relations: Sequence[Relation], own: Own) -> Iterator[Reason]:
    ours = [e for e in found.entities if e.type in ("country", "sector") and own.has(e)]
    stated = {(r.target.span.start, r.target.span.end): r for r in relations if r.type == "targets"}
    hit = [e for e in ours if e.span in stated or is_aimed_at(found.text, e.span)]
    for what in (item for item in hit if item.type == "sector"):
        where = _where(found.text, what, hit, own)
        if where:
            yield _on_our_sector(what, where, stated.get(what.span))
            return
    told: set[str] = set()
    for item in [*hit, *ours]:
        if item.name not in told:
            told.add(item.name)
            attacker = stated[item.span].source.value if item.span in stated else ""
            yield _mention(item, attacker, aimed=item in hit)


def _where(text: str, what: NamedEntity, hit: Sequence[NamedEntity], own: Own) -> str:
    """Return the report's word for our country, where it says that the attacks are there."""
    named = next((item.quote for item in hit if item.type == "country"), "")
    if named or "JP" not in own.profile.countries:
        return named
    at = text.rfind(_HOME, max(0, what.span[0] - _NEAR), what.span[0])
    return _HOME if at >= 0 else ""


def _on_our_sector(what: NamedEntity, where: str, stated: Relation | None) -> Reason:
    params = {"sector": what.quote, "country": where}
    step = Message(N_("Look for its indicators and techniques in your events."), {})
    if stated is None:
        said = N_("It tells of attacks on {sector} in {country}.")
        return Reason(Concern.CHECK, Message(said, params), step, what.span)
    params["attacker"] = stated.source.value
    said = N_("It says that {attacker} targets {sector} in {country}.")
    return Reason(Concern.CHECK, Message(said, params), step, (stated.span.start, stated.span.end))


def _mention(item: NamedEntity, attacker: str, *, aimed: bool) -> Reason:
    if attacker:
        said = N_("It says that {attacker} targets {name}.")
    elif aimed:
        said = N_("It tells of attacks on {name}.")
    elif item.type == "sector":
        said = N_("It speaks of your sector: {name}.")
    else:
        said = N_("It names {name}.")
    return Reason(
        Concern.WATCH,
        Message(said, {"attacker": attacker, "name": item.quote}),
        Message(
            N_("Keep its indicators, so that new events are compared with them: noroshi intel "
               "relevant --arm"),
            {},
        ),
        item.span,
    )  # fmt: skip


def known_to_go_for(attacker: NamedEntity, source: str, whom: str) -> Reason:
    """Return the reason that somebody whom the report names is known to go for us.

    Args:
        attacker: as the report names them.
        source: who says so.
        whom: our country or sector, in the source's words.
    """
    return Reason(
        Concern.WATCH,
        Message(
            N_("It names {attacker}, who goes for {whom}, says {source}."),
            {"attacker": attacker.quote, "whom": whom, "source": source},
        ),
        Message(N_("Read what is known of {attacker}: noroshi intel show {attacker}"),
                {"attacker": attacker.name}),
        attacker.span,
    )  # fmt: skip
