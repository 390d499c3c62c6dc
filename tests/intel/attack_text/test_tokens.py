"""Words with their places; Japanese terms as the English words they mean."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from noroshi.intel.attack_text.tokens import tokens


def words(sentence: str) -> list[str]:
    return [token.word for token in tokens(sentence)]


def test_words_are_lower_case_and_full_width_letters_are_plain() -> None:
    assert words("Run ＣＭＤ.exe!") == ["run", "cmd", "exe"]


def test_a_japanese_term_stands_as_english_words_at_its_place() -> None:
    sentence = "不審なキーロガーを確認"
    found = [token for token in tokens(sentence) if token.glossed]
    assert {"keylogger"} <= {token.word for token in found}
    logger = next(token for token in found if token.word == "keylogger")
    assert sentence[logger.start : logger.end] == "キーロガー"


def test_a_term_inside_an_unknown_loanword_is_none() -> None:
    assert "port" in words("ポートを開く")
    assert "port" not in words("レポートを読む")


@given(st.text())
def test_places_are_inside_the_sentence(sentence: str) -> None:
    for token in tokens(sentence):
        assert 0 <= token.start < token.end <= len(sentence)
