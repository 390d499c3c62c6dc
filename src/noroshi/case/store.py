"""Cases at rest, with what people decided about them and a trail of who did what."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from noroshi.case.refresh import refresh
from noroshi.case.shelf import Shelf, owners, record, save, save_owners
from noroshi.case.tables import AUDIT
from noroshi.intel import Knowledge
from noroshi.lang import Message
from noroshi.model import Case, CaseStatus

PROGRAM = "noroshi"
"""Who did it, when nobody in particular did."""

_SHOWN = 5


class CaseError(Exception):
    """A case cannot be found, or cannot be treated like that."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a case's trail.

    Attributes:
        time: µs since 1970 UTC.
        who: a person's account, or ``noroshi``.
        action: found, grew, closed, reopened, merged or absorbed.
        what: the words that go with it.
    """

    time: int
    who: str
    action: str
    what: str


def _now() -> int:
    return time.time_ns() // 1000


class CaseStore:
    """Cases in a knowledge store.

    Args:
        knowledge: an open store.
        now: clock, µs since 1970 UTC.
    """

    def __init__(self, knowledge: Knowledge, now: Callable[[], int] = _now) -> None:
        self._knowledge = knowledge
        self._now = now

    def update(self, cases: Sequence[Case], who: str = PROGRAM) -> list[Case]:
        """Bring the store up to what correlation found and return all cases that are not merged.

        Doing it again with the same cases changes nothing.
        """
        with self._knowledge.write() as connection:
            shelf, before = Shelf.load(connection), owners(connection)
            known = set(shelf.entries)
            change = refresh(shelf, before, cases)
            save(connection, [shelf.entries[name] for name in sorted(change.touched)], known)
            save_owners(connection, before, change.owners)
            for name, action, what in change.trail:
                record(connection, name, self._now(), who, action, what)
        return _listed(shelf, None)

    def list(self, status: CaseStatus | None = None) -> list[Case]:
        """Return the cases of a status, or all that are not merged, most important first."""
        with self._knowledge.read() as connection:
            return _listed(Shelf.load(connection), status)

    def show(self, prefix: str) -> Case:
        """Return one case by its id or the beginning of it.

        Raises:
            CaseError: no case, or more than one, has such an id.
        """
        with self._knowledge.read() as connection:
            shelf = Shelf.load(connection)
            return shelf.shown(_resolve(shelf, prefix))

    def trail(self, prefix: str) -> tuple[Step, ...]:
        """Return who did what to a case, oldest first.

        Raises:
            CaseError: no case, or more than one, has such an id.
        """
        with self._knowledge.read() as connection:
            name = _resolve(Shelf.load(connection), prefix)
            lines = sa.select(AUDIT).where(AUDIT.c.case_id == name).order_by(AUDIT.c.number)
            rows = connection.execute(lines)
            return tuple(Step(row.time, row.who, row.action, row.what) for row in rows)

    def close(self, prefix: str, note: str, who: str = PROGRAM) -> Case:
        """Close a case for a reason and return it.

        Raises:
            CaseError: no such case, it is merged into another, or the reason is missing.
        """
        with self._knowledge.write() as connection:
            shelf = Shelf.load(connection)
            name = _current(shelf, prefix)
            if not note.strip():
                raise CaseError("a case is closed for a reason: give a note")
            entry = shelf.entries[name]
            entry.status, entry.note, entry.reopened = CaseStatus.CLOSED, _clean(note), ""
            save(connection, [entry], set(shelf.entries))
            record(connection, name, self._now(), who, "closed", entry.note)
        return shelf.shown(name)

    def reopen(self, prefix: str, note: str, who: str = PROGRAM) -> Case:
        """Take back the closing of a case and return it.

        Raises:
            CaseError: no such case, or it is not closed.
        """
        with self._knowledge.write() as connection:
            shelf = Shelf.load(connection)
            name = _current(shelf, prefix)
            entry = shelf.entries[name]
            if entry.status is not CaseStatus.CLOSED:
                raise CaseError(f"case {name} is {entry.status.value}, not closed")
            words = Message("Reopened by {who}: {note}", {"who": who, "note": _clean(note)})
            entry.status, entry.reopened = CaseStatus.OPEN, words.to_json()
            save(connection, [entry], set(shelf.entries))
            record(connection, name, self._now(), who, "reopened", _clean(note))
        return shelf.shown(name)

    def merge(self, prefixes: Sequence[str], into: str, who: str = PROGRAM) -> Case:
        """Merge cases into another and return that one.

        Raises:
            CaseError: no such case, one is merged already, or a case would be merged into itself.
        """
        with self._knowledge.write() as connection:
            shelf = Shelf.load(connection)
            target = _current(shelf, into)
            names = list(dict.fromkeys(_current(shelf, item) for item in prefixes))
            if not names or target in names:
                raise CaseError(f"give cases other than {target} itself to merge into it")
            heir = shelf.entries[target]
            if any(shelf.entries[name].status is CaseStatus.OPEN for name in names) and (
                heir.status is CaseStatus.CLOSED
            ):
                words = Message("Reopened: an open case was merged into it")
                heir.status, heir.reopened = CaseStatus.OPEN, words.to_json()
            for name in names:
                entry = shelf.entries[name]
                entry.status, entry.merged_into = CaseStatus.MERGED, target
                entry.merged_by_person = True
                shelf.children.setdefault(target, []).append(name)
                record(connection, name, self._now(), who, "merged", f"into {target}")
                record(connection, target, self._now(), who, "merged", f"took over {name}")
            save(connection, [heir, *(shelf.entries[name] for name in names)], set(shelf.entries))
        return shelf.shown(target)


def _current(shelf: Shelf, prefix: str) -> str:
    """Return the id of a case that is not merged into another."""
    name = _resolve(shelf, prefix)
    if shelf.entries[name].merged_into is not None:
        raise CaseError(f"case {name} is merged into {shelf.root(name)}: use that one")
    return name


def _resolve(shelf: Shelf, prefix: str) -> str:
    wanted = prefix.strip().lower()
    found = sorted(name for name in shelf.entries if wanted and name.startswith(wanted))
    if not found:
        raise CaseError(
            f"no case has an id that begins with {prefix!r}; list the cases to see them"
        )
    if len(found) > 1:
        names = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
        raise CaseError(f"{prefix!r} fits {len(found)} cases: {names}; give more of the id")
    return found[0]


def _listed(shelf: Shelf, status: CaseStatus | None) -> list[Case]:
    cases = [
        shelf.shown(name)
        for name, entry in shelf.entries.items()
        if (entry.status is status if status else entry.status is not CaseStatus.MERGED)
    ]
    return sorted(cases, key=lambda case: (-case.score, case.first, case.id))


def _clean(text: str) -> str:
    """Return text without the characters that no database takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()
