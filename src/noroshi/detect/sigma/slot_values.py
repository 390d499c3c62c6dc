"""Values of slots for the rows of a batch that rules want to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from noroshi.detect.sigma.columns import Columns, Value, values_at
from noroshi.detect.sigma.predicate import KEYWORDS, Slot, Slots

Ints = npt.NDArray[np.int64]


class SlotValues:
    """Values of the slots for some rows of a batch, each slot read when first needed.

    Attributes:
        rows: the rows, ascending; a position in the values is a position in here.
    """

    def __init__(self, columns: Columns, slots: Slots, rows: Ints) -> None:
        self.rows = rows
        self._columns = columns
        self._slots = slots
        self._taken = pa.array(rows)
        self._nothing: Sequence[Value] = [None] * len(rows)
        self._values: list[Sequence[Value]] = []
        self._filled: set[int] = set()

    def fill(self, numbers: Iterable[int]) -> Sequence[Sequence[Value]]:
        """Read the slots of these numbers; others may be missing from what is returned."""
        known = self._slots.known
        self._values.extend([self._nothing] * (len(known) - len(self._values)))
        for number in numbers:
            if number not in self._filled:
                self._filled.add(number)
                self._values[number] = self._read(known[number])
        return self._values

    def positions(self, rows: Ints) -> list[int]:
        """Return where rows are in the values."""
        if len(rows) == len(self.rows):
            return list(range(len(rows)))
        found: list[int] = np.searchsorted(self.rows, rows).tolist()
        return found

    def texts(self, place: int) -> Iterator[tuple[str, str, str]]:
        """Yield (field, raw text, folded text) of everything that a keyword is searched in."""
        row = int(self.rows[place])
        for name, column in self._columns.searched():
            raw, folded = column.text[row].as_py(), column.folded[row].as_py()
            pairs = zip(raw, folded, strict=True) if isinstance(raw, list) else ((raw, folded),)
            yield from ((name, text, low) for text, low in pairs if text is not None)

    def _read(self, slot: Slot) -> Sequence[Value]:
        if slot.field == KEYWORDS:
            return self._everything(slot.folded)
        column = self._columns[slot.field]
        if column is None:
            return self._nothing
        return values_at(column.folded if slot.folded else column.text, self._taken)

    def _everything(self, folded: bool) -> Sequence[Value]:
        """All texts of each row, for keywords."""
        rows: list[list[str]] = [[] for _ in range(len(self.rows))]
        for _name, column in self._columns.searched():
            array = column.folded if folded else column.text
            for texts, value in zip(rows, values_at(array, self._taken), strict=True):
                if isinstance(value, str):
                    texts.append(value)
                elif value:
                    texts.extend(value)
        return rows
