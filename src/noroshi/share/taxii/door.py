"""The door: every request is bounded, its sender told, and its outcome logged, before an endpoint.

It stands outside the router, so that nobody learns without a secret which paths there are.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from noroshi.intel.knowledge import KnowledgeError
from noroshi.share.taxii.answers import answer
from noroshi.share.taxii.collections import DISCOVERY
from noroshi.share.taxii.refusal import Refusal, missing
from noroshi.share.taxii.service import Service

_WORDS = {
    404: "there is nothing here; TAXII's paths end in a slash",
    405: "this method is not for this path",
}
_log = logging.getLogger("noroshi.taxii")


class Door:
    """Wraps the router.

    Args:
        inside: the router.
        service: what the endpoints work with.
    """

    def __init__(self, inside: ASGIApp, service: Service) -> None:
        self._inside, self._service = inside, service
        self._places = asyncio.Semaphore(service.settings.at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inside(scope, receive, send)
            return
        request = Request(scope, receive)
        request.state.member = None
        request.state.told = {}
        begin = time.monotonic()

        async def logged(message: Message) -> None:
            if message["type"] == "http.response.start":
                spent = round((time.monotonic() - begin) * 1000, 1)
                await run_in_threadpool(self._write, request, message, spent)
            await send(message)

        response = await self._refusal(request)
        if response is not None:
            await response(scope, receive, logged)
            return
        try:
            await self._inside(scope, receive, logged)
        finally:
            self._places.release()

    async def _refusal(self, request: Request) -> Response | None:
        """Return why a request goes no further; None if it does, holding a place."""
        try:
            async with asyncio.timeout(self._service.settings.patience):
                await self._places.acquire()
        except TimeoutError:
            return refused(request, Refusal(503, "busy; come again", {"Retry-After": "10"}))
        try:
            await self._admit(request)
        except Refusal as refusal:
            self._places.release()
            return refused(request, refusal)
        except BaseException:
            self._places.release()
            raise
        return None

    async def _admit(self, request: Request) -> None:
        """Tell who is asking.

        Raises:
            Refusal: nobody who may.
        """
        headers = request.headers
        if "transfer-encoding" in headers and "content-length" in headers:
            raise Refusal(400, "a body has one length", {"Connection": "close"})
        given = headers.getlist("authorization")
        if len(given) > 1:
            raise Refusal(400, "one Authorization header, please")
        is_open = self._service.settings.open_discovery and request.url.path == f"/{DISCOVERY}/"
        if is_open and not given:
            return
        address = request.client.host if request.client else ""
        request.state.member = await run_in_threadpool(
            self._service.credentials.member, given[0] if given else None, address
        )

        if b"%2f" in request.scope.get("raw_path", b"").lower():
            raise missing("path")

    def _write(self, request: Request, message: Message, spent: float) -> None:
        member = request.state.member
        line: dict[str, Any] = {
            "address": request.client.host if request.client else "",
            "member": member.name if member else "",
            "method": request.method,
            "path": request.url.path[:500],
            "query": request.url.query[:2000],
            "agent": request.headers.get("user-agent", "")[:200],
            "status": message["status"],
            "milliseconds": spent,
        }
        self._service.log.write(self._service.now(), line | request.state.told)


def refused(request: Request, refusal: Refusal) -> Response:
    """Return a refusal as TAXII writes it; a body that was not read is not waited for."""
    request.state.told["error_id"] = refusal.id
    headers = dict(refusal.headers)
    if request.method == "POST" and refusal.status != 422:
        headers.setdefault("Connection", "close")
    return answer(refusal.body(), refusal.status, headers)


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer a refusal that an endpoint raised."""
    assert isinstance(error, Refusal)
    return refused(request, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the router found wrong."""
    assert isinstance(error, HTTPException)
    words = _WORDS.get(error.status_code, str(error.detail))
    return refused(request, Refusal(error.status_code, words, dict(error.headers or {})))


async def on_busy_store(request: Request, error: Exception) -> Response:
    """Answer when somebody else holds the store for too long."""
    return refused(request, Refusal(503, "the store is busy; come again", {"Retry-After": "30"}))


async def on_defect(request: Request, error: Exception) -> Response:
    """Answer a defect of ours: its trace goes to our log, its number to the client."""
    refusal = Refusal(500, "something went wrong here; tell the operator the error_id")
    _log.error("error %s", refusal.id, exc_info=error)
    return refused(request, refusal)


HANDLERS: dict[Any, Any] = {
    Refusal: on_refusal,
    HTTPException: on_http_error,
    KnowledgeError: on_busy_store,
}
