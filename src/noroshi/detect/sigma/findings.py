"""Matches -> findings: one claim per rule, subject and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.detect.sigma.attack import tactics, techniques
from noroshi.detect.sigma.correlate import correlate
from noroshi.detect.sigma.match_rows import ANALYTIC
from noroshi.detect.sigma.rule import Correlation, Header, RuleSet
from noroshi.detect.sigma.steps import next_steps
from noroshi.lang import N_, Message
from noroshi.model import EVIDENCE_KEPT, Entity, EntityType, Evidence, Finding, finding_id

ENTITIES_KEPT = 64
"""Entities that a finding names, most frequent first."""

_SHOWN = 160
"""Characters of a value that an explanation quotes."""

_COLUMNS = (
    "rule_id", "event_id", "class_name", "time", "day", "host", "user", "fields", "entities",
)  # fmt: skip

_SURE = {"informational": 0.2, "low": 0.3, "medium": 0.5, "high": 0.7, "critical": 0.85}
_TRIED = {
    "stable": 0.1,
    "test": 0.05,
    "experimental": -0.1,
    "deprecated": -0.2,
    "unsupported": -0.2,
}


def findings(matches: pa.Table, ruleset: RuleSet) -> Iterator[Finding]:
    """Yield the findings of stored matches, correlation rules included.

    A rule that only feeds a correlation reports nothing by itself. Matches of rules that are not
    in the rule set any more are passed over.

    Args:
        matches: rows of ``model.MATCH_SCHEMA``; those of other analytics are passed over.
        ruleset: the rules.
    """
    groups: dict[tuple[str, str, str], _Group] = {}
    own = matches.filter(pc.equal(matches.column("analytic"), ANALYTIC))
    for table in (own, correlate(own, ruleset)):
        for row in _rows(table):
            if row["rule_id"] not in ruleset.headers:
                continue
            if table is own and row["rule_id"] in ruleset.silent:
                continue
            key = (row["rule_id"], _subject(row), row["day"])
            groups.setdefault(key, _Group()).add(row)
    for (rule_id, subject, day), group in groups.items():
        yield _finding(ruleset, rule_id, subject, day, group)


@dataclass
class _Group:
    """The matches of one finding: counted, and a sample kept."""

    count: int = 0
    first: int = 0
    last: int = 0
    sample: list[dict[str, Any]] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    entities: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, row: dict[str, Any]) -> None:
        """Take one match."""
        time = row["time"] or 0
        self.first = min(self.first, time) if self.count else time
        self.last = max(self.last, time) if self.count else time
        self.count += 1
        if row["host"]:
            self.hosts.add(row["host"].lower())
        if len(self.sample) < EVIDENCE_KEPT or time < (self.sample[-1]["time"] or 0):
            self.sample.append(row)
            self.sample.sort(key=lambda kept: (kept["time"] or 0, kept["event_id"] or ""))
            del self.sample[EVIDENCE_KEPT:]
        self.entities.update((item["type"], item["value"]) for item in row["entities"] or ())


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.select(list(_COLUMNS)).to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _subject(row: Mapping[str, Any]) -> str:
    """Whom a match is about: the host, or else the user, or else an address."""
    if row["host"]:
        return str(row["host"]).lower()
    if row["user"]:
        return str(row["user"]).lower()
    wanted = (EntityType.ADDRESS, EntityType.USER, EntityType.MAIL, EntityType.DOMAIN)
    known = {item["type"]: item["value"] for item in reversed(row["entities"] or ())}
    return next((str(known[kind]) for kind in wanted if kind in known), "")


def _finding(ruleset: RuleSet, rule_id: str, subject: str, day: str, group: _Group) -> Finding:
    header = ruleset.headers[rule_id]
    rule = ruleset.by_id.get(rule_id)
    named = tactics(header.tags)
    return Finding(
        id=finding_id(ANALYTIC, rule_id, subject, day),
        analytic=ANALYTIC,
        rule_id=rule_id,
        title=header.title,
        severity=header.severity,
        score=_score(header),
        techniques=techniques(header.tags),
        tactics=named,
        subject=subject,
        first=group.first,
        last=group.last,
        count=group.count,
        hosts=tuple(sorted(group.hosts)),
        entities=_entities(group),
        evidence=tuple(map(_evidence, group.sample)),
        explanation=_explanation(header, subject, group, _correlation(ruleset, rule_id)),
        disproof=_disproof(header),
        next_steps=next_steps((rule.source.category if rule else None) or "", named),
        author=header.author,
        licence=header.license,
        references=header.references,
    )


def _score(header: Header) -> float:
    """How sure: from the level that the author gave and how long the rule has been tried."""
    sure = _SURE[header.level] + _TRIED.get(header.status, 0.0)
    return round(min(max(sure, 0.05), 0.95), 2)


def _entities(group: _Group) -> tuple[Entity, ...]:
    known = {str(kind) for kind in EntityType}
    kept = [pair for pair, _count in group.entities.most_common() if pair[0] in known]
    return tuple(sorted(Entity(EntityType(kind), value) for kind, value in kept[:ENTITIES_KEPT]))


def _evidence(row: Mapping[str, Any]) -> Evidence:
    return Evidence(
        event_id=row["event_id"] or "",
        class_name=row["class_name"] or "",
        time=row["time"] or 0,
        host=row["host"] or "",
        fields=tuple((name, value or "") for name, value in row["fields"] or ()),
    )


def _correlation(ruleset: RuleSet, rule_id: str) -> Correlation | None:
    return next((c for c in ruleset.correlations if c.header.id == rule_id), None)


def _explanation(
    header: Header, subject: str, group: _Group, correlation: Correlation | None
) -> Message:
    """Say what was seen and because of which values: those that made the first event match."""
    fields = [(name, value) for name, value in group.sample[0]["fields"] or () if value]
    params: dict[str, str | int] = {
        "host": subject or "?",
        "count": group.count,
        "title": header.title,
    }
    if correlation is not None:
        minutes = max(correlation.span // 60_000_000, 1)
        return Message(_TOGETHER, params | {"minutes": minutes, "what": _listed(fields)})
    if not fields:
        return Message(_ABSENT, params)
    name, value = fields[0]
    params |= {"field": name, "value": _cut(value)}
    if len(fields) == 1:
        return Message(_ONE_FIELD, params)
    second, also = fields[1]
    return Message(_TWO_FIELDS, params | {"field2": second, "value2": _cut(also)})


_ONE_FIELD = N_("On {host}, {count} event(s) match the rule “{title}”: {field} is “{value}”.")
_TWO_FIELDS = N_(
    "On {host}, {count} event(s) match the rule “{title}”: {field} is “{value}”, "
    "{field2} is “{value2}”."
)
_ABSENT = N_(
    "On {host}, {count} event(s) match the rule “{title}”, which looks for fields that are missing."
)
_TOGETHER = N_(
    "On {host}, {count} event(s) within {minutes} minute(s) of each other meet the rule “{title}”: "
    "{what}."
)


def _listed(fields: list[tuple[str, str]]) -> str:
    return "; ".join(f"{name}: {_cut(value)}" for name, value in fields[:3])


def _cut(value: str) -> str:
    return value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"


def _disproof(header: Header) -> Message:
    """What the author calls a false alarm, or the general question if nothing useful was said."""
    vague = {"unknown", "unlikely", "none", "n/a", "-", ""}
    said = [text.strip() for text in header.falsepositives if text.strip().lower() not in vague]
    if not said:
        return Message(
            N_("It is harmless if the owner of the system can say who did this, when and why.")
        )
    listed = " / ".join(text.rstrip(".") for text in said)
    return Message(
        N_("It is harmless if one of these applies, as the rule's author notes: {cases}."),
        {"cases": listed},
    )
