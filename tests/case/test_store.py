from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from noroshi.case import CaseError, CaseStore, correlate
from noroshi.case.tables import METADATA
from noroshi.intel import Knowledge
from noroshi.model import Case, CaseStatus, Finding

MakeFinding = Callable[..., Finding]
START = 1_790_000_000_000_000
HOUR = 3_600_000_000
DAY = 24 * HOUR


@pytest.fixture
def knowledge(tmp_path: Path) -> Iterator[Knowledge]:
    with Knowledge(tmp_path / "knowledge.db") as opened:
        yield opened


@pytest.fixture
def store(knowledge: Knowledge) -> CaseStore:
    return CaseStore(knowledge, now=lambda: START)


def _rows(knowledge: Knowledge) -> list[object]:
    with knowledge.read() as connection:
        return [
            tuple(row)
            for table in ("cases", "case_findings", "case_audit")
            for row in connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1"))
        ]


def _ours(name: str | None, kind: str, _: object) -> bool:
    return kind != "table" or name in METADATA.tables


def test_the_migrations_make_the_tables_that_the_code_uses(knowledge: Knowledge) -> None:
    with knowledge.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _ours})
        assert compare_metadata(context, METADATA) == []
        assert set(METADATA.tables) <= set(sa.inspect(connection).get_table_names())


def test_cases_come_back_as_they_were(store: CaseStore, incident: tuple[Finding, ...]) -> None:
    cases = correlate(incident)
    assert store.update(cases) == cases
    assert store.list() == cases
    assert store.show(cases[0].id) == cases[0]


def test_doing_it_again_changes_nothing(
    store: CaseStore, knowledge: Knowledge, incident: tuple[Finding, ...]
) -> None:
    store.update(correlate(incident))
    before = _rows(knowledge)
    store.update(correlate(incident))
    assert _rows(knowledge) == before


def test_a_closed_case_stays_closed_until_something_new_arrives(
    store: CaseStore, make_finding: MakeFinding
) -> None:
    one = make_finding("a", START)
    (case,) = store.update(correlate([one]))
    store.close(case.id, "an administrator's test", "sato")
    (case,) = store.update(correlate([one]))
    assert (case.status, case.note) == (CaseStatus.CLOSED, "an administrator's test")
    (case,) = store.update(correlate([one, make_finding("b", START + HOUR)]))
    assert case.status is CaseStatus.OPEN
    assert case.reasons[-1].message.params == {"n": 1}
    assert case.reasons[-1].points == 0
    assert case.score == round(sum(reason.points for reason in case.reasons), 1)
    assert [(s.who, s.action) for s in store.trail(case.id)] == [
        ("noroshi", "found"),
        ("sato", "closed"),
        ("noroshi", "grew"),
        ("noroshi", "reopened"),
    ]


def test_an_earlier_finding_does_not_change_the_id(
    store: CaseStore, make_finding: MakeFinding
) -> None:
    late = make_finding("a", START)
    (before,) = store.update(correlate([late]))
    (after,) = store.update(correlate([late, make_finding("b", START - HOUR)]))
    assert after.id == before.id
    assert len(after.finding_ids) == 2


def test_a_person_may_reopen(store: CaseStore, make_finding: MakeFinding) -> None:
    (case,) = store.update(correlate([make_finding()]))
    with pytest.raises(CaseError, match="not closed"):
        store.reopen(case.id, "why")
    store.close(case.id, "wrong", "sato")
    assert store.reopen(case.id, "a slip", "sato").status is CaseStatus.OPEN
    assert store.list(CaseStatus.CLOSED) == []


def test_merged_cases_stay_merged_and_are_told_as_one(
    store: CaseStore, make_finding: MakeFinding
) -> None:
    findings = [make_finding("a", START, ("pc1",)), make_finding("b", START, ("pc2",))]
    one, other = store.update(correlate(findings))
    merged = store.merge([other.id], one.id, "sato")
    assert set(merged.finding_ids) == {item.id for item in findings}
    assert set(merged.hosts) == {"pc1", "pc2"}
    assert store.update(correlate(findings)) == [merged]
    gone = store.show(other.id)
    assert (gone.status, gone.merged_into) == (CaseStatus.MERGED, one.id)
    with pytest.raises(CaseError, match="merged into"):
        store.close(other.id, "no")
    findings.append(make_finding("c", START + HOUR, ("pc2",)))
    (grown,) = store.update(correlate(findings))
    assert grown.id == one.id
    assert len(grown.finding_ids) == 3


def test_new_findings_in_a_merged_case_reopen_the_one_that_took_it_over(
    store: CaseStore, make_finding: MakeFinding
) -> None:
    findings = [make_finding("a", START, ("pc1",)), make_finding("b", START, ("pc2",))]
    one, other = store.update(correlate(findings))
    store.merge([other.id], one.id)
    store.close(one.id, "done")
    findings.append(make_finding("c", START + HOUR, ("pc2",)))
    (case,) = store.update(correlate(findings))
    assert (case.id, case.status) == (one.id, CaseStatus.OPEN)


