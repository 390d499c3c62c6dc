"""One bounded request, whatever the other side does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from noroshi.assist import AssistError, Endpoint
from noroshi.assist.endpoint import Turn
from tests.assist.model import endpoint, raw, saying

ASK: list[Turn] = [{"role": "user", "content": "?"}]


def test_an_answer_comes_back_and_the_key_goes_along() -> None:
    with endpoint(saying("well")) as (url, asked):
        assert Endpoint(url, "tiny", key="k").complete(ASK) == "well"
    assert asked[0]["path"] == "/v1/chat/completions"
    assert asked[0]["authorization"] == "Bearer k"
    assert (asked[0]["model"], asked[0]["temperature"]) == ("tiny", 0)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"no json", 200, "not an answer"),
        (b"{}", 200, "not an answer"),
        (b'{"choices": []}', 200, "not an answer"),
        (b'{"choices": [{"message": {"content": null}}]}', 200, "no text"),
        (b"[" * 100_000, 200, "not an answer"),
        (b"go away", 429, "429"),
        (b"broken", 500, "500"),
        (b"", 302, "302"),
        (b"x" * 2_000_000, 200, "more than"),
    ],
)
def test_what_is_no_answer_is_an_error(body: bytes, status: int, said: str) -> None:
    with (
        endpoint(raw(body, status)) as (url, _),
        pytest.raises(AssistError, match=said),
    ):
        Endpoint(url, "tiny").complete(ASK)


def test_an_answer_that_drips_for_ever_is_ended() -> None:
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not done.wait(0.02):
            handler.wfile.write(b" ")

    with (
        endpoint(drip) as (url, _),
        pytest.raises(AssistError),
    ):
        try:
            Endpoint(url, "tiny", seconds=0.5).complete(ASK)
        finally:
            done.set()


def test_silence_is_ended() -> None:
    done = threading.Event()

    def silent(_: BaseHTTPRequestHandler, __: dict[str, Any]) -> None:
        done.wait(5)

    with (
        endpoint(silent) as (url, _),
        pytest.raises(AssistError, match=r"seconds|timed out"),
    ):
        try:
            Endpoint(url, "tiny", seconds=0.3).complete(ASK)
        finally:
            done.set()


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/v1", "nonsense", "http://127.0.0.1:99999/v1"])
def test_what_is_no_address_is_an_error(url: str) -> None:
    with pytest.raises(AssistError):
        Endpoint(url, "tiny", seconds=1).complete(ASK)


def test_nobody_there_is_an_error_and_a_key_needs_tls() -> None:
    with endpoint(saying("x")) as (url, _):
        pass
    with pytest.raises(AssistError, match="127"):
        Endpoint(url, "tiny", seconds=2).complete(ASK)
    with pytest.raises(AssistError, match="TLS"):
        Endpoint("http://model.example/v1", "tiny", key="k").complete(ASK)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://localhost/v1", True),
        ("http://127.0.0.1.evil.example/v1", False),
        ("https://192.0.2.1/v1", False),
        ("http://localhost@192.0.2.1/v1", False),
    ],
)
def test_what_is_this_machine(url: str, here: bool) -> None:
    assert Endpoint(url, "tiny").is_here is here


def events(*said: str, end: str = "") -> Iterator[bytes]:
    for text in said:
        chunk = {"choices": [{"delta": {"content": text}, "finish_reason": None}]}
        yield f"data: {json.dumps(chunk)}\n\n".encode()
    if end:
        last = {"choices": [{"delta": {}, "finish_reason": end}]}
        yield f"data: {json.dumps(last)}\n\ndata: [DONE]\n\n".encode()


def test_a_stream_is_put_together() -> None:
    with endpoint(raw(b"".join(events("we", "ll", end="stop")))) as (url, asked):
        assert Endpoint(url, "tiny").complete(ASK) == "well"
    assert asked[0]["stream"] is True


def test_what_a_slow_model_said_until_then_is_kept() -> None:
    done = threading.Event()

    def slow(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"".join(events("half ", "an answer")))
        done.wait(30)

    try:
        with endpoint(slow) as (url, _):
            said = Endpoint(url, "tiny", seconds=0.3).ask(ASK)
            done.set()
    finally:
        done.set()
    assert said.text == "half an answer"
    assert "cut off after 0.3 seconds" in said.cut


def test_an_endpoint_that_knows_no_schema_is_asked_without() -> None:
    def picky(handler: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        script = raw(b"what?", 400) if "response_format" in asked else saying("well")
        script(handler, asked)

    with endpoint(picky) as (url, asked):
        assert Endpoint(url, "tiny").ask(ASK, {"type": "object"}).text == "well"
    assert ["response_format" in one for one in asked] == [True, False]
