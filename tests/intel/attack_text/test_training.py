"""Learning from a small invented corpus in the publishers' layouts, and measuring it honestly."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from noroshi.app.cli import main
from noroshi.intel.attack_text import TechniqueModel, TechniqueModelError
from noroshi.intel.attack_text.corpus import read_knowledge, read_phrases, read_reports
from noroshi.intel.attack_text.evaluate import calibration_error, evaluate
from noroshi.intel.attack_text.material import prepare, read_sources
from noroshi.intel.attack_text.train import train

KEYS = "T1056.001", "Keylogging"
TASK = "T1053.005", "Scheduled Task"
SAYS = {
    KEYS: ["it records every keystroke of the user", "a keylogger stores keystrokes in a file",
           "keystrokes are captured by the implant", "the module logs what is typed"],
    TASK: ["a scheduled task starts it at logon", "it registers a task with schtasks",
           "persistence comes from the task scheduler", "the task runs every hour"],
}  # fmt: skip
PLAIN = ["the company has many customers", "we thank our partners", "the weather was fine that day"]


def phrases() -> list[dict[str, str]]:
    return [
        {"text": f"{text} in case {document}", "label": key, "doc_title": f"report {document}"}
        for document in range(10)
        for (key, _), texts in SAYS.items()
        for text in texts
    ]


def report(document: int) -> dict[str, Any]:
    text, marks = "", {KEYS: [], TASK: []}  # type: ignore[var-annotated]
    for technique, texts in SAYS.items():
        for said in texts:
            sentence = f"{said.capitalize()} in case {document}. "
            marks[technique].append([len(text), len(text) + len(sentence) - 1])
            text += sentence
    text += " ".join(f"{plain.capitalize()} in case {document}." for plain in PLAIN)
    kinds = [{"type": f"{name} ({key})", "annots": spans} for (key, name), spans in marks.items()]
    return {"signal": text, "asets": [{"type": "zone", "annots": [[0, 5]]}, *kinds]}


def pattern(number: int, key: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "attack-pattern", "id": f"attack-pattern--{number}", "name": name,
        "external_references": [{"source_name": "mitre-attack", "external_id": key}],
        "modified": "2026-01-01", **more,
    }  # fmt: skip


def bundle() -> dict[str, Any]:
    patterns = [
        pattern(1, *KEYS), pattern(2, *TASK), pattern(3, "T1053.999", "Old Task", revoked=True)
    ]  # fmt: skip
    said = [
        "[Rake](https://attack.mitre.org/software/S1) logs keystrokes.(Citation: X)",
        "[Kuma](https://attack.mitre.org/groups/G1) made a <code>schtasks</code> task.",
    ]
    uses = [
        {
            "type": "relationship", "relationship_type": "uses", "source_ref": "malware--1",
            "target_ref": f"attack-pattern--{number}", "description": text,
        }
        for number, text in enumerate(said, 1)
    ]  # fmt: skip
    gone = {"type": "relationship", "relationship_type": "revoked-by",
            "source_ref": "attack-pattern--3", "target_ref": "attack-pattern--2"}  # fmt: skip
    return {"type": "bundle", "objects": [*patterns, *uses, gone]}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    tram = folder / "intel" / "tram" / "data"
    (tram / "tram2-data").mkdir(parents=True)
    (tram / "tram2-data" / "single_label.json").write_text(json.dumps(phrases()))
    reports = tram / "training" / "tram2_data" / "mjson_files"
    reports.mkdir(parents=True)
    for document in range(10):
        (reports / f"report {document}.mjson").write_text(json.dumps(report(document)))
    (folder / "attack").mkdir()
    packed = gzip.compress(json.dumps(bundle()).encode())
    (folder / "attack" / "enterprise-attack.json.gz").write_bytes(packed)
    return folder


def test_knowledge_loses_names_of_actors_and_follows_what_was_revoked(data: Path) -> None:
    known = read_knowledge(data / "attack" / "enterprise-attack.json.gz")
    texts = [example.text for example in known.procedures]
    assert texts[:2] == ["the malware logs keystrokes.", "the group made a schtasks task."]
    assert known.names == dict([KEYS, TASK])
    assert known.successors == {"T1053.999": "T1053.005"}


def test_no_document_stands_on_both_sides(data: Path) -> None:
    course = prepare(read_sources(data))
    fold_of: dict[str, set[int]] = {}
    reported = course.examples[: course.sentences + course.phrases]
    for example, fold in zip(reported, course.material.folds.tolist(), strict=False):
        fold_of.setdefault(example.document, set()).add(fold)
    assert len(fold_of) == 10
    assert all(len(folds) == 1 for folds in fold_of.values())


def test_a_model_is_learnt_the_same_twice_and_tells_the_two_apart(
    data: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one.model", tmp_path / "deep" / "two.model"
    train(read_sources(data), one)
    train(read_sources(data), two)
    assert one.read_bytes() == two.read_bytes()
    model = TechniqueModel.load(one)
    assert model.techniques == dict([KEYS, TASK])
    text = "It records each keystroke of a user. The company has customers."
    assert [mention.id for mention in model.predict(text)] == ["T1056.001"]
    assert model.weights.about["sources"].keys() >= {"single_label.json", "mjson_files"}


def test_the_measure_holds_documents_out_and_beats_chance(data: Path) -> None:
    found = evaluate(read_sources(data))
    assert found["technique"]["own"]["macro"] > 0.9
    assert found["technique"]["phrases"] == len(phrases())
    assert found["report"]["reports"] == 10
    assert 0 <= found["calibration"]["error"] <= 1
    assert found["sentence"]["telling"] == 80


def test_the_command_line_trains_uses_and_measures(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path / "home"))
    assert main(["intel", "train", "--data", str(data), *home, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["techniques"] == 2
    sentences = tmp_path / "own.tsv"
    sentences.write_text(f"{KEYS[0]}\tIt records each keystroke of a user.\n-\tGood morning.\n")
    assert main(["intel", "evaluate", str(sentences), *home, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[str(sentences)]["f1"] == 1
    assert main(["intel", "evaluate", str(sentences), *home, "--lang", "ja"]) == 0
    note = tmp_path / "note.txt"
    note.write_text("It records each keystroke of a user. Emotet drops Cobalt Strike.")
    assert main(["intel", "extract", str(note), *home, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["techniques"][0]["id"] == KEYS[0]
    assert [item["type"] for item in answer["relations"]] == ["drops"]
    assert main(["intel", "evaluate", *home]) == 2
    assert "--data" in capsys.readouterr().err


def test_missing_and_broken_sources_are_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(TechniqueModelError, match="single_label"):
        read_sources(tmp_path)
    bad = tmp_path / "bad"
    bad.mkdir()
    with pytest.raises(TechniqueModelError, match="no annotated reports"):
        read_reports(bad)
    (bad / "x.mjson").write_text('{"a": 1}')
    for read in (read_phrases, read_knowledge):
        with pytest.raises(TechniqueModelError, match="x"):
            read(bad / "x.mjson")
    with pytest.raises(TechniqueModelError, match=r"x\.mjson"):
        read_reports(bad)


def test_calibration_error_of_the_sure_and_right_is_nothing() -> None:
    import numpy as np

    truth = np.array([[True, False], [False, True]])
    assert calibration_error(truth.astype(np.float32), truth) == 0
    assert calibration_error(1 - truth.astype(np.float32), truth) == 1
