"""Indicators against events, both ways: new events as they pass, old events by a scan of the lake.

A value counts as seen where an event column holds it (:data:`noroshi.intel.indicators.COLUMNS`); a
domain also where a sub-domain of it is seen. An indicator that has expired when the event happens
does not match. A value that is on a warning list, or that somebody found to be a false alarm, is
kept as a match and suppressed as a finding, counted.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from noroshi.intel.indicators import COLUMNS, Indicator, IndicatorStore, IndicatorType, Probe
from noroshi.intel.warning_lists import WarningLists
from noroshi.lake import Lake
from noroshi.lang import N_, Message
from noroshi.model import (
    ENTITY_COLUMNS,
    EVENT_CLASSES,
    EVIDENCE_KEPT,
    MATCH_SCHEMA,
    Entity,
    EntityType,
    EventBatch,
    Evidence,
    Finding,
    Severity,
    entities,
    finding_id,
)

ANALYTIC = "indicator"
SUPPRESSED = "warning_list"
Dismissed: TypeAlias = Set[tuple[str, str]]
"""Type and value of the indicators that people found to be false alarms."""
_CONTEXT = ("event_id", "source_id", "time", "day", "device_hostname", "actor_user_name")
_SEVERITY = {
    IndicatorType.HASH: Severity.HIGH,
    IndicatorType.URL: Severity.HIGH,
    IndicatorType.DOMAIN: Severity.HIGH,
    IndicatorType.MAIL: Severity.MEDIUM,
    IndicatorType.ADDRESS: Severity.MEDIUM,
    IndicatorType.NETWORK: Severity.LOW,
    IndicatorType.FILE_NAME: Severity.LOW,
}


class IndicatorMatcher:
    """Looks events up among the known indicators; a tap of the intake."""

    def __init__(self, store: IndicatorStore, benign: WarningLists) -> None:
        self._probe = Probe(store)
        self._benign = benign

    def __call__(self, batch: EventBatch) -> pa.Table:
        """Return the matches of a batch as rows of ``model.MATCH_SCHEMA``."""
        return self.matches(batch.event_class.name, batch.events)

    def matches(self, class_name: str, events: pa.RecordBatch) -> pa.Table:
        """Return the matches of event rows that have at least the columns of :func:`needed`."""
        rows: dict[tuple[int, str], dict[str, Any]] = {}
        for sighting in self._probe.sightings(events):
            indicator = sighting.indicator
            note = {
                sighting.column: sighting.value,
                "indicator": indicator.value,
                "indicator_type": indicator.type.value,
                "indicator_source": indicator.source,
                "indicator_about": indicator.description,
                "indicator_labels": ", ".join(indicator.labels),
                "confidence": str(indicator.confidence),
            }
            reason = self._benign.reason(indicator.type, indicator.value)
            if reason:
                note[SUPPRESSED] = str(reason.params["list"])
            for row in np.unique(sighting.rows).tolist():
                event = events.slice(row, 1).to_pylist()[0]
                if not indicator.valid_until or event["time"] < indicator.valid_until:
                    key = (row, indicator.id)
                    known = rows.setdefault(key, _match(class_name, event, indicator))
                    known["fields"] = [*(dict(known["fields"]) | note).items()]
        return pa.Table.from_pylist(list(rows.values()), schema=MATCH_SCHEMA)

    def retro(self, lake: Lake, since: int | None, until: int | None) -> Iterator[pa.Table]:
        """Yield matches of stored events, a batch at a time, reading only the columns needed."""
        for name in EVENT_CLASSES:
            columns = needed(name)
            for batch in lake.columns(name, columns, since, until):
                found = self.matches(name, batch)
                if found.num_rows:
                    yield found


def needed(class_name: str) -> list[str]:
    """Return the columns of a class that matching reads."""
    known = EVENT_CLASSES[class_name].by_name
    numbers = [name + suffix for name in COLUMNS for suffix in ("_n", "_hi")]
    wanted = dict.fromkeys((*_CONTEXT, *COLUMNS, *numbers, *ENTITY_COLUMNS))
    return [name for name in wanted if name in known]


def _match(class_name: str, event: Mapping[str, Any], indicator: Indicator) -> dict[str, Any]:
    text = "\x1f".join((ANALYTIC, indicator.id, event["event_id"]))
    user = event.get("actor_user_name") or event.get("user_name") or ""
    return {
        "match_id": hashlib.sha256(text.encode()).hexdigest()[:32],
        "source_id": event["source_id"],
        "analytic": ANALYTIC,
        "rule_id": indicator.id,
        "rule_digest": indicator.id,
        "event_id": event["event_id"],
        "class_name": class_name,
        "time": event["time"],
        "day": event["day"],
        "host": event.get("device_hostname") or event.get("src_endpoint_ip") or "",
        "user": user,
        "fields": [],
        "entities": [{"type": e.type.value, "value": e.value} for e in entities(dict(event))],
    }


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Matches that were silenced.

    Attributes:
        value: the indicator.
        warning_list: the list that it stands on; empty where somebody found it a false alarm.
        count: how many matches.
    """

    value: str
    warning_list: str
    count: int


