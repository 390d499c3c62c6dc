"""Grounding: what a model says counts only as far as quoted words of the text carry it."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from noroshi.lang import N_, Message

LONGEST_QUOTE = 400
"""Characters; who quotes half the report has not quoted."""
_MOST_CANDIDATES = 20
_MOST_ITEMS = 1_000
_FACT = re.compile(
    r"[A-Za-z]*\d[\w.:/@\-]*|[A-Za-z][\w.-]*\.[a-z]{2,}|[A-Z][A-Za-z0-9_-]{2,}", re.ASCII
)
_ADDRESSES_MODELS = re.compile(
    r"ignore (?:all |any )?(?:the )?(?:previous|prior|above|earlier) (?:instructions?|prompts?)"
    r"|disregard (?:all |any )?(?:the )?(?:previous|prior|above|system)"
    r"|you are (?:now )?(?:an? )?(?:AI|assistant|language model|chatbot|DAN)\b"
    r"|(?:system|developer) ?prompt|<\|?(?:im_start|system|assistant|endoftext)\|?>|\[/?INST\]"
    r"|(?:これまで|以前|上記)の(?:指示|命令|プロンプト)(?:を|は)(?:すべて|全て)?(?:無視|忘れ)"
    r"|あなたは(?:AI|アシスタント|言語モデル)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that a model said and that the text does not carry."""

    said: str
    reason: Message


def addresses_models(text: str) -> list[tuple[int, int]]:
    """Return the spans of a text that speak to a language model instead of a reader."""
    return [found.span() for found in _ADDRESSES_MODELS.finditer(text)]


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Return where a text holds a quote, letter for letter but for runs of white space."""
    words = quote.split()
    if not words or len(quote) > LONGEST_QUOTE:
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return found.span() if found else None


def unsupported(sentence: str, quotes: str) -> list[str]:
    """Return the facts of a sentence (numbers, names, addresses, ids) that no quote holds.

    A fact is whatever looks like one: a token with a digit, a dotted name, a capitalised word that
    does not begin the sentence.
    """
    carried = _plain(quotes)
    start = len(sentence) - len(sentence.lstrip("「『（(\"' "))
    found = []
    for token in _FACT.finditer(unicodedata.normalize("NFKC", sentence)):
        word = token.group().strip(".:/-")
        begins = token.start() <= start and word.isalpha() and word[1:].islower()
        if not begins and _plain(word) not in carried:
            found.append(word)
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def json_in(answer: str) -> Any:
    """Return the JSON object in a model's answer, whatever it wrote around it; None if none."""
    decoder = json.JSONDecoder()
    for number, found in enumerate(re.finditer(r"\{", answer)):
        if number >= _MOST_CANDIDATES:
            return None
        try:
            value, _ = decoder.raw_decode(answer, found.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return None


def items_in(answer: str, key: str) -> list[Any] | None:
    """Return the list under a key in a model's answer; of one cut off, the whole items before.

    Returns:
        None where the answer holds no such list.
    """
    value = json_in(answer)
    if isinstance(value, dict) and isinstance(value.get(key), list):
        return list(value[key])
    begin = re.search(rf'"{re.escape(key)}"\s*:\s*\[', answer)
    if begin is None:
        return None
    items, place, decoder = list[Any](), begin.end(), json.JSONDecoder()
    while len(items) < _MOST_ITEMS:
        found = re.compile(r"[\s,]*").match(answer, place)
        assert found is not None
        try:
            item, place = decoder.raw_decode(answer, found.end())
        except (ValueError, RecursionError):
            break
        items.append(item)
    return items


NO_QUOTE = N_("its quote is not in the report")
NOT_IN_QUOTE = N_("the quote does not hold it")
NO_FORM = N_("not in the form that was asked for")
