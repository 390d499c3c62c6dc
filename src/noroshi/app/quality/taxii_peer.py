"""Run in a peer's own Python: medallion pages through objects that all came at one moment.

Started by file name with the interpreter of the environment in which medallion is installed; the
objects come on standard input, one JSON line each, the figures go out as one line. Its application
is asked without a network, which is in its favour.
"""

from __future__ import annotations

import base64
import importlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

LIMIT = 1000
_COLLECTION = "472c94ae-3113-4e3e-a4dd-a9f4ac7471d4"
_MOMENT = "2026-05-20T00:00:00.000000Z"
_TYPE = "application/taxii+json;version=2.1"
_STIX = "application/stix+json;version=2.1"


def main() -> int:
    """Print objects a CPU-second, and how many were lost and repeated."""
    items = [json.loads(line) for line in sys.stdin]
    try:
        medallion = importlib.import_module("medallion")
    except ImportError:
        sys.stdout.write(json.dumps({"medallion": "not installed"}) + "\n")
        return 0
    get = _application(medallion, items)
    begin, found = time.process_time(), list(_pages(get))
    spent = time.process_time() - begin
    rate = len(found) / spent
    told = {
        "objects": len(items), "objects_per_cpu_second": rate,
        "lost": len(items) - len(set(found)), "repeated": len(found) - len(set(found)),
    }  # fmt: skip
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _application(medallion: Any, items: list[dict[str, Any]]) -> Callable[[str], Any]:
    manifest = [
        {"id": item["id"], "date_added": _MOMENT, "version": item["modified"], "media_type": _STIX}
        for item in items
    ]
    collection = {
        "id": _COLLECTION, "title": "all", "can_read": True, "can_write": False,
        "media_types": [_STIX], "manifest": manifest, "objects": items,
    }  # fmt: skip
    information = {"title": "api", "versions": [_TYPE], "max_content_length": 1 << 20}
    data = {
        "discovery": {"title": "peer", "default": "api", "api_roots": ["api"]},
        "api": {"information": information, "status": [], "collections": [collection]},
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(data, file)
        file.flush()
        backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend",
                   "filename": file.name}  # fmt: skip
        settings = {
            "backend": backend,
            "users": {"peer": "peer"},
            "taxii": {"max_page_size": LIMIT},
        }
        for name, value in settings.items():
            medallion.set_config(medallion.application_instance, name, {name: value})
    medallion.register_blueprints(medallion.application_instance)
    client = medallion.application_instance.test_client()
    secret = base64.b64encode(b"peer:peer").decode()
    headers = {"Accept": _TYPE, "Authorization": f"Basic {secret}"}
    return lambda path: client.get(path, headers=headers).get_json()


def _pages(get: Callable[[str], Any]) -> Any:
    place = f"/api/collections/{_COLLECTION}/objects/?limit={LIMIT}"
    cursor = ""
    while True:
        page = get(place + cursor)
        yield from (item["id"] for item in page.get("objects", ()))
        if not page.get("more"):
            return
        cursor = f"&next={page['next']}"


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    import os

    os._exit(code)  # medallion leaves a thread that never ends
