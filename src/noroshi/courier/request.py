"""One bounded HTTP request.

Nothing is retried, no redirect is followed, no proxy is asked and no compression is offered: an
answer comes from the address that was named, within the time and size that were allowed, or not at
all. Source: RFC 9110 and RFC 9112.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from noroshi.courier.errors import CourierError

CHUNK = 1 << 16

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of whom.

    Attributes:
        url: http or https address, with path and query.
        method: HTTP method.
        headers: sent as they are; ``Authorization`` goes over TLS or to this machine only.
        body: bytes to send.
        seconds: for the whole exchange, from connecting to the last byte.
        most: bytes of the answer's body.
        authorities: file of certificate authorities to trust instead of the system's.
        allows: tells which addresses may be talked to. It is asked before a connection is made, so
            that no name leads to a machine that was not meant; None allows all.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    seconds: float = 60.0
    most: int = 64 << 20
    authorities: str = ""
    allows: Callable[[Address], bool] | None = None

    @property
    def is_here(self) -> bool:
        """Whether the other side is this machine: nothing that is sent leaves it."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        status: HTTP status.
        reason: the words beside it, of the other side's choosing.
        headers: names in lower case; of a repeated header the first.
        chunks: the body, piece by piece; reading on may raise :class:`CourierError`.
    """

    status: int
    reason: str
    headers: Mapping[str, str]
    chunks: Iterator[bytes]

    def read(self) -> bytes:
        """Return the whole body."""
        return b"".join(self.chunks)


@contextmanager
def send(request: Request) -> Iterator[Answer]:
    """Send a request and yield the answer while the connection stands.

    Raises:
        CourierError: not an address, not to be reached, too slow, too long, or not HTTP.
    """
    connection = _connection(request)
    over = threading.Event()

    @contextmanager
    def explained() -> Iterator[None]:
        try:
            yield
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = over.is_set() or isinstance(error, TimeoutError)
            why = f"no whole answer in {request.seconds:g} seconds" if late else str(error)
            raise CourierError(f"{request.url}: {why or type(error).__name__}") from error

    def hang_up() -> None:
        over.set()
        if connection.wire is not None:
            with suppress(OSError):
                connection.wire.shutdown(socket.SHUT_RDWR)

    watchdog = threading.Timer(request.seconds, hang_up)
    watchdog.daemon = True

    def chunks(response: http.client.HTTPResponse) -> Iterator[bytes]:
        left = request.most
        with explained():
            while piece := response.read1(CHUNK):
                left -= len(piece)
                if left < 0:
                    raise CourierError(f"{request.url}: more than {request.most:,} bytes of answer")
                yield piece
            if over.is_set():
                raise TimeoutError
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)

    response: http.client.HTTPResponse | None = None
    try:
        with explained():
            watchdog.start()
            connection.connect()
            if over.is_set():
                raise TimeoutError
            parts = urlsplit(request.url)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"User-Agent": "noroshi", "Accept-Encoding": "identity", **request.headers}
            connection.request(request.method, path, request.body, headers)
            response = connection.getresponse()
        named: dict[str, str] = {}
        for name, value in response.getheaders():
            named.setdefault(name.lower(), value)
        yield Answer(response.status, response.reason[:80], named, chunks(response))
    finally:
        watchdog.cancel()
        if response is not None:
            # Of an answer that ends with the connection, it is the response that holds the socket.
            response.close()
        connection.close()


def _connection(request: Request) -> _Plain | _Sealed:
    parts = _parts(request)
    host = parts.hostname or ""
    secret = any(name.lower() in ("authorization", "cookie") for name in request.headers)
    if parts.scheme == "http" and secret and not request.is_here:
        raise CourierError(f"{request.url}: a key is not sent without TLS; use https")
    if parts.scheme == "http":
        return _Plain(request, host, parts.port or 80)
    try:
        context = ssl.create_default_context(cafile=request.authorities or None)
    except (OSError, ssl.SSLError) as error:
        raise CourierError(f"{request.authorities}: not certificates in PEM: {error}") from error
    return _Sealed(request, host, parts.port or 443, context)


class _Plain(http.client.HTTPConnection):
    """Connects to an address that is allowed, or to none; ``wire`` is the socket, once there."""

    wire: socket.socket | None = None

    def __init__(self, request: Request, host: str, port: int) -> None:
        super().__init__(host, port, timeout=request.seconds)
        self._request = request

    def connect(self) -> None:
        self.sock = self.wire = _dial(self._request, self.host, self.port)


class _Sealed(http.client.HTTPSConnection):
    """The same under TLS."""

    wire: socket.socket | None = None

    def __init__(self, request: Request, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=request.seconds, context=context)
        self._request, self._tls = request, context

    def connect(self) -> None:
        plain = _dial(self._request, self.host, self.port)
        # Whoever watches the time must be able to hang up during the handshake, too.
        self.sock = sealed = self._tls.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.wire = sealed
        sealed.do_handshake()


def _dial(request: Request, host: str, port: int) -> socket.socket:
    """Connect to the first address of a name that is allowed and answers."""
    last = OSError(f"{host} has no address")
    end = time.monotonic() + request.seconds
    for family, kind, number, _, place in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if request.allows is not None and not request.allows(address):
            last = OSError(f"{host} is at {address}, which must not be asked")
            continue
        sock = socket.socket(family, kind, number)
        try:
            sock.settimeout(max(end - time.monotonic(), 0.001))
            sock.connect(place)
            sock.settimeout(request.seconds)
        except OSError as error:
            sock.close()
            last = error
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock
    raise last


def _parts(request: Request) -> SplitResult:
    try:
        parts = urlsplit(request.url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise CourierError(f"{request.url}: {error}") from error
    if not usable:
        raise CourierError(f"{request.url}: not an http or https address")
    return parts