def test_a_case_cannot_be_merged_into_itself_or_round_in_circles(
    store: CaseStore, make_finding: MakeFinding
) -> None:
    one, other = store.update(
        correlate([make_finding("a", START, ("pc1",)), make_finding("b", START, ("pc2",))])
    )
    with pytest.raises(CaseError, match="itself"):
        store.merge([one.id], one.id)
    store.merge([other.id], one.id)
    with pytest.raises(CaseError, match="merged into"):
        store.merge([one.id], other.id)


def test_merging_an_open_case_reopens_a_closed_one(
    store: CaseStore, make_finding: MakeFinding
) -> None:
    one, other = store.update(
        correlate([make_finding("a", START, ("pc1",)), make_finding("b", START, ("pc2",))])
    )
    store.close(one.id, "done")
    assert store.merge([other.id], one.id).status is CaseStatus.OPEN


def test_cases_that_turn_out_to_be_one_are_joined_under_the_larger(
    store: CaseStore, make_finding: MakeFinding
) -> None:
    left = [make_finding(f"a{n}", START + n * HOUR, ("pc1",)) for n in range(2)]
    right = make_finding("b", START + HOUR, ("pc2",))
    before = {case.hosts: case.id for case in store.update(correlate([*left, right]))}
    bridge = make_finding("c", START + HOUR, ("pc1", "pc2"))
    (case,) = store.update(correlate([*left, right, bridge]))
    assert case.id == before["pc1",]
    assert len(case.finding_ids) == 4
    assert store.show(before["pc2",]).merged_into == case.id
    assert store.trail(before["pc2",])[-1].action == "absorbed"


def test_a_run_that_sees_less_forgets_nothing(store: CaseStore, make_finding: MakeFinding) -> None:
    findings = [make_finding(f"r{n}", START + n * HOUR) for n in range(4)]
    (whole,) = store.update(correlate(findings))
    (after,) = store.update(correlate(findings[2:]))
    assert set(after.finding_ids) == set(whole.finding_ids)
    assert (after.first, after.last) == (whole.first, whole.last)
    assert store.update([]) == [after]


def test_a_case_that_falls_apart_keeps_its_id_for_the_larger_part(
    store: CaseStore, make_finding: MakeFinding
) -> None:
    findings = [make_finding(f"r{n}", START + n * HOUR) for n in range(3)]
    (whole,) = store.update(correlate(findings))
    parts = [*correlate(findings[1:]), *correlate(findings[:1])]
    after = store.update(parts)
    assert {len(case.finding_ids): case.id == whole.id for case in after} == {2: True, 1: False}
    assert store.update(parts) == after


def test_ids_may_be_shortened_as_long_as_they_are_clear(
    store: CaseStore, make_finding: MakeFinding
) -> None:
    cases = store.update(
        correlate([make_finding(f"r{n}", START + n * DAY, (f"pc{n}",)) for n in range(20)])
    )
    assert store.show(cases[0].id[:12].upper()) == cases[0]
    initials = [case.id[0] for case in cases]
    twice = next(letter for letter in initials if initials.count(letter) > 1)
    with pytest.raises(CaseError, match="give more of the id"):
        store.show(twice)
    for unknown in ("", "%", "zzz", "' OR 1=1"):
        with pytest.raises(CaseError, match="no case"):
            store.show(unknown)


def test_closing_needs_a_reason(store: CaseStore, make_finding: MakeFinding) -> None:
    (case,) = store.update(correlate([make_finding()]))
    with pytest.raises(CaseError, match="note"):
        store.close(case.id, "  ")
    closed = store.close(case.id, "nul \0 and half a pair \ud800", "sato")
    assert closed.note == "nul  and half a pair ?"


UPDATE = """
import sys
from noroshi.case import CaseStore, correlate
from noroshi.intel import Knowledge
from noroshi.lang import Message
from noroshi.model import Finding, Severity, finding_id

hour = 3_600_000_000
def finding(n):
    host = f"pc{n % 7}"
    first = 1_790_000_000_000_000 + n * 12 * hour
    return Finding(finding_id("sigma", f"r{n}", host, ""), "sigma", f"r{n}",
                   "R", Severity.HIGH, 1.0,
                   host, first, first, 1, Message("x"), Message("y"), hosts=(host,))

with Knowledge(sys.argv[1]) as knowledge:
    for size in range(10, 60, 10):
        CaseStore(knowledge).update(correlate(map(finding, range(size))))
"""


def test_two_processes_may_update_at_once(tmp_path: Path) -> None:
    location = str(tmp_path / "knowledge.db")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", UPDATE, location],
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(2)
    ]
    assert [process.communicate()[1] for process in both] == [b"", b""]
    with Knowledge(location) as knowledge:
        cases = CaseStore(knowledge).list()
        told = [item for case in cases for item in case.finding_ids]
        assert (len(cases), len(told), len(set(told))) == (50, 50, 50)
        found = [s for c in cases for s in CaseStore(knowledge).trail(c.id) if s.action == "found"]
        assert len(found) == 50


def test_text_of_cases_survives_storage(store: CaseStore, make_finding: MakeFinding) -> None:
    (case,) = correlate([make_finding(title="狼煙 \0 \u202e </script> ' \"")])
    odd: Case = replace(case, users=("' OR 1=1 --", "\ud800"))
    assert store.update([odd]) == [odd]
    assert store.list() == [odd]
