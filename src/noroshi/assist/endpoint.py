"""One bounded request to an OpenAI-compatible endpoint.

Source: OpenAI API reference, "Create chat completion" (``POST /v1/chat/completions``), as served by
llama.cpp, vLLM, Ollama and vendors. Nothing is retried and no redirect is followed: an answer comes
from the address that was named, within the time and size that were allowed, or not at all.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict

from noroshi.assist.errors import AssistError
from noroshi.courier import CourierError, Request, send


class Turn(TypedDict):
    """One message of a conversation."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model answers.

    Attributes:
        url: base, up to and with ``/v1``.
        model: the model's name there.
        key: bearer token; empty for none.
        seconds: for the whole answer.
        answer_bytes: of the answer.
        tokens: that the model may write.
    """

    url: str
    model: str
    key: str = ""
    seconds: float = 120.0
    answer_bytes: int = 1 << 20
    tokens: int = 1500

    @property
    def is_here(self) -> bool:
        """Whether the endpoint is this machine: nothing sent to it leaves."""
        return self._request.is_here

    def complete(self, turns: Sequence[Turn]) -> str:
        """Return what the model says.

        Raises:
            AssistError: the endpoint cannot be reached, refuses, is too slow or too long, or does
                not answer in the form of the API.
        """
        body = {
            "model": self.model, "messages": list(turns), "temperature": 0,
            "max_tokens": self.tokens, "stream": False,
        }  # fmt: skip
        data = self._post(json.dumps(body).encode())
        try:
            content = json.loads(data)["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
            raise AssistError(f"{self.url}: not an answer of this API: {data[:80]!r}") from error
        if not isinstance(content, str):
            raise AssistError(f"{self.url}: the model gave no text")
        return content

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            with send(replace(self._request, headers=headers, body=body)) as answer:
                if answer.status != http.client.OK:
                    raise AssistError(f"{self.url}: it answers {answer.status} {answer.reason}")
                return answer.read()
        except CourierError as error:
            raise AssistError(str(error)) from error

    @property
    def _request(self) -> Request:
        return Request(
            f"{self.url.rstrip('/')}/chat/completions", "POST", seconds=self.seconds,
            most=self.answer_bytes,
        )  # fmt: skip
