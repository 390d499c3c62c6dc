"""The shipped model: what it claims, with which words, and what it leaves alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.intel.attack_text import TechniqueModel, TechniqueModelError
from noroshi.intel.attack_text.model import SHIPPED


@pytest.fixture(scope="module")
def model() -> TechniqueModel:
    return TechniqueModel.load()


@pytest.mark.parametrize(
    ("sentence", "technique"),
    [
        ("The group sent spearphishing emails with a malicious attachment.", "T1566.001"),
        ("The loader injects its code into a running process.", "T1055"),
        ("It dumps the memory of LSASS to obtain credentials.", "T1003.001"),
        ("The backdoor creates a scheduled task to run at logon.", "T1053.005"),
        ("攻撃者はLSASSプロセスのメモリをダンプし、認証情報を窃取した。", "T1003.001"),
        ("マルウェアはcmd.exeを起動し、バッチファイルを実行する。", "T1059.003"),
    ],
)
def test_a_technique_is_told_with_its_span_and_its_words(
    model: TechniqueModel, sentence: str, technique: str
) -> None:
    text = f"Read on.\n\n{sentence}\n\nThe end."
    found = next(mention for mention in model.predict(text) if mention.id == technique)
    assert text[found.span.start : found.span.end] == found.quote
    assert found.quote in sentence
    assert text[found.sentence_span.start : found.sentence_span.end] == sentence
    assert model.threshold <= found.confidence <= 1
    assert found.name == model.techniques[technique]
    assert all(word in sentence for word in found.because)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n",
        "The report was published on Tuesday.",
        "For press inquiries please write to our office.",
        "本件に関するお問い合わせは、広報担当までお願いいたします。",
        "次のバージョンが影響を受けます。",
    ],
)
def test_prose_that_tells_of_nothing_gets_no_technique(model: TechniqueModel, text: str) -> None:
    assert model.predict(text) == []


@pytest.mark.parametrize("line", ["Activity", "Keylogging", "Scheduled task", "Credential dumping"])
def test_a_heading_of_one_or_two_words_says_that_nobody_did_it(
    model: TechniqueModel, line: str
) -> None:
    assert model.predict(f"{line}\n\n{line}\n", threshold=0.05) == []


def test_a_quote_is_a_clause_or_a_sentence_and_never_a_word(model: TechniqueModel) -> None:
    clause = "the second implant on the machine then logs keystrokes of the user"
    text = (
        f"Mail came first to many people in the town hall, {clause}, "
        + "and so on " * 8
        + "it was."
    )
    quotes = {mention.id: mention.quote for mention in model.predict(text)}
    assert quotes["T1056.001"] == clause
    (short,) = model.predict("The malware logs keystrokes.")
    assert short.quote == "The malware logs keystrokes."


def test_an_id_written_out_is_certain_and_told_once(model: TechniqueModel) -> None:
    found = [m for m in model.predict("See T1059.001, T1059.001 and T99999.") if m.confidence == 1]
    assert [(mention.id, mention.quote) for mention in found] == [("T1059.001", "T1059.001")]


def test_sentences_one_by_one_and_together_give_the_same(model: TechniqueModel) -> None:
    lines = ["The malware logs keystrokes.", "It deletes shadow copies.", "Nothing else is known."]
    together = {mention.id for mention in model.predict("\n\n".join(lines))}
    assert together == {mention.id for line in lines for mention in model.predict(line)}


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_is_read_and_every_quote_is_in_it(text: str) -> None:
    model = TechniqueModel.load()
    for found in model.predict(text, threshold=0.05):
        assert text[found.span.start : found.span.end] == found.quote
        assert found.sentence_span.start <= found.span.start
        assert found.span.end <= found.sentence_span.end


def test_one_endless_sentence_is_cut_and_read(model: TechniqueModel) -> None:
    text = "keystrokes " * 20_000
    spans = [mention.sentence_span for mention in model.predict(text)]
    assert spans
    assert all(span.end - span.start <= 2_000 for span in spans)


def shipped() -> bytes:
    from importlib.resources import files

    return files("noroshi.intel.attack_text").joinpath(SHIPPED).read_bytes()


def test_a_damaged_model_is_refused_or_still_whole(tmp_path: Path) -> None:
    data, chance = shipped(), random.Random(3)
    path = tmp_path / "x.model"
    for _ in range(25):
        bad = bytearray(data)
        for _ in range(20):
            bad[chance.randrange(len(bad))] ^= 0xFF
        path.write_bytes(bad)
        try:
            TechniqueModel.load(path).predict("The malware logs keystrokes.")
        except TechniqueModelError as error:
            assert "x.model" in str(error)


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + b"\0" * 18, b"not a model"])
def test_what_is_no_model_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.model"
    path.write_bytes(data)
    with pytest.raises(TechniqueModelError, match=r"x\.model"):
        TechniqueModel.load(path)
