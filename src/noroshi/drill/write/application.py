"""What simulated connections say: real openings, then filler of the right length.

Names, requests and greetings are what the event says, so that a capture agrees with every other
log. What follows is sealed (TLS application data) or inert filler; nothing in it can run.

Sources: RFC 1035 (DNS), RFC 9112 (HTTP/1.1), RFC 8446 and RFC 6066 (TLS and its server name).
"""

from __future__ import annotations

import hashlib
import ipaddress
import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from noroshi.drill.event import Event, Flow, ProxyRequest, Resolved, WebRequest

_RECORD_HEAD = 5
_KINDS = {"A": 1, "NS": 2, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
_TTL = 300


@dataclass(frozen=True, slots=True)
class Stream:
    """One direction of a connection.

    Attributes:
        head: how it begins, word for word.
        size: its length in bytes.
        sealed: whether TLS records follow the head; else filler text.
        seed: tells its filler from another's.
    """

    head: bytes
    size: int
    sealed: bool
    seed: str

    def pieces(self, length: int) -> Iterator[bytes]:
        """Yield it in pieces of a length; the last one may be shorter.

        Each piece begins with a record of its own, so a capture of first bytes stays readable.
        """
        rng = random.Random(self.seed)  # noqa: S311 - filler
        for start in range(0, self.size, length):
            head = self.head[start : start + length]
            rest = min(length, self.size - start) - len(head)
            yield head + (_record(rng, rest) if self.sealed else b"." * rest)


Talk: TypeAlias = "tuple[Stream, Stream]"


def talks(events: Iterable[Event]) -> dict[str, Talk]:
    """Return, by connection uid, what both sides say; only for those whose words are known."""
    found: dict[str, Talk] = {}
    for event in events:
        if isinstance(event, ProxyRequest):
            found[event.inner.uid] = _proxied(event)
            if event.outer.dport == 443:
                found[event.outer.uid] = _sealed(event.outer, event.outer.name)
            else:
                found[event.outer.uid] = _plain(
                    event.outer, event.method, _path(event.url), event.outer.name, event.status,
                    event.mime,
                )  # fmt: skip
        elif isinstance(event, WebRequest):
            found[event.flow.uid] = (
                _sealed(event.flow, event.flow.name)
                if event.flow.dport == 443
                else _plain(
                    event.flow, event.method, event.path, event.flow.name or event.flow.target,
                    event.status, "text/html", event.agent,
                )
            )  # fmt: skip
    return found


def query(event: Resolved) -> tuple[bytes, bytes]:
    """Return a DNS question and its answer."""
    question = _name(event.name) + struct.pack("!HH", _KINDS.get(event.kind, 1), 1)
    asked = struct.pack("!HHHHHH", event.number, 0x0100, 1, 0, 0, 0) + question
    if event.kind != "A" or not event.answer:
        return asked, struct.pack("!HHHHHH", event.number, 0x8183, 1, 0, 0, 0) + question
    answer = (
        struct.pack("!HHHIH", 0xC00C, 1, 1, _TTL, 4) + ipaddress.IPv4Address(event.answer).packed
    )
    return asked, struct.pack("!HHHHHH", event.number, 0x8180, 1, 1, 0, 0) + question + answer


def _name(name: str) -> bytes:
    labels = [label.encode("idna") for label in name.rstrip(".").split(".")]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _path(url: str) -> str:
    """Return the path of an absolute URL."""
    return "/" + url.split("://", 1)[-1].partition("/")[2]


def _proxied(event: ProxyRequest) -> Talk:
    flow = event.inner
    if event.method != "CONNECT":
        return _plain(flow, event.method, event.url, event.outer.name, event.status, event.mime)
    hello = f"CONNECT {event.url} HTTP/1.1\r\nHost: {event.url}\r\n\r\n".encode()
    if event.status != 200:
        answer = _status(event.status, "text/html", flow.received)
        return _talk(flow, hello, answer, sealed=False)
    agreed = b"HTTP/1.1 200 Connection established\r\n\r\n"
    name = event.url.rpartition(":")[0]
    return _talk(
        flow, hello + client_hello(name, flow.uid), agreed + server_hello(flow.uid), sealed=True
    )


def _plain(
    flow: Flow, method: str, target: str, host: str, status: int, mime: str, agent: str = ""
) -> Talk:
    said = f"User-Agent: {agent}\r\n" if agent and agent != "-" else ""
    head = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{said}Accept: */*\r\n"
    # What the request is longer than its lines, it says in a cookie.
    rest = flow.sent - len(head.encode()) - len("Cookie: s=\r\n\r\n")
    cookie = f"Cookie: s={hashlib.sha256(flow.uid.encode()).hexdigest() * (rest // 64 + 1)}"
    if rest > 0 and method == "GET":
        head += cookie[: len("Cookie: s=") + rest] + "\r\n"
    elif rest > 0:
        body = flow.sent - len(head.encode()) - len("Content-Length: \r\n\r\n")
        head += f"Content-Length: {max(0, body - len(str(body)))}\r\n"
    return _talk(flow, (head + "\r\n").encode(), _status(status, mime, flow.received), sealed=False)


def _status(status: int, mime: str, size: int) -> bytes:
    """Return the beginning of an HTTP answer that is so many bytes in all."""
    kind = "" if mime == "-" else f"Content-Type: {mime}\r\n"
    head = f"HTTP/1.1 {status} {_REASONS.get(status, 'Status')}\r\n{kind}"
    body = size - len(head) - len("Content-Length: \r\n\r\n")
    body = max(0, body - len(str(body)))
    return f"{head}Content-Length: {body}\r\n\r\n".encode() + (_JPEG if "jpeg" in mime else b"")


_JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000fffefffd")
"""Start of a picture that is one long comment (ITU-T T.81, markers SOI, APP0, COM)."""

_REASONS = {200: "OK", 204: "No Content", 301: "Moved Permanently", 304: "Not Modified",
            400: "Bad Request", 403: "Forbidden", 404: "Not Found", 407: "Proxy Authentication "
            "Required", 500: "Internal Server Error", 503: "Service Unavailable"}  # fmt: skip


def _sealed(flow: Flow, name: str) -> Talk:
    return _talk(flow, client_hello(name, flow.uid), server_hello(flow.uid), sealed=True)


def _talk(flow: Flow, hello: bytes, answer: bytes, *, sealed: bool) -> Talk:
    return (
        Stream(hello, flow.sent, sealed, f"{flow.uid}/out"),
        Stream(answer, flow.received, sealed, f"{flow.uid}/back"),
    )


def client_hello(name: str, seed: str) -> bytes:
    """Return a TLS 1.2-compatible ClientHello that names a server (none if the name is empty)."""
    host = name.encode()
    server = struct.pack("!HBH", len(host) + 3, 0, len(host)) + host
    extensions = (_extension(0, server) if host else b"") + b"".join(
        (
            _extension(10, bytes.fromhex("0004001d0017")),
            _extension(13, bytes.fromhex("000604030804" + "0401")),
            _extension(43, bytes.fromhex("0403040303")),
            _extension(51, struct.pack("!HHH", 36, 0x001D, 32) + _dice(seed, "share")),
        )
    )
    suites = bytes.fromhex("130113021303c02bc02fc02cc030")
    body = (
        b"\x03\x03" + _dice(seed, "client") + b"\x20" + _dice(seed, "session")
        + struct.pack("!H", len(suites)) + suites + b"\x01\x00"
        + struct.pack("!H", len(extensions)) + extensions
    )  # fmt: skip
    return _handshake(1, body)


def server_hello(seed: str) -> bytes:
    """Return a TLS 1.3 ServerHello; what follows it is sealed."""
    extensions = _extension(43, b"\x03\x04") + _extension(
        51, struct.pack("!HH", 0x001D, 32) + _dice(seed, "answer")
    )
    body = (
        b"\x03\x03" + _dice(seed, "server") + b"\x20" + _dice(seed, "session")
        + b"\x13\x01\x00" + struct.pack("!H", len(extensions)) + extensions
    )  # fmt: skip
    return _handshake(2, body)


def _handshake(kind: int, body: bytes) -> bytes:
    message = bytes([kind]) + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + struct.pack("!H", len(message)) + message


def _extension(kind: int, data: bytes) -> bytes:
    return struct.pack("!HH", kind, len(data)) + data


def _dice(seed: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed}/{name}".encode()).digest()


def _record(rng: random.Random, size: int) -> bytes:
    """Return a TLS application data record (type 23) of so many bytes; fewer than five are cut."""
    body = max(0, size - _RECORD_HEAD)
    return (b"\x17\x03\x03" + struct.pack("!H", body) + rng.randbytes(body))[:size]
