"""A web server on loopback that says what a test wants, and feeds that are pulled from it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from noroshi.app.feeds import puller
from noroshi.app.workspace import Workspace
from noroshi.collect.feeds import Feed, FeedStore, Pulled

Script: TypeAlias = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Web:
    """What a server says at each path, and what it was asked."""

    port: int
    scheme: str = "http"
    said: dict[str, bytes | Script] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def __call__(self, path: str = "/") -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"


def says(body: bytes, status: int = 200, **headers: str) -> Script:
    """Return what answers with a body, and with 304 to whom has its ETag."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        tag = headers.get("ETag")
        fresh = tag is None or handler.headers.get("If-None-Match") != tag
        handler.send_response(status if fresh else 304)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body) if fresh else 0))
        handler.end_headers()
        if fresh:
            handler.wfile.write(body)

    return script


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            there.asked.append(self.path)
            there.headers.append({name.lower(): value for name, value in self.headers.items()})
            script = there.said.get(self.path.partition("?")[0], says(b"no such page", 404))
            try:
                (says(script) if isinstance(script, bytes) else script)(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Clients of these tests hang up as they like."""

    server = Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    there = Web(server.server_port, "https" if context else "http")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield there
    finally:
        there.done.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as there:
        yield there


@dataclass
class Desk:
    """A workspace with feeds, and a clock that stands still until it is moved."""

    workspace: Workspace
    now: int = 1_780_000_000_000_000

    def __post_init__(self) -> None:
        self.store = FeedStore(self.workspace.knowledge, lambda: self.now)

    def add(self, name: str, kind: str, location: str | Path, **settings: Any) -> Feed:
        feed = Feed(name, kind, str(location), **settings)
        self.store.add(feed)
        return feed

    def pull(self, name: str, key: str = "") -> Pulled:
        self.now += 1_000_000
        return puller(self.workspace, self.store).pull(name, key)

    def objects(self, kind: str = "") -> list[dict[str, Any]]:
        from noroshi.intel.objects import Clearance, Match

        match = Match(types=(kind,)) if kind else Match()
        return list(self.workspace.objects.all(Clearance.everything(), match=match))

    def armed(self) -> dict[str, str]:
        """Return what events are matched against: kind by value."""
        return {one.value: one.type.value for one in self.workspace.indicators.search(limit=10**6)}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    this = Desk(Workspace(tmp_path / "home"))
    yield this
    this.workspace.knowledge.close()
