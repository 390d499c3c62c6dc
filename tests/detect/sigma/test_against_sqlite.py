"""The engine against an independent one: pySigma's SQLite backend over the same events.

Both see the same native fields; then they must agree on every rule and event. What the engine finds
beyond that, with the OCSF columns at hand, must come from a field that the record lacks under its
Sigma name.

Known limits of the other engine, for which the test makes up:

* SQLite's column names know no case (two producers write ``SourceProcessGUID`` and
  ``SourceProcessGuid``): such fields share a column.
* It has no lists: a list is joined to one text.
* Keyword rules need a full-text column that it does not have: it refuses them by name.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaFeatureNotSupportedByBackendError
from tests.detect.sigma.evidence import batches_of

from noroshi.detect.sigma import Rule, RuleSet, SigmaMatcher
from noroshi.detect.sigma.condition import atoms, fields_of
from noroshi.detect.sigma.documents import rule_files
from noroshi.model import EventBatch

pytestmark = pytest.mark.shared_data

sqlite_backend = pytest.importorskip("sigma.backends.sqlite", reason="pySigma-backend-sqlite")

EVERY = 12
"""Besides all rules that fire, every so-manieth rule is compared."""

_KEPT = {"event_id", "source_id", "time", "day"}


def native_only(batch: EventBatch) -> EventBatch:
    """The batch without what the intake derived from it."""
    names = batch.events.schema.names
    arrays = [
        batch.events.column(name)
        if name in _KEPT
        else pa.nulls(batch.num_rows, batch.events.schema.field(name).type)
        for name in names
    ]
    events = pa.RecordBatch.from_arrays(arrays, names=names)
    return EventBatch(batch.event_class, batch.log_source, events, batch.native)


@dataclass
class Evidence:
    """All events as batches, and as one SQL table whose rows are numbered the same way."""

    batches: list[EventBatch]
    database: sqlite3.Connection

    def matches(self, ruleset: RuleSet, *, native: bool) -> dict[str, set[int]]:
        """Rows that each rule matches."""
        matcher = SigmaMatcher(ruleset)
        found: dict[str, set[int]] = defaultdict(set)
        first = 0
        for batch in self.batches:
            row_of = {
                event: first + row
                for row, event in enumerate(batch.events.column("event_id").to_pylist())
            }
            table = matcher(native_only(batch) if native else batch)
            rules, events = table["rule_id"].to_pylist(), table["event_id"].to_pylist()
            for rule, event in zip(rules, events, strict=True):
                found[rule].add(row_of[event])
            first += batch.num_rows
        return found

    def rows_for(self, rule: Rule) -> set[int]:
        """Rows of the log sources that a rule is for."""
        rows: set[int] = set()
        first = 0
        for batch in self.batches:
            source = rule.source
            if batch.log_source.covers(source.product, source.service, source.category):
                rows |= set(range(first, first + batch.num_rows))
            first += batch.num_rows
        return rows

    def select(self, query: str) -> set[int]:
        """Rows that a query of the backend selects; a column nobody has is all nulls."""
        query = re.sub(r"^SELECT .*? FROM \S+", "SELECT row_ FROM events", query)
        while True:
            try:
                return {row for (row,) in self.database.execute(query)}
            except sqlite3.OperationalError as error:
                missing = re.fullmatch(r"no such column: [`\"]?(.+?)[`\"]?", str(error))
                if missing is None:
                    raise
                self.database.execute(
                    f'ALTER TABLE events ADD COLUMN "{missing.group(1)}" TEXT COLLATE NOCASE'
                )


@pytest.fixture(scope="module")
def evidence(shared_data: Path) -> Evidence:
    folder = shared_data / "logs" / "evtx-attack-samples"
    batches = list(batches_of(sorted(folder.rglob("*.evtx"))))
    database = sqlite3.connect(":memory:")
    database.create_function(
        "REGEXP", 2, lambda pattern, text: text is not None and bool(re.search(pattern, text))
    )
    records = [record for batch in batches for record in batch.native.to_pylist()]
    names: dict[str, str] = {}
    for record in records:
        for name in record:
            names.setdefault(name.removesuffix("[]").lower(), name.removesuffix("[]"))
    columns = ", ".join(f'"{name}" TEXT COLLATE NOCASE' for name in names.values())
    database.execute(f"CREATE TABLE events (row_ INTEGER, {columns})")
    for row, record in enumerate(records):
        values = {
            name.removesuffix("[]").lower(): ", ".join(value) if isinstance(value, list) else value
            for name, value in record.items()
            if value is not None
        }
        given = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" * (len(values) + 1))
        database.execute(
            f"INSERT INTO events (row_, {given}) VALUES ({marks})",
            [row, *values.values()],
        )
    return Evidence(batches, database)


def test_both_engines_agree(sigmahq: RuleSet, evidence: Evidence, shared_data: Path) -> None:
    native = evidence.matches(sigmahq, native=True)
    rules = sigmahq.by_id
    chosen = sorted(set(native) | set(sorted(rules)[::EVERY]))
    texts = _texts(shared_data / "logs" / "sigma-rules")
    backend = sqlite_backend.sqliteBackend()
    compared, refused, different = 0, [], {}
    for rule_id in chosen:
        rule = rules[rule_id]
        try:
            queries = backend.convert(SigmaCollection.from_yaml(texts[rule_id]))
        except SigmaFeatureNotSupportedByBackendError:
            refused.append(rule)
            continue
        selected = set().union(*(evidence.select(query) for query in queries))
        selected &= evidence.rows_for(rule)
        compared += 1
        if selected != native.get(rule_id, set()):
            different[rule.header.title] = selected ^ native.get(rule_id, set())
    assert different == {}
    assert compared > 600
    assert all(any(atom.field is None for atom in atoms(rule.condition)) for rule in refused)


def test_what_the_ocsf_columns_add_comes_from_fields_that_the_record_lacks(
    sigmahq: RuleSet, evidence: Evidence
) -> None:
    native = evidence.matches(sigmahq, native=True)
    whole = evidence.matches(sigmahq, native=False)
    names: list[frozenset[str]] = []
    for batch in evidence.batches:
        for record in batch.native.to_pylist():
            present = (name for name, value in record.items() if value is not None)
            names.append(frozenset(name.removesuffix("[]") for name in present))
    assert whole.keys() >= native.keys()
    added = 0
    for rule_id, rows in whole.items():
        looked_at = set(fields_of(sigmahq.by_id[rule_id].condition))
        for row in rows ^ native.get(rule_id, set()):
            added += 1
            assert not looked_at <= names[row], (sigmahq.by_id[rule_id].header.title, row)
    assert added > 0


def _texts(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in rule_files([folder]):
        text = path.read_text("utf-8")
        rule_id = re.search(r"^id:\s*(\S+)", text, re.MULTILINE)
        if rule_id:
            found[rule_id.group(1)] = text
    return found
