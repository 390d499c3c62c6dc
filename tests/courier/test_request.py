from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from noroshi.courier import CourierError, Request, send


@contextmanager
def server(script: Any) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            try:
                script(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    there = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=there.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{there.server_port}/a?b=c"
    finally:
        there.shutdown()
        there.server_close()
        thread.join()


def _says(body: bytes, status: int = 200, length: int | None = None) -> Any:
    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.send_header("ETag", '"1"')
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return script


def test_an_answer_comes_with_status_headers_and_body() -> None:
    with server(_says(b"hello", 203)) as url, send(Request(url)) as answer:
        assert (answer.status, answer.headers["etag"], answer.read()) == (203, '"1"', b"hello")


def test_path_query_and_headers_are_sent() -> None:
    seen: list[str] = []

    def script(handler: BaseHTTPRequestHandler) -> None:
        seen.extend([handler.path, handler.headers["X-Here"], handler.headers["Accept-Encoding"]])
        _says(b"")(handler)

    with server(script) as url, send(Request(url, headers={"X-Here": "1"})) as answer:
        assert answer.read() == b""
    assert seen == ["/a?b=c", "1", "identity"]


@pytest.mark.parametrize("part", ["headers", "body with a length", "body without"])
def test_what_drips_for_ever_is_ended(part: str) -> None:
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        if part == "headers":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        else:
            length = "Content-Length: 1000000\r\n" if "with a" in part else ""
            handler.wfile.write(f"HTTP/1.1 200 OK\r\n{length}\r\n".encode())
        while not done.wait(0.01):
            handler.wfile.write(b" ")

    with server(drip) as url:
        try:
            with (
                pytest.raises(CourierError, match=r"no whole answer in 0\.4 seconds"),
                send(Request(url, seconds=0.4)) as answer,
            ):
                answer.read()
        finally:
            done.set()


def test_more_than_allowed_and_less_than_announced_are_errors() -> None:
    with (
        server(_says(b"x" * 100)) as url,
        pytest.raises(CourierError, match="more than 99 bytes"),
        send(Request(url, most=99)) as answer,
    ):
        answer.read()
    with (
        server(_says(b"x" * 100, length=200)) as url,
        pytest.raises(CourierError, match="IncompleteRead"),
        send(Request(url)) as answer,
    ):
        answer.read()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "nonsense", "http://127.0.0.1:99999/", "http://[::1/", "http:///"]
)
def test_what_is_no_address_is_an_error(url: str) -> None:
    with pytest.raises(CourierError), send(Request(url, seconds=1)):
        pass


def test_line_breaks_in_an_address_are_refused() -> None:
    with (
        server(_says(b"")) as url,
        pytest.raises(CourierError),
        send(Request(url + " HTTP/1.1\r\nX-Evil: 1")),
    ):
        pass


def test_a_key_needs_tls_or_this_machine() -> None:
    key = {"Authorization": "Bearer k"}
    with (
        pytest.raises(CourierError, match="TLS"),
        send(Request("http://feed.example/", headers=key)),
    ):
        pass
    with server(_says(b"ok")) as url, send(Request(url, headers=key)) as answer:
        assert answer.read() == b"ok"
