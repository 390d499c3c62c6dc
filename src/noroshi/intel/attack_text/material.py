"""The sources put together into sentences to learn from, dealt into folds by document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold

from noroshi.intel.attack_text.corpus import (
    Copies,
    Example,
    Knowledge,
    Report,
    normalised,
    read_knowledge,
    read_phrases,
    read_reports,
)
from noroshi.intel.attack_text.errors import TechniqueModelError
from noroshi.intel.attack_text.features import Ints
from noroshi.intel.attack_text.labels import Labels
from noroshi.intel.attack_text.learn import Flags, Material, fold_of
from noroshi.intel.attack_text.sentences import sentences

FOLDS = 5
PHRASES = Path("intel/tram/data/tram2-data/single_label.json")
BUNDLE = Path("attack/enterprise-attack.json.gz")
REPORTS = Path("intel/tram/data/training/tram2_data/mjson_files")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a model is learnt from.

    Attributes:
        phrases: annotated stretches of reports, alone.
        reports: the same reports whole; may be empty, then no sentence is without a technique.
        knowledge: ATT&CK.
        digests: SHA-256 of what was read, by name.
    """

    phrases: list[Example]
    reports: list[Report]
    knowledge: Knowledge
    digests: dict[str, str]


def read_sources(folder: Path, reports: Path | None = None) -> Sources:
    """Read TRAM and ATT&CK from a data folder.

    Args:
        folder: holds ``attack/`` and ``intel/tram/`` as their publishers lay them out.
        reports: TRAM's ``mjson_files``, if not at their place under the folder.

    Raises:
        TechniqueModelError: a source is missing or not what it should be.
    """
    reports = reports or folder / REPORTS
    for needed in (PHRASES, BUNDLE):
        if not (folder / needed).is_file():
            raise TechniqueModelError(f"{needed} is missing in the data folder {folder}")
    files = [folder / PHRASES, folder / BUNDLE, *sorted(reports.glob("*.mjson"))]
    whole = hashlib.sha256()
    for path in files[2:]:
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files[:2]}
    return Sources(
        phrases=read_phrases(files[0]),
        reports=read_reports(reports) if len(files) > 2 else [],
        knowledge=read_knowledge(files[1]),
        digests=digests | ({"mjson_files": whole.hexdigest()} if len(files) > 2 else {}),
    )


@dataclass(frozen=True, slots=True)
class Course:
    """Everything to learn from, in three stretches: report sentences, phrases, procedures.

    Attributes:
        labels: the techniques.
        examples: in the order of the material.
        material: the same as texts and a table.
        sentences: how many report sentences lead.
        phrases: how many phrases follow.
    """

    labels: Labels
    examples: list[Example]
    material: Material
    sentences: int
    phrases: int

    @property
    def annotated(self) -> Flags:
        """Which techniques the reports' annotators looked for."""
        return np.arange(len(self.labels.ids)) < self.labels.annotated


def prepare(sources: Sources) -> Course:
    """Choose the techniques, drop what ATT&CK copied from the reports, deal into folds.

    The folds group the phrases by document exactly as scikit-learn's ``GroupKFold(5)`` does; whole
    reports follow their phrases, so that no document stands on both sides.
    """
    labels = Labels.choose(sources.phrases, sources.knowledge)
    reported = [example for report in sources.reports for _, example in report.examples()]
    seen = [phrase.text for phrase in sources.phrases]
    for report in sources.reports:
        seen += [report.text[span.start : span.end] for span in sentences(report.text)]
    copies = Copies(seen)
    procedures = [
        example
        for example in sources.knowledge.procedures
        if not copies.has(example.text)
        and any(labels.of(t) is not None for t in example.techniques)
    ]
    examples = reported + sources.phrases + procedures
    from_reports = np.arange(len(examples)) < len(reported) + len(sources.phrases)
    material = Material(
        texts=[example.text for example in examples],
        truth=labels.truth(examples),
        reports=from_reports,
        folds=_folds(reported, sources.phrases, procedures),
        unknown=_named(examples, from_reports, labels, sources.knowledge),
    )
    return Course(labels, examples, material, len(reported), len(sources.phrases))


def _named(
    examples: list[Example], from_reports: Flags, labels: Labels, knowledge: Knowledge
) -> Flags:
    """Mark the report sentences that name a technique which their annotators did not look for."""
    found = np.zeros((len(examples), len(labels.ids)), dtype=np.bool_)
    names = {
        f" {normalised(knowledge.names[key])} ": at
        for at, key in enumerate(labels.ids)
        if at >= labels.annotated
    }
    for row in np.flatnonzero(from_reports):
        words = f" {normalised(examples[row].text)} "
        for name, at in names.items():
            if name in words:
                found[row, at] = True
    return found


def _folds(reported: list[Example], phrases: list[Example], procedures: list[Example]) -> Ints:
    documents = [phrase.document for phrase in phrases]
    of_document: dict[str, int] = {}
    split = GroupKFold(FOLDS).split(documents, groups=documents)
    for fold, (_, held_out) in enumerate(split):
        of_document.update({documents[row]: fold for row in held_out})
    dealt = [of_document.get(example.document, 0) for example in reported + phrases]
    dealt += [fold_of(example.text, FOLDS) for example in procedures]
    return np.array(dealt, dtype=np.int64)
