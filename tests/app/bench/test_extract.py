"""The extraction bench measures without any data set, and its labels are sound."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

from noroshi.app.bench import extract
from noroshi.app.quality.labelled import hard_lines, scores
from noroshi.app.quality.relations import relations
from noroshi.app.quality.who_uses import who_uses
from noroshi.intel.text import Knowledge


def test_hard_lines_are_all_found_and_no_file_is_a_domain() -> None:
    figures = hard_lines(Knowledge())
    assert figures["files_as_domains"] == 0
    for group in ("en", "ja", "domain", "url", "file-path"):
        assert figures[group]["precision"] == figures[group]["recall"] == 1.0
        assert figures[group]["found"] > 0


def test_scores_count_what_is_wrong_and_missed() -> None:
    assert scores(3, 1, 2) == {
        "found": 3,
        "wrong": 1,
        "missed": 2,
        "precision": 0.75,
        "recall": 0.6,
    }


def test_the_halves_of_the_labels_share_no_report() -> None:
    lines = files("noroshi.app.quality").joinpath("domains.tsv").read_text("utf-8").splitlines()
    halves: dict[str, set[str]] = {"dev": set(), "test": set()}
    for line in lines[1:]:
        half, digest, start, end, says = line.split("\t")
        halves[half].add(digest)
        assert int(start) < int(end)
        assert says in ("yes", "no")
    assert halves["dev"]
    assert halves["test"]
    assert not halves["dev"] & halves["test"]


def test_speed_is_measured_on_texts_of_our_own() -> None:
    texts = extract._texts(None)
    assert extract._speed(texts, Knowledge()) > 0


def test_relations_hold_what_was_measured() -> None:
    figures = relations()
    assert figures["en"]["found"] + figures["en"]["missed"] >= 25
    assert figures["ja"]["found"] + figures["ja"]["missed"] >= 20
    assert figures["all"]["precision"] >= 0.95
    assert figures["all"]["recall"] >= 0.85


def test_relations_hold_on_the_half_that_they_were_mended_on() -> None:
    figures = relations("relations_development")
    assert figures["all"]["wrong"] == figures["all"]["missed"] == 0
    assert figures["ja communicates-with"]["found"] >= 3


def test_who_uses_what_is_read_from_a_bundle_by_its_links(tmp_path: Path) -> None:
    name, program, technique = ("G9001", "groups"), ("S9001", "software"), ("T9001", "techniques")
    link = "[{0}](https://attack.mitre.org/{1}/{2})"
    kuma, rake = link.format("Kuma", name[1], name[0]), link.format("Rake", program[1], program[0])
    objects: list[dict[str, object]] = [
        {
            "type": kind,
            "id": f"{kind}--1",
            "external_references": [{"source_name": "mitre-attack", "external_id": identity}],
        }
        for kind, identity in (
            ("intrusion-set", name[0]),
            ("malware", program[0]),
            ("attack-pattern", technique[0]),
        )
    ]
    for target, words in (
        ("malware--1", ""),
        ("attack-pattern--1", f"{kuma} used {rake}.(Citation: A)"),
        ("attack-pattern--1", f"{rake} came before {kuma}."),
    ):
        objects.append(
            {
                "type": "relationship",
                "id": f"relationship--{len(objects)}",
                "relationship_type": "uses",
                "source_ref": "intrusion-set--1",
                "target_ref": target,
                "description": words,
            }
        )
    path = tmp_path / "bundle.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"objects": objects}).encode()))
    counts = Counter[str]()
    for half in who_uses(path).values():
        counts.update({key: half[key] for key in ("found", "wrong", "missed")})
    assert counts == {"found": 1, "wrong": 0, "missed": 1}
