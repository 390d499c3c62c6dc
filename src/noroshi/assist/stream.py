"""What a model said, from the bytes of its answer: one JSON object, or server-sent events.

Sources: OpenAI API reference, "The chat completion chunk object"; WHATWG HTML, section 9.2
(server-sent events).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class Heard(NamedTuple):
    """The words, None where the bytes are no answer; and whether the model was stopped."""

    text: str | None
    cut: bool


def said_in(data: bytes) -> Heard:
    """Return what an answer says; of a stream also what came before it broke off."""
    if data.lstrip().startswith((b"data:", b":", b"event:")):
        return _of_events(data)
    try:
        choice = json.loads(data)["choices"][0]
        text = choice["message"]["content"]
        return Heard(text if isinstance(text, str) else None, _stopped(choice))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return Heard(None, False)


def _of_events(data: bytes) -> Heard:
    words: list[str] = []
    cut = heard = False
    for line in data.split(b"\n"):
        if not line.startswith(b"data:") or line[5:].strip() == b"[DONE]":
            continue
        try:
            choice = json.loads(line[5:])["choices"][0]
            text = (choice.get("delta") or {}).get("content")
            cut |= _stopped(choice)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            continue
        heard = True
        if isinstance(text, str):
            words.append(text)
    return Heard("".join(words) if heard else None, cut)


def _stopped(choice: dict[str, Any]) -> bool:
    return choice.get("finish_reason") == "length"
