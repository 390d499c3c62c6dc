"""Questions on the incident that the emitted evidence answers, and answers in one way only."""

from __future__ import annotations

from dataclasses import dataclass

from noroshi.lang import Message


@dataclass(frozen=True, slots=True)
class Question:
    """A question.

    Attributes:
        id: ``Q1`` …
        text: the question.
        answers: what counts as right, case-folded.
        tolerance: µs by which a time may be off; 0 for words.
        proof: records that answer it: ``file:line``.
    """

    id: str
    text: Message
    answers: tuple[str, ...]
    tolerance: int = 0
    proof: tuple[str, ...] = ()
