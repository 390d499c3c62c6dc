"""Refusals: what a client is told when it does not get what it asked for (section 3.6.1)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(eq=False)
class Refusal(Exception):
    """An answer other than what was asked for.

    Attributes:
        status: HTTP status.
        description: what is wrong and what to do.
        headers: further headers.
        id: of this occurrence; stands in the access log too.
    """

    status: int
    description: str
    headers: Mapping[str, str] = field(default_factory=dict)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def body(self) -> dict[str, str]:
        """Return TAXII's error message."""
        phrase = HTTPStatus(self.status).phrase
        return {
            "title": phrase,
            "description": self.description,
            "error_id": self.id,
            "error_code": phrase.lower().replace(" ", "-"),
            "http_status": str(self.status),
        }


CHALLENGE = {"WWW-Authenticate": 'Basic realm="TAXII", charset="UTF-8", Bearer realm="TAXII"'}


def unauthorized() -> Refusal:
    """Return the one answer to every failed authentication: it tells nothing about members."""
    return Refusal(401, "give a member's name and secret (HTTP Basic or Bearer)", CHALLENGE)


def missing(what: str) -> Refusal:
    """Return the answer for what is not there or must not be known to be there."""
    return Refusal(404, f"there is no such {what}, or it is not for you")


def malformed(what: str) -> Refusal:
    """Return the answer to a parameter that cannot be read."""
    return Refusal(400, what)
