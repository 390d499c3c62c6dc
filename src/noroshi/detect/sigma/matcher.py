"""Rules against batches of events: the tap that the intake runs every batch through."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from noroshi.detect.sigma.bucket import Bucket
from noroshi.detect.sigma.columns import Columns
from noroshi.detect.sigma.match_rows import MatchRows
from noroshi.detect.sigma.pivot import Pivot, pivots
from noroshi.detect.sigma.predicate import Program, Slots, compile_condition
from noroshi.detect.sigma.rule import RuleSet
from noroshi.detect.sigma.slot_values import SlotValues
from noroshi.model import MATCH_SCHEMA, EventBatch, LogSource

Ints = npt.NDArray[np.int64]

BUCKETS_KEPT = 256
"""Log sources whose index of rules is kept ready; a large one takes some 10 MB."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule and the rows of a batch that it matches.

    Attributes:
        rule: number of the rule in the rule set.
        rows: matching rows, ascending.
    """

    rule: int
    rows: tuple[int, ...]


class SigmaMatcher:
    """Matches a rule set against batches; not to be shared between threads.

    Args:
        ruleset: the rules.
        pure: search without Hyperscan, as on processors where it does not run.
        sieved: False looks at every rule for every event; slow, for checking the fast way.
    """

    def __init__(self, ruleset: RuleSet, *, pure: bool = False, sieved: bool = True) -> None:
        self.ruleset = ruleset
        self._pure = pure
        self._sieved = sieved
        self._slots = Slots()
        self._programs: dict[int, Program] = {}
        self._known_pivots: dict[int, tuple[Pivot, ...] | None] = {}
        self._buckets: OrderedDict[LogSource, Bucket] = OrderedDict()

    def __call__(self, batch: EventBatch) -> pa.Table:
        """Return the matches of a batch as rows of ``model.MATCH_SCHEMA``."""
        if not batch.num_rows:
            return MATCH_SCHEMA.empty_table()
        columns = Columns(batch)
        hits = tuple(self.hits(batch, columns))
        if not hits:
            return MATCH_SCHEMA.empty_table()
        return self.table(batch, columns, hits)

    def hits(self, batch: EventBatch, columns: Columns) -> Iterator[Hit]:
        """Yield the rules that match and the rows where they do."""
        bucket = self.bucket(batch.log_source)
        yield from self.decide(columns, bucket.candidates(columns))

    def decide(self, columns: Columns, candidates: Iterable[tuple[int, Ints]]) -> Iterator[Hit]:
        """Yield what is left of candidates once the whole condition has been looked at."""
        everywhere = np.arange(columns.num_rows, dtype=np.int64)
        some: list[tuple[int, Ints]] = []
        all_rows = SlotValues(columns, self._slots, everywhere)
        for number, rows in candidates:
            if len(rows) == columns.num_rows:
                yield from self._decide(number, rows, all_rows)
            else:
                some.append((number, rows))
        if not some:
            return
        wanted = SlotValues(
            columns, self._slots, np.unique(np.concatenate([rows for _number, rows in some]))
        )
        for number, rows in some:
            yield from self._decide(number, rows, wanted)

    def table(self, batch: EventBatch, columns: Columns, hits: Iterable[Hit]) -> pa.Table:
        """Return hits as rows of ``model.MATCH_SCHEMA``."""
        found = tuple(hits)
        rows = np.unique(np.concatenate([np.array(hit.rows, np.int64) for hit in found]))
        writer = MatchRows(batch, SlotValues(columns, self._slots, rows), self._slots)
        for hit in found:
            rule = self.ruleset.rules[hit.rule]
            keys = self.ruleset.keys.get(rule.header.id, ())
            writer.add(rule, self.program(hit.rule), keys, hit.rows)
        return writer.table()

    def bucket(self, source: LogSource) -> Bucket:
        """Return the index of the rules that apply to a log source."""
        found = self._buckets.get(source)
        if found is None:
            applicable = (
                (number, self._pivots(number))
                for number, rule in enumerate(self.ruleset.rules)
                if source.covers(rule.source.product, rule.source.service, rule.source.category)
            )
            found = Bucket(applicable, pure=self._pure)
            self._buckets[source] = found
            if len(self._buckets) > BUCKETS_KEPT:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(source)
        return found

    def program(self, number: int) -> Program:
        """Return a rule made executable."""
        if number not in self._programs:
            condition = self.ruleset.rules[number].condition
            self._programs[number] = compile_condition(condition, self._slots)
        return self._programs[number]

    def _pivots(self, number: int) -> tuple[Pivot, ...] | None:
        if not self._sieved:
            return None
        if number not in self._known_pivots:
            self._known_pivots[number] = pivots(self.ruleset.rules[number].condition)
        return self._known_pivots[number]

    def _decide(self, number: int, rows: Ints, source: SlotValues) -> Iterator[Hit]:
        program = self.program(number)
        values = source.fill(program.slots)
        decide = program.decide
        found = [place for place in source.positions(rows) if decide(values, place)]
        if found:
            yield Hit(number, tuple(source.rows[found].tolist()))
