"""A message as data: an English template and its parameters.

Findings, reasons and tasks are stored as messages, not as finished sentences, so that the same
stored claim can be read in either language and every parameter is escaped by whoever shows it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self, TypeAlias

Param: TypeAlias = str | int | float


def N_(template: str) -> str:
    """Mark a template for the catalogue without translating it now."""
    return template


@dataclass(frozen=True, slots=True)
class Message:
    """One translatable sentence.

    Attributes:
        template: English text with ``{name}`` placeholders; the catalogue's message id.
        params: values for the placeholders, untrusted as often as not.
    """

    template: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the message as JSON text with stable key order."""
        return json.dumps(
            {"template": self.template, "params": dict(self.params)},
            ensure_ascii=False,
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a message written by :meth:`to_json`.

        Raises:
            ValueError: the text is not such a message.
        """
        try:
            data = json.loads(text)
            return cls(data["template"], data["params"])
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise ValueError(f"not a stored message: {text[:80]!r}") from error
