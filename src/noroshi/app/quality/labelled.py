"""Precision and recall by type and language on sets that people labelled."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from noroshi.app.made_up.hard_kinds import HARD_KINDS
from noroshi.app.made_up.hard_lines import FILES, HARD_LINES, HardLine
from noroshi.intel.text import Document, Extraction, Knowledge, ValueType, extract

_LOCAL = (ValueType.FILE_NAME, ValueType.FILE_PATH, ValueType.REGISTRY_KEY)
_HOSTS = (ValueType.DOMAIN, ValueType.URL)
_MISP = {
    **{"domain": "domain", "hostname": "domain", "ip-dst": "ip", "ip-src": "ip", "url": "url"},
    **{"md5": "md5", "sha1": "sha1", "sha256": "sha256", "email-src": "email", "mutex": "mutex"},
}


def scores(found: int, wrong: int, missed: int) -> dict[str, float | int]:
    """Return precision and recall with the counts that they are made of."""
    return {
        "found": found,
        "wrong": wrong,
        "missed": missed,
        "precision": round(found / (found + wrong), 4) if found + wrong else 1.0,
        "recall": round(found / (found + missed), 4) if found + missed else 1.0,
    }


def hard_lines(knowledge: Knowledge) -> dict[str, Any]:
    """Measure our own hard lines by language and by type."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    confused = 0
    for line in (*HARD_LINES, *HARD_KINDS):
        got = {f"{kind}:{value}" for kind, value in _values(line, knowledge)}
        if line not in HARD_KINDS:
            got = {one for one in got if one.partition(":")[0] not in _LOCAL}
        for verdict, values in (
            ("found", got & line.values),
            ("wrong", got - line.values),
            ("missed", line.values - got),
        ):
            for value in values:
                for group in (line.language, value.partition(":")[0]):
                    counts[group][verdict] += 1
    for line in FILES:
        confused += sum(kind in _HOSTS for kind, _ in _values(line, knowledge))
    table = {group: scores(*_three(count)) for group, count in sorted(counts.items())}
    return {"lines": len(HARD_LINES) + len(HARD_KINDS), "files_as_domains": confused, **table}


def _three(count: Counter[str]) -> tuple[int, int, int]:
    return count["found"], count["wrong"], count["missed"]


def _values(line: HardLine, knowledge: Knowledge) -> Iterator[tuple[ValueType, str]]:
    for value in extract(Document("line", line.text), knowledge).indicators:
        yield value.type, value.value


def domains(texts: Path, knowledge: Knowledge) -> dict[str, Any]:
    """Measure "is this dotted word a domain?" on words of AnnoCTR reports that we labelled by hand.

    The development half was looked at while extraction was made; the test half never.
    """
    labels: dict[tuple[str, str], list[tuple[int, int, bool]]] = defaultdict(list)
    lines = files("noroshi.app.quality").joinpath("domains.tsv").read_text("utf-8").splitlines()
    for line in lines[1:]:
        half, digest, start, end, says = line.split("\t")
        labels[half, digest].append((int(start), int(end), says == "yes"))
    counts: dict[str, Counter[str]] = {"development": Counter(), "test": Counter()}
    for path in sorted(texts.glob("*.txt")):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()[:12]
        for half, name in (("dev", "development"), ("test", "test")):
            if words := labels.get((half, digest)):
                found = extract(Document(path.name, data.decode()), knowledge)
                counts[name].update(_judged(found, words))
    return {half: scores(*_three(count)) for half, count in counts.items()}


def _judged(found: Extraction, words: Iterable[tuple[int, int, bool]]) -> Iterator[str]:
    spans = [value.span for value in found.indicators if value.type in _HOSTS]
    for start, end, is_domain in words:
        if is_domain:
            whole = any(left <= start and right >= end for left, right in spans)
            yield "found" if whole else "missed"
        elif any(left < end and right > start for left, right in spans):
            yield "wrong"


def eset(folder: Path, knowledge: Knowledge) -> dict[str, Any]:
    """Measure ESET's lists against their MISP events: the values that stand in both.

    Precision is a lower bound, because the events do not hold all that the lists hold.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(folder.rglob("README*")):
        truth = set(_event_values(path.parent))
        if truth:
            _compare(path, truth, knowledge, counts)
    return {kind: scores(*_three(count)) for kind, count in sorted(counts.items())}


def _compare(
    path: Path,
    truth: set[tuple[str, str]],
    knowledge: Knowledge,
    counts: dict[str, Counter[str]],
) -> None:
    got: dict[str, set[str]] = defaultdict(set)
    for value in extract(path, knowledge).indicators:
        kind = "ip" if value.type in (ValueType.IPV4, ValueType.IPV6) else value.type.value
        got[kind].add(value.value.lower())
        if value.type is ValueType.URL:
            got["host"].add(_host(value.value))
    plain = path.read_text("utf-8", "replace").lower()
    plain = plain.replace("[.]", ".").replace("hxxp", "http").replace("[:]", ":")
    for kind in set(_MISP.values()):
        known = {value for of, value in truth if of == kind}
        if not known:
            continue
        if kind == "domain":
            known |= {_host(value) for of, value in truth if of == "url"}
        named = {value for value in known if _stands(value, plain)}
        reached = got[kind] | (got["host"] if kind in ("domain", "ip") else set())
        counts[kind]["found"] += len(named & reached)
        counts[kind]["missed"] += len(named - reached)
        counts[kind]["wrong"] += len(got[kind] - known)


def _stands(value: str, text: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w-]|\.\w)", text) is not None


def _host(url: str) -> str:
    return re.split(r"[/:?#]", url.lower().rpartition("://")[2], maxsplit=1)[0]


def _event_values(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*.json"):
        waiting: list[Any] = [json.loads(path.read_text("utf-8"))]
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting.extend(node)
            elif isinstance(node, dict):
                waiting.extend(node.values())
                yield from _attribute(node.get("type"), node.get("value"))


def _attribute(kind: object, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(kind, str) and isinstance(value, str):
        for one, part in zip(kind.split("|"), value.split("|"), strict=False):
            if one in _MISP:
                yield _MISP[one], part.strip().lower()
