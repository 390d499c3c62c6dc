"""Answers in TAXII's media type, and the resources that need no store (sections 3.7 and 5.2.1)."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Response

from noroshi.intel.objects import Page
from noroshi.share.taxii.collections import Collection
from noroshi.share.taxii.media import STORED, TAXII_2_1
from noroshi.share.taxii.members import Grant
from noroshi.share.taxii.stamp import stamp

_SAFE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a resource; None sends no body."""
    content = b"" if body is None else orjson.dumps(body)
    return Response(content, status, _SAFE | (headers or {}), TAXII_2_1)


def dates(page: Page, before: int) -> dict[str, str]:
    """Return the headers of the first and last date of a page (section 3.2).

    Args:
        page: of entries.
        before: µs since 1970 UTC up to which the client has seen everything; stands for both where
            the page is empty, so that whoever goes on from it misses nothing and repeats nothing.
    """
    first, last = (
        (page.entries[0].date_added, page.entries[-1].date_added)
        if page.entries
        else (before, before)
    )
    return {"X-TAXII-Date-Added-First": stamp(first), "X-TAXII-Date-Added-Last": stamp(last)}


def collection_resource(collection: Collection, grant: Grant) -> dict[str, Any]:
    """Return a collection as one member sees it."""
    resource: dict[str, Any] = {
        "id": collection.id,
        "title": collection.title,
        "alias": collection.name,
        "can_read": grant.reads,
        "can_write": grant.writes,
        "media_types": list(STORED),
    }
    if collection.description:
        resource["description"] = collection.description
    return resource


def manifest(page: Page) -> list[dict[str, str]]:
    """Return the manifest records of a page (section 5.3.1)."""
    return [
        {
            "id": entry.id,
            "date_added": stamp(entry.date_added),
            "version": entry.version,
            "media_type": entry.media_type,
        }
        for entry in page.entries
    ]
