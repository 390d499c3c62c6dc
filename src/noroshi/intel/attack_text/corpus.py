"""Labelled sentences to learn from and to be measured on, read where they lie.

TRAM (Center for Threat-Informed Defense, Apache-2.0): reports with annotated stretches
(``*.mjson``) and the same stretches alone (``single_label.json``). ATT&CK (MITRE, ATT&CK terms of
use): what each actor and program does, one sentence or two per technique.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from noroshi.intel.attack_text.errors import TechniqueModelError
from noroshi.intel.attack_text.sentences import Span, sentences

_LABEL = re.compile(r"\((T\d{4}(?:\.\d{3})?)\)$")
_CITATION = re.compile(r"\(Citation:[^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)]*)\)")
_TAG = re.compile(r"</?code>")
_NAMELESS = {"/software/": "the malware", "/groups/": "the group", "/campaigns/": "the campaign"}
_SHINGLE = 6
"""Words in a row that two texts must share to count as near copies."""
_SHORTEST = 12
"""Characters; a shorter unlabelled line (a heading, a table's cell) teaches nothing."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and the techniques it tells of; none is an answer too.

    Attributes:
        text: the sentence, or the annotated stretch of one.
        techniques: ids as the source gives them.
        document: the report it stands in.
    """

    text: str
    techniques: frozenset[str]
    document: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report with its annotated stretches."""

    name: str
    text: str
    annotations: tuple[tuple[Span, str], ...]

    def examples(self) -> Iterator[tuple[Span, Example]]:
        """Yield every sentence; a stretch labels each sentence that it reaches into."""
        spans = list(sentences(self.text))
        for span in spans:
            labels = frozenset(
                technique
                for stretch, technique in self.annotations
                if stretch.start < span.end and stretch.end > span.start
            )
            if labels or span.end - span.start >= _SHORTEST:
                yield span, Example(self.text[span.start : span.end], labels, self.name)


def read_phrases(path: Path) -> list[Example]:
    """Read TRAM's ``single_label.json``.

    Raises:
        TechniqueModelError: the file is not what it should be.
    """
    try:
        return [
            Example(row["text"], frozenset([row["label"]]), row["doc_title"])
            for row in json.loads(path.read_bytes())
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TechniqueModelError(f"{path.name}: not TRAM's single-label data: {error}") from error


def read_reports(folder: Path) -> list[Report]:
    """Read TRAM's annotated reports (MITRE Annotation Toolkit's JSON, ``*.mjson``), by name.

    Raises:
        TechniqueModelError: a file is not what it should be, or there is none.
    """
    reports = []
    for path in sorted(folder.glob("*.mjson")):
        try:
            data = json.loads(path.read_bytes())
            found = {
                (Span(annotation[0], annotation[1]), label.group(1))
                for group in data["asets"]
                if (label := _LABEL.search(group["type"]))
                for annotation in group["annots"]
            }
            reports.append(Report(path.stem, data["signal"], tuple(sorted(found))))
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise TechniqueModelError(f"{path.name}: not an annotated report: {error}") from error
    if not reports:
        raise TechniqueModelError(f"{folder.name}: no annotated reports (*.mjson) in this folder")
    return reports


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What ATT&CK itself says.

    Attributes:
        procedures: who uses what how, and the techniques' names.
        names: of the techniques in force, by id.
        successors: ids that took the place of revoked ones.
        version: of ATT&CK, as far as the bundle tells it: when it was last changed.
    """

    procedures: tuple[Example, ...]
    names: dict[str, str]
    successors: dict[str, str]
    version: str


def read_knowledge(bundle: Path) -> Knowledge:
    """Read ATT&CK's STIX bundle, gzip-compressed or plain.

    Raises:
        TechniqueModelError: the file is not an ATT&CK bundle.
    """
    try:
        data = bundle.read_bytes()
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        objects = orjson.loads(data)["objects"]
        patterns = {item["id"]: item for item in objects if item["type"] == "attack-pattern"}
        ids = {stix: _id(item) for stix, item in patterns.items()}
        names = {ids[stix]: item["name"] for stix, item in patterns.items() if _in_force(item)}
        links = [item for item in objects if item["type"] == "relationship"]
        examples = [
            Example(_plain(link["description"]), frozenset([ids[link["target_ref"]]]), "ATT&CK")
            for link in links
            if link["relationship_type"] == "uses"
            and link.get("description")
            and ids.get(link["target_ref"]) in names
            and _in_force(link)
        ]
        examples += [Example(name, frozenset([key]), "ATT&CK") for key, name in names.items()]
        successors = {
            ids[link["source_ref"]]: ids[link["target_ref"]]
            for link in links
            if link["relationship_type"] == "revoked-by" and link["source_ref"] in ids
        }
        version = max(item.get("modified", "") for item in objects)
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TechniqueModelError(f"{bundle.name}: not an ATT&CK bundle: {error}") from error
    return Knowledge(tuple(dict.fromkeys(examples)), names, successors, version)


def _id(item: dict[str, Any]) -> str:
    return next(
        str(reference["external_id"])
        for reference in item["external_references"]
        if reference["source_name"].startswith("mitre")
    )


def _in_force(item: dict[str, Any]) -> bool:
    return not (item.get("revoked") or item.get("x_mitre_deprecated"))


def _plain(text: str) -> str:
    """Take citations and links out; names of actors and programs, too: they must not be learnt."""

    def unlinked(link: re.Match[str]) -> str:
        return next((v for k, v in _NAMELESS.items() if k in link.group(2)), link.group(1))

    return " ".join(_TAG.sub("", _LINK.sub(unlinked, _CITATION.sub("", text))).split())


def normalised(text: str) -> str:
    """Bring a text to its words, so that copies are recognised: lower case, single spaces."""
    return re.sub(r"\W+", " ", text).strip().lower()


class Copies:
    """Recognises texts that occur, or nearly occur, in others."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._whole: set[str] = set()
        self._shingles: set[int] = set()
        for text in texts:
            words = normalised(text)
            self._whole.add(words)
            self._shingles.update(_shingles(words))

    def has(self, text: str) -> bool:
        """Whether it is one of them but for punctuation, or shares six words in a row."""
        words = normalised(text)
        return words in self._whole or not self._shingles.isdisjoint(_shingles(words))


def _shingles(normal: str) -> Iterator[int]:
    words = normal.split()
    return (hash(tuple(words[at : at + _SHINGLE])) for at in range(len(words) - _SHINGLE + 1))
