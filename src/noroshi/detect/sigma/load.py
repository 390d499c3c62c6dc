"""Files and folders of Sigma rules -> a rule set.

One bad rule never stops the others: it becomes a :class:`RuleProblem`. Parsing with pySigma takes
some five milliseconds a rule, so what was parsed is kept on disk, by the digest of each file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from noroshi.detect.sigma.cache import FileResult, RuleCache
from noroshi.detect.sigma.condition import IR_VERSION, And
from noroshi.detect.sigma.documents import documents, rule_files
from noroshi.detect.sigma.errors import RuleRejected, RulesNotFound
from noroshi.detect.sigma.licence import Licences
from noroshi.detect.sigma.parse import parse_document
from noroshi.detect.sigma.rule import Correlation, Filter, Rule, RuleProblem, RuleSet


def load_rules(paths: Iterable[Path], *, cache: Path | None = None) -> RuleSet:
    """Return the rules of files and folders.

    Args:
        paths: YAML files, or folders that are walked for ``*.yml`` and ``*.yaml``.
        cache: folder to keep parsed rules in; None parses every time.

    Raises:
        RulesNotFound: a path does not exist.
    """
    origin = tuple(paths)
    for path in origin:
        if not path.exists():
            raise RulesNotFound(f"no rules at {path}: give a Sigma file or a folder of them")
    store = RuleCache(cache / f"sigma-rules-{IR_VERSION}.json" if cache else None)
    collected = _Collected(origin)
    for path in rule_files(list(origin)):
        collected.add(path, store)
    store.save()
    return collected.ruleset()


def load_documents(items: Iterable[Any], origin: str = "") -> RuleSet:
    """Return the rules of YAML documents already read, for rules made in memory."""
    collected = _Collected(())
    collected.take(Path(origin), _parse(items))
    return collected.ruleset()


class _Collected:
    """What was read so far."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self.rules: dict[str, Rule] = {}
        self.correlations: dict[str, Correlation] = {}
        self.filters: list[Filter] = []
        self.problems: list[RuleProblem] = []
        self.paths: dict[str, str] = {}
        self.files = 0
        self._licences = Licences(roots)

    def add(self, path: Path, store: RuleCache) -> None:
        """Read a file, from the cache if it is known there."""
        self.files += 1
        try:
            content = path.read_bytes()
        except OSError as error:
            self.problems.append(RuleProblem(str(path), "", f"cannot be read: {error.strerror}"))
            return
        digest = hashlib.sha256(content).hexdigest()
        result = store.get(digest)
        if result is None:
            result = _parse_content(content)
            store.put(digest, result)
        self.take(path, result, self._licences.of(path.parent))

    def take(self, path: Path, result: FileResult, licence: str = "") -> None:
        """Add what a file gave; ``licence`` is that of rules which name none."""
        self.problems += [RuleProblem(str(path), name, why) for name, why in result.rejected]
        for item in result.parsed:
            rule_id = item.header.id
            if isinstance(item, Filter):
                self.filters.append(item)
            elif first := self.paths.get(rule_id):
                if (self.rules | self.correlations)[rule_id].header.digest != item.header.digest:
                    reason = f"id already taken by {first}, which is used instead"
                    self.problems.append(RuleProblem(str(path), rule_id, reason))
            else:
                self.paths[rule_id] = str(path)
                kind: dict[str, Any] = self.rules if isinstance(item, Rule) else self.correlations
                kind[rule_id] = _licensed(item, licence)

    def ruleset(self) -> RuleSet:
        """Return the whole: filters worked in, correlations after what they watch."""
        rules = tuple(_filtered(rule, self.filters) for rule in self.rules.values())
        ordered = tuple(self._resolved())
        return RuleSet(rules, ordered, tuple(self.problems), self.files)

    def _resolved(self) -> Iterator[Correlation]:
        """Yield correlations of which every watched rule is known, watched ones first."""
        known = {h.name: h.id for h in (r.header for r in self.rules.values()) if h.name}
        known |= {rule_id: rule_id for rule_id in self.rules}
        waiting = dict(self.correlations)
        while ready := [c for c in waiting.values() if all(ref in known for ref in c.rules)]:
            for correlation in ready:
                header = correlation.header
                known |= {header.id: header.id} | ({header.name: header.id} if header.name else {})
                del waiting[header.id]
                yield correlation
        for correlation in waiting.values():
            missing = ", ".join(ref for ref in correlation.rules if ref not in known)
            rule_id = correlation.header.id
            reason = f"watches rules that are not loaded, or itself: {missing}"
            self.problems.append(RuleProblem(self.paths[rule_id], rule_id, reason))


def _parse_content(content: bytes) -> FileResult:
    try:
        return _parse(documents(content))
    except RuleRejected as error:
        return FileResult((), (("", str(error)),))


def _parse(items: Iterable[Any]) -> FileResult:
    parsed, rejected = [], []
    for document in items:
        try:
            parsed.append(parse_document(document))
        except RuleRejected as error:
            rejected.append((_name(document), str(error)))
    return FileResult(tuple(parsed), tuple(rejected))


def _licensed(item: Rule | Correlation, licence: str) -> Rule | Correlation:
    if item.header.license or not licence:
        return item
    return replace(item, header=replace(item.header, license=licence))


def _name(document: Any) -> str:
    if not isinstance(document, dict):
        return ""
    return str(document.get("id") or document.get("title") or "")[:200]


def _filtered(rule: Rule, filters: list[Filter]) -> Rule:
    names = {rule.header.id, rule.header.name}
    extra = tuple(
        item.condition
        for item in filters
        if item.source.includes(rule.source) and (not item.rules or names & set(item.rules))
    )
    if not extra:
        return rule
    return Rule.of(rule.header, rule.source, And((rule.condition, *extra)))
