"""Which sources the lake holds already, told by their content and not by their name."""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.collect.evidence import Evidence
from noroshi.lake import Lake

SOURCE_ID_LENGTH = 32


@dataclass(slots=True)
class Reading:
    """One source on its way into the lake.

    Attributes:
        path: name of the evidence.
        source_id: the source's id; a log that grew keeps the id of its beginning.
        digest: SHA-256 of the content, hex.
        size: bytes, decompressed.
        grown: an earlier, shorter state of it is in the lake.
        collector: name of the collector that reads it.
        events: records so far.
        quarantined: bad records so far.
    """

    path: str
    source_id: str
    digest: str
    size: int
    grown: bool = False
    collector: str = ""
    events: int = 0
    quarantined: int = 0


class Ledger:
    """The lake's ``sources`` table as it stood at the start, asked again where it matters."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        rows = lake.table("sources", ["path", "source_id", "digest", "size"]).to_pylist()
        self._digests = {row["digest"] for row in rows}
        self._by_path = {row["path"]: row for row in sorted(rows, key=lambda row: row["size"])}

    def reading(self, evidence: Evidence) -> Reading | None:
        """Return how to read a source, or None if the lake holds all of it."""
        before = self._by_path.get(evidence.name)
        found = evidence.digest(prefix=before["size"] if before else None)
        if found.whole in self._digests:
            return None
        if before and found.early == before["digest"]:
            return Reading(evidence.name, before["source_id"], found.whole, found.size, grown=True)
        return Reading(evidence.name, found.whole[:SOURCE_ID_LENGTH], found.whole, found.size)

    def holds(self, reading: Reading) -> bool:
        """Tell whether another process has finished the source meanwhile."""
        return self._lake.position("sources", reading.source_id) >= reading.size
