"""One bounded request to an OpenAI-compatible endpoint.

Source: OpenAI API reference, "Create chat completion" (``POST /v1/chat/completions``), as served by
llama.cpp, vLLM, Ollama and vendors. No redirect is followed: an answer comes from the address that
was named, within the time and size that were allowed. It is asked for as a stream, so that a slow
model's words until then are not lost.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict

from noroshi.assist.errors import AssistError
from noroshi.assist.stream import said_in
from noroshi.courier import CourierError, Request, send


class Turn(TypedDict):
    """One message of a conversation."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said.

    Attributes:
        text: its words.
        cut: why they are not whole; empty where they are.
    """

    text: str
    cut: str


class _UnknownForm(AssistError):
    """The endpoint does not know how to follow a schema."""


_BAD_FORM = (http.client.BAD_REQUEST, http.client.UNPROCESSABLE_ENTITY)


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
    tokens: int = 800

    @property
    def is_here(self) -> bool:
        """Whether the endpoint is this machine: nothing sent to it leaves."""
        return self._request.is_here

    def ask(self, turns: Sequence[Turn], schema: Mapping[str, Any] | None = None) -> Said:
        """Return what the model says, or as much of it as came in the time allowed.

        Args:
            turns: the conversation.
            schema: JSON Schema that the answer is to follow. An endpoint that does not know of
                such (it answers 400 or 422) is asked once more without.

        Raises:
            AssistError: the endpoint cannot be reached, refuses, says nothing in time, says too
                much, or does not answer in the form of the API.
        """
        body: dict[str, Any] = {
            "model": self.model, "messages": list(turns), "temperature": 0,
            "max_tokens": self.tokens, "stream": True,
        }  # fmt: skip
        if schema is not None:
            form = {"name": "answer", "strict": True, "schema": schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
            try:
                return self._said(body)
            except _UnknownForm:
                del body["response_format"]
        return self._said(body)

    def complete(self, turns: Sequence[Turn], schema: Mapping[str, Any] | None = None) -> str:
        """Return the whole of what the model says.

        Raises:
            AssistError: as :meth:`ask`; also where the answer is not whole.
        """
        said = self.ask(turns, schema)
        if said.cut:
            raise AssistError(f"{self.url}: {said.cut}")
        return said.text

    def _said(self, body: Mapping[str, Any]) -> Said:
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data, late = bytearray(), ""
        try:
            asked = replace(self._request, headers=headers, body=json.dumps(body).encode())
            with send(asked) as answer:
                if answer.status in _BAD_FORM and "response_format" in body:
                    raise _UnknownForm(f"{self.url}: it answers {answer.status}")
                if answer.status != http.client.OK:
                    raise AssistError(f"{self.url}: it answers {answer.status} {answer.reason}")
                for piece in answer.chunks:
                    data += piece
        except CourierError as error:
            if len(data) > self.answer_bytes or not said_in(bytes(data)).text:
                raise AssistError(str(error)) from error
            late = f"the answer was cut off after {self.seconds:g} seconds"
        found = said_in(bytes(data))
        if late:
            return Said(found.text or "", late)
        if found.text is None:
            raise AssistError(
                f"{self.url}: not an answer of this API, or no text in it: {bytes(data[:80])!r}"
            )
        if found.cut:
            return Said(found.text, f"the answer was longer than {self.tokens} tokens")
        return Said(found.text, "")

    @property
    def _request(self) -> Request:
        return Request(
            f"{self.url.rstrip('/')}/chat/completions", "POST", seconds=self.seconds,
            most=self.answer_bytes,
        )  # fmt: skip
