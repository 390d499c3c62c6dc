"""Values of slots for the rows of a batch that rules want to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

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
        return _RowTexts(self, folded)


class _RowTexts(Sequence[Value]):
    """All texts of each row, for keywords; read row by row, as few rows are ever asked for."""

    def __init__(self, values: SlotValues, folded: bool) -> None:
        self._values = values
        self._folded = folded
        self._known: dict[int, list[str]] = {}

    def __len__(self) -> int:
        return len(self._values.rows)

    @overload
    def __getitem__(self, place: int) -> Value: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Value]: ...
    def __getitem__(self, place: int | slice) -> Value | Sequence[Value]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        if place not in self._known:
            self._known[place] = [
                low if self._folded else raw for _name, raw, low in self._values.texts(place)
            ]
        return self._known[place]