def suppressed(matches: pa.Table, dismissed: Dismissed = frozenset()) -> list[Suppressed]:
    """Return what was silenced, most often first, so that nothing goes unsaid."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in _own(matches).to_pylist():
        fields = dict(row["fields"])
        if _silenced(fields, dismissed):
            counts[fields["indicator"], fields.get(SUPPRESSED, "")] += 1
    return [Suppressed(value, name, count) for (value, name), count in counts.most_common()]


def indicator_findings(matches: pa.Table, dismissed: Dismissed = frozenset()) -> Iterator[Finding]:
    """Yield one finding per indicator, host and day; none for what was found a false alarm."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in _own(matches).to_pylist():
        if not _silenced(dict(row["fields"]), dismissed):
            groups[row["rule_id"], row["host"], row["day"]].append(row)
    for (rule_id, host, day), rows in groups.items():
        yield _finding(
            rule_id, host, day, sorted(rows, key=lambda row: (row["time"], row["event_id"]))
        )


def _silenced(fields: Mapping[str, str], dismissed: Dismissed) -> bool:
    return SUPPRESSED in fields or (fields["indicator_type"], fields["indicator"]) in dismissed


def _own(matches: pa.Table) -> pa.Table:
    return matches.filter(pc.equal(matches["analytic"], ANALYTIC))


def _finding(rule_id: str, host: str, day: str, rows: list[dict[str, Any]]) -> Finding:
    fields = dict(rows[0]["fields"])
    kind = IndicatorType(fields["indicator_type"])
    confidence = int(fields["confidence"]) / 100
    severity = _SEVERITY[kind]
    if confidence < 0.3:
        severity = min(severity, Severity.LOW)
    about = fields["indicator_about"] or fields["indicator_labels"] or fields["indicator_source"]
    params = {
        "host": host or "?",
        "value": fields["indicator"],
        "source": fields["indicator_source"],
        "about": about,
        "count": len(rows),
        "confidence": int(fields["confidence"]),
    }
    shared = {(e["type"], e["value"]) for row in rows for e in row["entities"]}
    return Finding(
        id=finding_id(ANALYTIC, rule_id, host, day),
        analytic=ANALYTIC,
        rule_id=rule_id,
        title=f"Known indicator {fields['indicator']}",
        severity=severity,
        score=confidence,
        subject=host,
        first=rows[0]["time"],
        last=rows[-1]["time"],
        count=len(rows),
        explanation=Message(_SEEN[kind], params),
        disproof=Message(
            N_(
                "The source is wrong or out of date about {value}, or many share it "
                "(hosting, proxy, resolver). Ask {source} when and where it was seen."
            ),
            params,
        ),
        next_steps=tuple(Message(step, params) for step in _STEPS[kind]),
        tactics=_TACTICS.get(kind, ()),
        hosts=tuple(sorted({row["host"] for row in rows if row["host"]})),
        entities=tuple(sorted(Entity(EntityType(kind_), value) for kind_, value in shared)),
        evidence=tuple(
            Evidence(
                row["event_id"],
                row["class_name"],
                row["time"],
                row["host"],
                tuple((k, v) for k, v in row["fields"] if not k.startswith("indicator")),
            )
            for row in rows[:EVIDENCE_KEPT]
        ),
        references=(fields["indicator_source"],),
    )


_NETWORK_SEEN = N_(
    "{host} was in contact with {value} ({count} events), which {source} names: {about}. "
    "The source's confidence is {confidence} of 100."
)
_OTHER_SEEN = N_(
    "{value} was seen on {host} ({count} events); {source} names it: {about}. "
    "The source's confidence is {confidence} of 100."
)
_SEEN = {
    kind: _NETWORK_SEEN
    if kind
    in (IndicatorType.ADDRESS, IndicatorType.NETWORK, IndicatorType.DOMAIN, IndicatorType.URL)
    else _OTHER_SEEN
    for kind in IndicatorType
}
_CONTACT_STEPS = (
    N_("Find the process on {host} that made the contact, and how much data went each way."),
    N_("Look for other machines that were in contact with {value}."),
    N_("Block {value} at the proxy, the resolver or the firewall until it is clear."),
)
_FILE_STEPS = (
    N_("Find where {value} came from on {host}, and whether it ran."),
    N_("Look for {value} on other machines and in mail."),
    N_("Keep a copy of the file as evidence before anything is deleted."),
)
_MAIL_STEPS = (
    N_("Find everybody who received mail from {value}, and who opened it."),
    N_("Take the mails out of the mailboxes and block the sender."),
)
_STEPS = {
    IndicatorType.ADDRESS: _CONTACT_STEPS,
    IndicatorType.NETWORK: _CONTACT_STEPS,
    IndicatorType.DOMAIN: _CONTACT_STEPS,
    IndicatorType.URL: _CONTACT_STEPS,
    IndicatorType.HASH: _FILE_STEPS,
    IndicatorType.FILE_NAME: _FILE_STEPS,
    IndicatorType.MAIL: _MAIL_STEPS,
}
_TACTICS = {
    IndicatorType.ADDRESS: ("command-and-control",),
    IndicatorType.NETWORK: ("command-and-control",),
    IndicatorType.DOMAIN: ("command-and-control",),
    IndicatorType.URL: ("command-and-control",),
    IndicatorType.MAIL: ("initial-access",),
}
