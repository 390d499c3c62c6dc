"""A scripted endpoint on loopback, well-behaved or not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


def saying(content: Any) -> Script:
    """Answer with a text, or with an object written as JSON."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return raw(json.dumps({"choices": [{"message": {"content": text}}]}).encode())


def raw(body: bytes, status: int = 200) -> Script:
    """Answer with these bytes."""

    def script(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return script


@contextmanager
def endpoint(script: Script) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the address of a server that follows a script, and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            asked.append(json.loads(self.rfile.read(length)))
            asked[-1]["authorization"] = self.headers.get("Authorization", "")
            asked[-1]["path"] = self.path
            try:
                script(self, asked[-1])
            except OSError:  # whoever asked has hung up
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
