"""Listening: TLS, or this machine alone."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from noroshi.share.errors import ShareError
from noroshi.share.taxii.application import make_application
from noroshi.share.taxii.guard import GuardedProtocol
from noroshi.share.taxii.service import Service

_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2; none of those that RFC 7540, appendix A lists."""

_HEAD = 64 << 10
_GRACE = 10


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen.

    Attributes:
        host: address or name.
        port: 0 for one that is free.
        certificate: PEM file with the chain; None without TLS.
        key: PEM file; None where the certificate's file holds it.
        plain: whether to listen to other machines without TLS.
    """

    host: str = "127.0.0.1"
    port: int = 6100
    certificate: Path | None = None
    key: Path | None = None
    plain: bool = False


def serve(service: Service, listen: Listen, ready: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        service: what the endpoints work with.
        listen: where.
        ready: called with the address when connections are taken.

    Raises:
        ShareError: listening is refused, or the certificate cannot be used.
        OSError: the address is in use or not ours.
    """
    context = _context(listen)
    if context is None and not (listen.plain or _is_here(listen.host)):
        raise ShareError(
            f"{listen.host} can be reached by other machines, and secrets would pass in the open: "
            "give --cert and --key, or listen on 127.0.0.1 behind a proxy that does TLS, or say "
            "--plain if something else protects the way"
        )
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    headers = [("Strict-Transport-Security", "max-age=31536000")] if context else []
    config = uvicorn.Config(
        make_application(service), http=GuardedProtocol, ws="none", lifespan="off",
        log_config=None, access_log=False, server_header=False, proxy_headers=False,
        h11_max_incomplete_event_size=_HEAD, timeout_graceful_shutdown=_GRACE, headers=headers,
        ssl_context_factory=None if context is None else lambda *_: context,
    )  # fmt: skip
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((listen.host, listen.port))
        listening.listen(128)
        host = f"[{listen.host}]" if family == socket.AF_INET6 else listen.host
        scheme = "https" if context else "http"
        ready(f"{scheme}://{host}:{listening.getsockname()[1]}/taxii2/")
        uvicorn.Server(config).run(sockets=[listening])


def _context(listen: Listen) -> ssl.SSLContext | None:
    if listen.certificate is None:
        if listen.key is not None:
            raise ShareError("--key without --cert; give the certificate too")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    try:
        context.load_cert_chain(listen.certificate, listen.key)
    except (OSError, ssl.SSLError) as error:
        raise ShareError(
            f"{listen.certificate}: not a certificate with its key: {error}"
        ) from error
    return context


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
