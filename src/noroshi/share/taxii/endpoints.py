"""TAXII's endpoints (sections 4 and 5). The door has told who is asking before one is reached."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from noroshi.intel.objects import Match, Page
from noroshi.intel.objects.checker import identifier_type
from noroshi.share.taxii import media
from noroshi.share.taxii.answers import answer, collection_resource, dates, manifest
from noroshi.share.taxii.collections import Collection
from noroshi.share.taxii.filters import Filters, read_filters
from noroshi.share.taxii.members import Member
from noroshi.share.taxii.receive import read_envelope, receive
from noroshi.share.taxii.refusal import Refusal, missing
from noroshi.share.taxii.service import Service

LOOK = 20_000
"""Rows looked at for one page."""

_STATUS = re.compile(r"[0-9a-f-]{36}")
_DELETED_AT_ONCE = 10_000
_ALL_FIELDS = ("id", "type", "version", "spec_version")


class Endpoints:
    """The endpoints of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def discovery(self, request: Request) -> Response:
        """Section 4.1."""
        _negotiate(request)
        settings = self._service.settings
        told: dict[str, Any] = {"title": settings.title}
        told |= {"description": settings.description} if settings.description else {}
        told |= {"contact": settings.contact} if settings.contact else {}
        member: Member | None = request.state.member
        if member is not None:
            shown = self._service.shown(member)
            roots = [f"/{root}/" for root in dict.fromkeys(one.root for one in shown)]
            told |= {"default": roots[0], "api_roots": roots} if roots else {}
        return answer(told)

    def root(self, request: Request) -> Response:
        """Section 4.2."""
        _negotiate(request)
        name = self._root(request)
        settings = self._service.settings
        told = {
            "title": f"{settings.title}: {name}",
            "versions": [media.TAXII_2_1],
            "max_content_length": settings.largest,
        }
        return answer(told)

    def status(self, request: Request) -> Response:
        """Section 4.3."""
        _negotiate(request)
        name, wanted = self._root(request), request.path_params["status"]
        found = None
        if _STATUS.fullmatch(wanted):
            found = self._service.statuses.find(name, request.state.member.name, wanted)
        if found is None:
            raise missing("status")
        return answer(found)

    def collections(self, request: Request) -> Response:
        """Section 5.1."""
        _negotiate(request)
        member: Member = request.state.member
        shown = self._service.shown(member, self._root(request))
        listed = [collection_resource(one, member.may(one.name)) for one in shown]
        return answer({"collections": listed} if listed else {})

    def collection(self, request: Request) -> Response:
        """Section 5.2."""
        _negotiate(request)
        one = self._collection(request)
        return answer(collection_resource(one, request.state.member.may(one.name)))

    def manifest(self, request: Request) -> Response:
        """Section 5.3."""
        _negotiate(request, stix=True)
        one = self._readable(request)
        filters = read_filters(request.url.query, _ALL_FIELDS)
        page, before = self._page(request, one, filters)
        return self._paged(request, one, page, before, "objects", manifest(page))

    def objects(self, request: Request) -> Response:
        """Section 5.4."""
        _negotiate(request)
        one = self._readable(request)
        filters = read_filters(request.url.query, _ALL_FIELDS)
        page, before = self._page(request, one, filters)
        items = [entry.object for entry in page.entries]
        return self._paged(request, one, page, before, "objects", items)

    async def add(self, request: Request) -> Response:
        """Section 5.5."""
        _negotiate(request)
        one = await run_in_threadpool(self._writable, request)
        if not media.is_taxii(request.headers.get("content-type")):
            raise Refusal(415, f"send the body as {media.TAXII_2_1}")
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise Refusal(415, "send the body without a content encoding")
        body = await self._body(request)
        return await run_in_threadpool(self._take_in, request, one, body)

    def object(self, request: Request) -> Response:
        """Section 5.6."""
        _negotiate(request)
        one, object_id = self._readable(request), _object_id(request)
        filters = read_filters(request.url.query, ("version", "spec_version"))
        filters = replace(filters, match=replace(filters.match, ids=(object_id,)))
        page, before = self._page(request, one, filters)
        if not page.entries:
            self._must_be_there(request, one, Match((object_id,), (), filters.match.versions))
        items = [entry.object for entry in page.entries]
        return self._paged(request, one, page, before, "objects", items)

    def delete(self, request: Request) -> Response:
        """Section 5.7: what the member sees of the object goes, all of it unless they say which."""
        _negotiate(request)
        one, object_id = self._collection(request), _object_id(request)
        grant = request.state.member.may(one.name)
        if not (grant.reads and grant.writes):
            raise Refusal(403, "deleting needs the right to read and to write this collection")
        given = read_filters(request.url.query, ("version", "spec_version"), pages=False).match
        match = Match((object_id,), (), given.versions or ("all",), given.spec_versions)
        page = self._service.objects.page(
            request.state.member.clearance, collection=one.name, match=match, limit=_DELETED_AT_ONCE
        )
        if not page.entries:
            raise missing("object")
        for entry in page.entries:
            self._service.objects.remove(object_id, entry.version, one.name)
        request.state.told["objects"] = len(page.entries)
        return answer(None)

    def versions(self, request: Request) -> Response:
        """Section 5.8."""
        _negotiate(request)
        one, object_id = self._readable(request), _object_id(request)
        filters = read_filters(request.url.query, ("spec_version",))
        match = Match((object_id,), (), ("all",), filters.match.spec_versions)
        page, before = self._page(request, one, replace(filters, match=match))
        if not page.entries:
            self._must_be_there(request, one, Match((object_id,), (), ("all",)))
        listed = [entry.version for entry in page.entries]
        return self._paged(request, one, page, before, "versions", listed)

    def _root(self, request: Request) -> str:
        name = str(request.path_params["root"])
        if not self._service.shown(request.state.member, name):
            raise missing("API root")
        return name

    def _collection(self, request: Request) -> Collection:
        places = request.path_params
        return self._service.collection(request.state.member, places["root"], places["collection"])

    def _readable(self, request: Request) -> Collection:
        one = self._collection(request)
        if not request.state.member.may(one.name).reads:
            raise Refusal(403, "this collection is not yours to read")
        return one

    def _writable(self, request: Request) -> Collection:
        one = self._collection(request)
        if not request.state.member.may(one.name).writes:
            raise Refusal(403, "this collection is not yours to write")
        return one

    def _page(self, request: Request, one: Collection, filters: Filters) -> tuple[Page, int]:
        """Return a page, and the date up to which the client has seen everything before it."""
        member: Member = request.state.member
        after, before = 0, filters.added_after or 0
        if filters.next:
            after, before = self._service.cursors.open(filters.next, member.name, one.id)
        match = replace(filters.match, versions=filters.match.versions or ("last",))
        page = self._service.objects.page(
            member.clearance, collection=one.name, match=match, added_after=filters.added_after,
            after=after, limit=filters.limit, most=self._service.settings.page_bytes, look=LOOK,
        )  # fmt: skip
        return page, before

    def _paged(
        self, request: Request, one: Collection, page: Page, before: int, name: str,
        items: list[Any],
    ) -> Response:  # fmt: skip
        headers = dates(page, before)
        told: dict[str, Any] = {"more": page.more} if page.more or items else {}
        if page.more:
            date = page.entries[-1].date_added if page.entries else before
            member = request.state.member.name
            told["next"] = self._service.cursors.seal(page.after, date, member, one.id)
        if items:
            told[name] = items
        request.state.told["objects"] = len(items)
        return answer(told, headers=headers)

    def _must_be_there(self, request: Request, one: Collection, match: Match) -> None:
        """Tell an object that no filter fits from one that is not there.

        Raises:
            Refusal: 404, it or the version asked for is not there.
        """
        page = self._service.objects.page(
            request.state.member.clearance, collection=one.name,
            match=replace(match, versions=match.versions or ("last",)), limit=1,
        )  # fmt: skip
        if not page.entries:
            raise missing("object")

    async def _body(self, request: Request) -> bytes:
        """Return a body that is small enough and arrives in time.

        Raises:
            Refusal: 413, it is too large; 408, it takes too long.
        """
        settings = self._service.settings
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(settings.patience):
                async for part in request.stream():
                    size += len(part)
                    if size <= settings.largest:
                        parts.append(part)
                    elif size > 2 * settings.largest:
                        break  # no more is read only to be polite
        except TimeoutError:
            raise Refusal(408, "the body did not arrive in time", {"Connection": "close"}) from None
        if size > settings.largest:
            raise Refusal(
                413, f"send at most {settings.largest:,} bytes at once", {"Connection": "close"}
            )
        return b"".join(parts)

    def _take_in(self, request: Request, one: Collection, body: bytes) -> Response:
        service, member = self._service, request.state.member
        now = service.now()
        status = receive(service.objects, member, one.name, read_envelope(body), now)
        service.statuses.add(one.root, member.name, now, status)
        request.state.told |= {
            "objects": status["success_count"],
            "refused": status["failure_count"],
            "bytes_in": len(body),
        }
        return answer(status, 202)


def _negotiate(request: Request, *, stix: bool = False) -> None:
    if not media.accepts(request.headers.get("accept"), stix=stix):
        raise Refusal(406, f"this server speaks {media.TAXII_2_1} only; say so in Accept")


def _object_id(request: Request) -> str:
    found = str(request.path_params["object"])
    if identifier_type(found) is None:
        raise missing("object")
    return found
