"""The stored cases as one transaction sees them, and what it changes about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlalchemy import Connection

from noroshi.case.combine import combine
from noroshi.case.tables import AUDIT, CASES, FINDINGS, from_text, to_text
from noroshi.lang import Message
from noroshi.model import Case, CaseStatus, Reason

_CHUNK = 10_000


@dataclass(slots=True)
class Entry:
    """One stored case: as correlation made it, and what was decided about it."""

    case: Case
    status: CaseStatus = CaseStatus.OPEN
    note: str = ""
    reopened: str = ""
    merged_into: str | None = None
    merged_by_person: bool = False

    def row(self) -> dict[str, object]:
        """Return the entry as a row of the table."""
        return {
            "id": self.case.id,
            "status": self.status.value,
            "score": self.case.score,
            "body": to_text(self.case),
            "note": self.note,
            "reopened": self.reopened,
            "merged_into": self.merged_into,
            "merged_by_person": self.merged_by_person,
        }


@dataclass(slots=True)
class Shelf:
    """All stored cases by id."""

    entries: dict[str, Entry]
    children: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, connection: Connection) -> Shelf:
        """Read every stored case."""
        entries = {
            row.id: Entry(
                from_text(row.body),
                CaseStatus(row.status),
                row.note,
                row.reopened,
                row.merged_into,
                row.merged_by_person,
            )
            for row in connection.execute(sa.select(CASES).order_by(CASES.c.id))
        }
        shelf = cls(entries)
        for name, entry in entries.items():
            if entry.merged_into:
                shelf.children.setdefault(entry.merged_into, []).append(name)
        return shelf

    def root(self, name: str) -> str:
        """Return the case into which a case has ended up, itself if it was never merged."""
        while (parent := self.entries[name].merged_into) is not None:
            name = parent
        return name

    def shown(self, name: str) -> Case:
        """Return a case as people see it: with what was merged into it and what was decided."""
        entry = self.entries[name]
        case = combine(entry.case, [self.entries[child].case for child in self._below(name)])
        reasons = case.reasons
        if entry.reopened and entry.status is CaseStatus.OPEN:
            reasons = (*reasons, Reason(0.0, Message.from_json(entry.reopened)))
        return replace(
            case,
            status=entry.status,
            reasons=reasons,
            note=entry.note,
            merged_into=self.root(name) if entry.merged_into else "",
        )

    def _below(self, name: str) -> Iterator[str]:
        for child in self.children.get(name, ()):
            if self.entries[child].merged_into == name:
                if self.entries[child].merged_by_person:
                    yield child
                yield from self._below(child)


def save(connection: Connection, entries: Iterable[Entry], known: Collection[str]) -> None:
    """Write cases; ``known`` are the ids that have a row already."""
    rows = [entry.row() for entry in entries]
    fresh = [row for row in rows if row["id"] not in known]
    # A case may point to another new one: first all rows without pointers, then the pointers.
    for start in range(0, len(fresh), _CHUNK):
        chunk = [row | {"merged_into": None} for row in fresh[start : start + _CHUNK]]
        connection.execute(sa.insert(CASES), chunk)
    changed = [row for row in rows if row["id"] in known or row["merged_into"]]
    if changed:
        columns: dict[str, sa.BindParameter[object]] = {
            name: sa.bindparam(f"new_{name}") for name in changed[0] if name != "id"
        }
        statement = sa.update(CASES).where(CASES.c.id == sa.bindparam("new_id")).values(columns)
        connection.execute(
            statement, [{f"new_{key}": value for key, value in row.items()} for row in changed]
        )


def owners(connection: Connection) -> dict[str, str]:
    """Return the case of every finding that is in one."""
    rows = connection.execute(sa.select(FINDINGS.c.finding_id, FINDINGS.c.case_id))
    return {row.finding_id: row.case_id for row in rows}


def save_owners(
    connection: Connection, before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    """Write the case of every finding whose case is new or another one."""
    fresh = [{"finding_id": f, "case_id": c} for f, c in after.items() if f not in before]
    for start in range(0, len(fresh), _CHUNK):
        connection.execute(sa.insert(FINDINGS), fresh[start : start + _CHUNK])
    moved = [{"f": f, "c": c} for f, c in after.items() if before.get(f, c) != c]
    if moved:
        statement = sa.update(FINDINGS).where(FINDINGS.c.finding_id == sa.bindparam("f"))
        connection.execute(statement.values(case_id=sa.bindparam("c")), moved)


def record(connection: Connection, name: str, time: int, who: str, action: str, what: str) -> None:
    """Add a line to a case's trail."""
    line = {"case_id": name, "time": time, "who": who, "action": action, "what": what}
    connection.execute(sa.insert(AUDIT), [line])
