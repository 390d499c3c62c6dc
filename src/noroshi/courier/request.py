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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import SplitResult, urlsplit

from noroshi.courier.errors import CourierError

CHUNK = 1 << 16

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Allows: TypeAlias = Callable[[Address], bool]


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
        allows: tells which addresses may be talked to, asked before the first byte is sent, so that
            a name cannot lead to a machine that was not meant; None allows all.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    seconds: float = 60.0
    most: int = 64 << 20
    authorities: str = ""
    allows: Allows | None = None

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
    watchdog: threading.Timer | None = None

    @contextmanager
    def explained() -> Iterator[None]:
        try:
            yield
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = over.is_set() or isinstance(error, TimeoutError)
            why = f"no whole answer in {request.seconds:g} seconds" if late else str(error)
            raise CourierError(f"{request.url}: {why or type(error).__name__}") from error

    def hang_up(sock: socket.socket) -> None:
        over.set()
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

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

    try:
        with explained():
            connection.connect()
            watchdog = threading.Timer(request.seconds, hang_up, [connection.sock])
            watchdog.daemon = True
            watchdog.start()
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
        if watchdog is not None:
            watchdog.cancel()
        connection.close()


def _connection(request: Request) -> http.client.HTTPConnection:
    parts = _parts(request)
    host = parts.hostname or ""
    secret = any(name.lower() in ("authorization", "cookie") for name in request.headers)
    if parts.scheme == "http" and secret and not request.is_here:
        raise CourierError(f"{request.url}: a key is not sent without TLS; use https")
    if parts.scheme == "http":
        return _Plain(request, host, parts.port, timeout=request.seconds)
    try:
        context = ssl.create_default_context(cafile=request.authorities or None)
    except (OSError, ssl.SSLError) as error:
        raise CourierError(f"{request.authorities}: not certificates in PEM: {error}") from error
    return _Sealed(context, request, host, parts.port, timeout=request.seconds, context=context)


class _Plain(http.client.HTTPConnection):
    """Connects to an address that is allowed, or to none."""

    def __init__(self, request: Request, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._request = request

    def connect(self) -> None:
        self.sock = _dial(self._request, self.host, self.port)


class _Sealed(http.client.HTTPSConnection):
    """The same under TLS."""

    def __init__(
        self, context: ssl.SSLContext, request: Request, *given: Any, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self._request, self._own = request, context

    def connect(self) -> None:
        plain = _dial(self._request, self.host, self.port)
        self.sock = self._own.wrap_socket(plain, server_hostname=self.host)


def _dial(request: Request, host: str, port: int) -> socket.socket:
    """Connect to the first address of a name that is allowed and answers."""
    last: OSError = OSError(f"{host} has no address")
    for family, kind, number, _, place in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if request.allows is not None and not request.allows(address):
            last = OSError(f"{host} is at {address}, which may not be asked from here")
            continue
        sock = socket.socket(family, kind, number)
        sock.settimeout(request.seconds)
        try:
            sock.connect(place)
        except OSError as error:
            sock.close()
            last = error
            continue
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
