"""Union-find: which findings have ended up together."""

from __future__ import annotations


class Groups:
    """Disjoint sets of the numbers 0 … size-1, joined by union with path halving."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, item: int) -> int:
        """Return the smallest member of the item's set."""
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        """Make one set of the sets of two items."""
        first, second = sorted((self.find(one), self.find(other)))
        self._parent[second] = first
