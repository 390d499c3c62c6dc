"""The extraction bench measures without any data set, and its labels are sound."""

from __future__ import annotations

from importlib.resources import files

from noroshi.app.bench import extract
from noroshi.app.quality.labelled import hard_lines, scores
from noroshi.app.quality.relations import relations
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
    assert figures["all"]["precision"] >= 0.9
    assert figures["all"]["recall"] >= 0.7
