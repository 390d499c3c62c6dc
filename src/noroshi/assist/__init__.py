"""Language models behind one guarded door: they propose, the text decides."""

from __future__ import annotations

from noroshi.assist.brief import Brief, Sentence, write_brief
from noroshi.assist.endpoint import Endpoint
from noroshi.assist.errors import AssistError
from noroshi.assist.ground import Dropped, addresses_models
from noroshi.assist.propose import Claim, Proposal, propose

__all__ = [
    "AssistError", "Brief", "Claim", "Dropped", "Endpoint", "Proposal", "Sentence",
    "addresses_models", "propose", "write_brief",
]  # fmt: skip
