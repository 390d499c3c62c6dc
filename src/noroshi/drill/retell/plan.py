"""The graph: what the case has seen, and what must come before it so that it can be played."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from noroshi.drill.retell.place import VICTIM
from noroshi.drill.retell.realm import Realm, realm
from noroshi.drill.retell.sighting import Sighting
from noroshi.drill.retell.ways import WayIn, way_in
from noroshi.drill.steps import Gift, Need, Step, Tactic, library

FIRST, LAST = 9 * 60 + 24, 21 * 60 + 30
"""Between these minutes of the day lies what the case has seen."""
HEAVY_FROM = 13 * 60
"""From this minute of the day on the intruder does most of his damage."""
_ADDED_WEIGHT = 0.4
_SITES = {"download": "drop", "exfil-storage": "storage", "exfil-mail": "storage",
          "flood": "crowd", "web-flaw": "hand", "web-shell": "hand", "mail-attachment": "sender",
          "drive-by": "sender", "poisoned-update": "sender", "mail-link": "lookalike",
          "open-link": "lookalike", "consent": "lookalike"}  # fmt: skip
_ENDS = {
    Realm.OFFICE: (("gathered", "archive"), ("carried", "exfil-storage")),
    Realm.WEB: (("gathered-web", "local-data"), ("carried-web", "exfil-server")),
    Realm.CLOUD: (("read", "mailbox"), ("copied", "mailbox-rule")),
}


@dataclass
class Node:
    """A node of the graph; ``sighting`` is None for what was added."""

    name: str
    step: Step
    spec: dict[str, Any]
    weight: float
    sighting: Sighting | None = None


@dataclass
class Plan:
    """The graph while it is made.

    Attributes:
        ways: how the intruder comes in, by realm.
        nodes: in order of time, after the ways in.
        seen_in_way: names of steps of the ways in that the case has seen, with what it saw.
        footholds: step after which the intruder works on a part.
    """

    ways: Mapping[Realm, WayIn]
    nodes: list[Node] = field(default_factory=list)
    seen_in_way: dict[str, Sighting] = field(default_factory=dict)
    footholds: dict[str, str] = field(default_factory=dict)
    account: str = ""
    records: dict[Realm, str] = field(default_factory=dict)

    @property
    def parts(self) -> set[str]:
        """The parts that somebody plays."""
        given = {way.on for way in self.ways.values()}
        return given | {str(n.spec[key]) for n in self.nodes for key in ("to", "from")
                        if key in n.spec}  # fmt: skip


def plan(told: Sequence[Sighting], places: Mapping[str, str]) -> Plan:
    """Return the graph of what is told, earliest first, on the parts of the real machines."""
    steps = [one.step for one in told if one.step]
    realms = dict.fromkeys([realm(step) for step in steps]) or {Realm.OFFICE: None}
    made = Plan({where: way_in(where, [step.id for step in steps]) for where in realms})
    for way in made.ways.values():
        made.footholds[way.on] = way.foothold
    last = told[0].time if told else 0
    for one in told:
        weight = math.log1p((one.time - last) / 60e6) + 0.5
        last = one.time
        if not _is_way_in(made, one, places):
            _tell(made, one, places.get(one.host, VICTIM), weight)
    for where in made.ways:
        _end(made, where)
    return made


def _is_way_in(made: Plan, one: Sighting, places: Mapping[str, str]) -> bool:
    """Whether what was seen is a step of the way in itself."""
    assert one.step is not None
    way = made.ways[realm(one.step)]
    if realm(one.step) is Realm.OFFICE and places.get(one.host, VICTIM) != VICTIM:
        return False
    for entry in way.entries:
        if entry.use == one.step.id and entry.name not in made.seen_in_way:
            made.seen_in_way[entry.name] = one
            return True
    return False


def _tell(made: Plan, one: Sighting, part: str, weight: float) -> None:
    assert one.step is not None
    where = realm(one.step)
    if where is Realm.WEB:
        part = "web"
    if where is Realm.CLOUD or Need.PERSON in one.step.needs:
        part = VICTIM
    if one.step.id == "directory":
        part = "dc"
    if _arrives(one.step) and part == VICTIM:
        part = "files"
    name = f"s{sum(1 for node in made.nodes if node.sighting) + 1:02d}"
    _put(made, name, one.step, part, weight, one)


def _arrives(step: Step) -> bool:
    return Need.TARGET in step.needs and Gift.FOOTHOLD in step.gives


def _put(
    made: Plan, name: str, step: Step, part: str, weight: float, sighting: Sighting | None
) -> None:
    """Add a node, and before it what it needs and nobody has given yet."""
    where, needs = realm(step), step.needs
    after: list[str] = []
    spec: dict[str, Any] = {"use": step.id}
    over = Need.TARGET in needs and where is Realm.OFFICE
    if over and part == VICTIM:
        part = "files"
    if where is not Realm.CLOUD or Need.PERSON in needs:
        spec["to"] = part
    if over:
        spec["from"] = VICTIM
    if Need.ACCOUNT in needs or Gift.ACCOUNT in step.gives:
        spec["account"] = "clerk" if where is Realm.CLOUD else "admin"
    base = VICTIM if over else part
    if base not in made.footholds:
        _put(made, f"reach-{base}", library()["smb-service"], base, _ADDED_WEIGHT, None)
    after.append(made.footholds[base])
    if Need.ACCOUNT in needs:
        after.append(_account(made, where))
    if Need.RECORDS in needs:
        after.append(_records(made, where))
    if Need.OUTSIDE in needs or Gift.CHANNEL in step.gives:
        usual = "thief" if where is Realm.CLOUD else "c2"
        spec["site"] = _SITES.get(step.id, usual)
    if step.tactic in (Tactic.COLLECTION, Tactic.EXFILTRATION, Tactic.IMPACT):
        spec["data"] = "records"
    spec["after"] = list(dict.fromkeys(after))
    made.nodes.append(Node(name, step, spec, weight, sighting))
    _gained(made, name, step, part)


def _gained(made: Plan, name: str, step: Step, part: str) -> None:
    if Gift.FOOTHOLD in step.gives:
        made.footholds.setdefault(part, name)
    if Gift.ACCOUNT in step.gives and realm(step) is Realm.OFFICE:
        made.account = made.account or name
    if Gift.RECORDS in step.gives:
        made.records.setdefault(realm(step), name)


def _account(made: Plan, where: Realm) -> str:
    if where is not Realm.OFFICE:
        return made.ways[where].account
    if not made.account:
        _put(made, "stolen", library()["lsass"], VICTIM, _ADDED_WEIGHT, None)
    return made.account


def _records(made: Plan, where: Realm) -> str:
    if where not in made.records:
        name, use = _ENDS[where][0]
        _put(made, name, library()[use], made.ways[where].on, _ADDED_WEIGHT, None)
    return made.records[where]


def _end(made: Plan, where: Realm) -> None:
    """Add what the intruder was after, unless the case has seen that too: something to save."""
    mine = [node for node in made.nodes if realm(node.step) is where]
    if any(node.step.id == use for node in mine for _, use in _ENDS[where][1:]):
        return
    for name, use in _ENDS[where]:
        if use not in {node.step.id for node in mine} or use == _ENDS[where][-1][1]:
            _put(made, name, library()[use], made.ways[where].on, 1.5, None)
