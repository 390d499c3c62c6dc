"""Downloads against a server on this machine."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from noroshi.intel.packs import FetchError, fetch

BODY = b"a small release" * 1000


class Upstream(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved.zip":
            self.send_response(302)
            self.send_header("Location", "http://upstream.example/release.zip")
            self.end_headers()
            return
        self.send_response(200 if self.path != "/gone.zip" else 404)
        size = len(BODY) + (10 if self.path == "/short.zip" else 0)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        if self.path == "/silent.zip":
            self.server.silence.wait(5)  # type: ignore[attr-defined]
            return
        self.wfile.write(BODY)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    server.silence = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.silence.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def test_fetch(upstream: str, tmp_path: Path) -> None:
    digest = hashlib.sha256(BODY).hexdigest()
    path = fetch(f"{upstream}/release.zip", tmp_path, digest.upper())
    assert path == tmp_path / "release.zip"
    assert path.read_bytes() == BODY


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("gone.zip", "404"),
        ("short.zip", "bytes came|IncompleteRead"),
        ("moved.zip", "https"),
        ("", "names no file"),
    ],
)
def test_refusals_leave_nothing(upstream: str, tmp_path: Path, page: str, message: str) -> None:
    with pytest.raises(FetchError, match=message):
        fetch(f"{upstream}/{page}", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_too_large_and_other_content(upstream: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="larger than 100 bytes"):
        fetch(f"{upstream}/release.zip", tmp_path, max_bytes=100)
    with pytest.raises(FetchError, match="SHA-256"):
        fetch(f"{upstream}/release.zip", tmp_path, "00" * 32)
    assert list(tmp_path.iterdir()) == []


def test_silence_times_out(upstream: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="timed out"):
        fetch(f"{upstream}/silent.zip", tmp_path, timeout=0.2)


@pytest.mark.parametrize("url", ["http://192.0.2.1/x.zip", "file:///etc/passwd", "ftp://x/y.zip"])
def test_only_https(url: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="https"):
        fetch(url, tmp_path)
