"""The application: paths to endpoints, behind the door (section 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp

from noroshi.share.taxii.answers import answer
from noroshi.share.taxii.collections import DISCOVERY
from noroshi.share.taxii.door import HANDLERS, Door, on_defect
from noroshi.share.taxii.endpoints import Endpoints
from noroshi.share.taxii.service import Service

_ONE = "/{root}/collections/{collection}/"
_ITEM = f"{_ONE}objects/{{object}}/"
PATHS: Mapping[str, Mapping[str, str]] = {
    f"/{DISCOVERY}/": {"GET": "discovery"},
    "/{root}/": {"GET": "root"},
    "/{root}/status/{status}/": {"GET": "status"},
    "/{root}/collections/": {"GET": "collections"},
    _ONE: {"GET": "collection"},
    f"{_ONE}manifest/": {"GET": "manifest"},
    f"{_ONE}objects/": {"GET": "objects", "POST": "add"},
    _ITEM: {"GET": "object", "DELETE": "delete"},
    f"{_ITEM}versions/": {"GET": "versions"},
}
"""Every path, its methods, and the endpoint of :class:`Endpoints` that answers each."""


def make_application(service: Service) -> ASGIApp:
    """Return the ASGI application of a service."""
    app = FastAPI(
        title="Noroshi TAXII 2.1", openapi_url=None, docs_url=None, redoc_url=None,
        redirect_slashes=False, exception_handlers=HANDLERS,
    )  # fmt: skip
    found = Endpoints(service)
    for path, methods in PATHS.items():
        allowed = [*methods, "HEAD", "OPTIONS"]
        for method, name in methods.items():
            names = [method, "HEAD"] if method == "GET" else [method]
            endpoint = getattr(found, name)
            app.add_api_route(path, endpoint, methods=names, response_model=None)
        app.add_api_route(path, _options(allowed), methods=["OPTIONS"], response_model=None)
        others = [name for name in _METHODS if name not in allowed]
        app.add_api_route(path, _not_allowed(allowed), methods=others, response_model=None)
    return Door(_Guarded(app), service)


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")


def _options(allowed: list[str]) -> Any:
    def options(request: Request) -> Response:
        return answer(None, headers={"Allow": ", ".join(allowed)})

    return options


def _not_allowed(allowed: list[str]) -> Any:
    from starlette.exceptions import HTTPException

    def not_allowed(request: Request) -> Response:
        raise HTTPException(405, headers={"Allow": ", ".join(allowed)})

    return not_allowed


class _Guarded:
    """Answers defects itself: nothing of ours reaches a client, and the door logs the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = False

        async def watched(message: Any) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            response = await on_defect(Request(scope, receive), error)
            await response(scope, receive, send)
