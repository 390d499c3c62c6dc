"""Does anything but its meaning give the story away?

Every record is reduced to figures that know nothing of tools, names or commands: the digits of its
times, the residues of its numbers, how long and how varied its ids are. These are artefacts. How
long after its neighbour it was written is rhythm, which an intrusion has of its own; it is told
apart, so that both can be judged. A classifier then tells the story's records from the background's
of the same type and machine in runs that it has not seen (cross-validation by run). An area
under the curve of 0.5 is guessing.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from noroshi.drill.clock import HOUR
from noroshi.drill.demo import in_order, simulate
from noroshi.drill.write.windows import write_windows
from noroshi.drill.write.zeek import write_zeek

FEWEST = 12
"""Records of the story below which a type is not judged."""
_MOST = 6_000
_FOLDS = 4
_SPARE = 1_000


@dataclass(frozen=True, slots=True)
class Sample:
    """One record: type, machine, run, figures, log of the µs since the last, whose it is."""

    kind: str
    host: str
    run: str
    figures: tuple[float, ...]
    rhythm: float
    story: bool


def tells(seeds: Iterable[int] = (1, 2, 3, 4)) -> dict[str, Any]:
    """Return the area under the curve for each type of record, and for all together.

    ``auc`` is of artefacts, ``with_rhythm`` of both. ``overall`` is the mean over types, weighted
    by the story's records. ``pooled`` ranks records of all types in one list: it also sees of which
    types a story is made, which is its meaning.

    Raises:
        ImportError: scikit-learn (the extra ``train``) is not installed.
    """
    by_kind: dict[str, list[Sample]] = defaultdict(list)
    for seed in seeds:
        for sample in _matched(list(_samples(seed))):
            by_kind[sample.kind].append(sample)
    types: dict[str, dict[str, float]] = {}
    pooled: list[tuple[float, bool]] = []
    for kind, samples in sorted(by_kind.items()):
        story = sum(sample.story for sample in samples)
        if story >= FEWEST:
            plain = ranked(samples, rhythm=False)
            pooled += plain
            rhythmic = area(ranked(samples, rhythm=True))
            types[kind] = {"auc": area(plain), "with_rhythm": rhythmic, "story": story}
    return {
        "overall": _mean(types, "auc"),
        "with_rhythm": _mean(types, "with_rhythm"),
        "pooled": area(pooled),
        "types": types,
    }


def _mean(types: Mapping[str, Mapping[str, float]], name: str) -> float:
    total = sum(each["story"] for each in types.values())
    return sum(each[name] * each["story"] for each in types.values()) / total


def _matched(samples: Sequence[Sample]) -> Iterator[Sample]:
    """Yield the records of machines that the story touched: others differ by what they are."""
    touched = {(sample.kind, sample.host) for sample in samples if sample.story}
    yield from (sample for sample in samples if (sample.kind, sample.host) in touched)


def _samples(seed: int) -> Iterator[Sample]:
    day = simulate(seed)
    events = in_order(day)
    conn, _ = write_zeek(events)
    for sheet in (write_windows(events, day.world.hosts), conn):
        rows = [_row(line) for line in sheet.lines]
        last: dict[tuple[str, str], float] = {}
        story = {line for lines in sheet.story.values() for line in lines}
        for number, row in enumerate(rows, 1):
            if row is None:
                continue
            kind, host, time, numbers, texts = row
            gap = time - last.get((kind, host), time - HOUR)
            last[kind, host] = time
            figures = (*_times(int(time)), *_residues(numbers), *_shapes(texts))
            rhythm = math.log1p(max(gap, 0))
            yield Sample(kind, host, str(seed), figures, rhythm, number in story)


def _row(line: str) -> tuple[str, str, float, list[float], list[str]] | None:
    """Return type, machine, time (µs), numbers and texts of a line; None for a comment."""
    if line.startswith("#"):
        return None
    if not line.startswith("{"):
        cells = line.split("\t")
        numbers = [float(cells[at]) for at in (3, 8, 9, 10, 16, 18) if cells[at] != "-"]
        time = float(cells[0]) * 1e6
        return f"connection to port {cells[5]}", cells[2], time, numbers, [cells[1]]
    record = json.loads(line)
    log = record["winlog"]
    fields = log.get("event_data") or log["user_data"]
    stamp = record["@timestamp"]
    clock = [float(part) for part in stamp[11:-1].split(":")]
    time = (clock[0] * 3600 + clock[1] * 60 + clock[2]) * 1e6
    own = _OWN.get(str(log["event_id"]), ())
    found = [_number(str(fields[name])) for name in own if not name.endswith("Guid")]
    texts = [str(fields[name]) for name in own if name.endswith("Guid")]
    kind = f"{log['channel'].rpartition('/')[0] or log['channel']} {log['event_id']}"
    return kind, log["computer_name"], time, [log["record_id"], *found], texts


_OWN = {
    "1": ("ProcessId", "ProcessGuid"), "3": ("SourcePort",), "4624": ("TargetLogonId", "IpPort",
    "LogonGuid"), "4688": ("NewProcessId",), "4768": ("IpPort",), "4769": ("IpPort",),
    "5140": ("IpPort",), "5145": ("IpPort",),
}  # fmt: skip
"""Numbers and ids that are given out with the event, by event id. Others point at what was there
before (a parent, a session), and that is the meaning of a record and no artefact."""


def _number(text: str) -> float:
    try:
        return float(int(text, 0))
    except ValueError:
        return -1.0


def _times(time: int) -> tuple[float, ...]:
    second = time % 1_000_000
    return (second / 1e6, second % 1000, second // 1000 % 10, time // 1_000_000 % 60)


def _residues(numbers: Sequence[float], most: int = 6) -> list[float]:
    """Return the last digits of numbers that have digits to spare; small ones are their meaning."""
    padded = [*numbers[:most], *[-1.0] * (most - len(numbers))]
    return [
        part
        for value in padded
        for part in ((value % 2, value % 8, value % 10) if value >= _SPARE else (-1, -1, -1))
    ]


def _shapes(texts: Sequence[str]) -> tuple[float, ...]:
    return (len(texts), sum(map(len, texts)), max((_entropy(text) for text in texts), default=0.0))


def _entropy(text: str) -> float:
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts) if text else 0.0


def ranked(samples: Sequence[Sample], *, rhythm: bool) -> list[tuple[float, bool]]:
    """Return (score, whether it is the story's) of records, each scored by runs without its own."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

    step = max(1, len(samples) // _MOST)
    kept = [item for place, item in enumerate(samples) if item.story or place % step == 0]
    labels = [item.story for item in kept]
    forest = RandomForestClassifier(
        120, min_samples_leaf=3, class_weight="balanced_subsample", random_state=1
    )
    scores = cross_val_predict(
        forest, [(*item.figures, *[item.rhythm] * rhythm) for item in kept], labels,
        cv=StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=1),
        groups=[item.run for item in kept], method="predict_proba",
    )[:, 1]  # fmt: skip
    return list(zip(scores.tolist(), labels, strict=True))


def area(pairs: Iterable[tuple[float, bool]]) -> float:
    """Return the area under the curve of scores beside truth."""
    from sklearn.metrics import roc_auc_score

    scores, labels = zip(*pairs, strict=True)
    return float(roc_auc_score(labels, scores))
