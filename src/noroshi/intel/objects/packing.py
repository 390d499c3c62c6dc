"""Objects as bytes at rest: JSON, compressed against words that nearly every object has."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import orjson
import zstandard

_WORDS = (
    b'{"type":"relationship","spec_version":"2.1","id":"relationship--","created_by_ref":'
    b'"identity--","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z",'
    b'"relationship_type":"uses","relationship_type":"indicates","source_ref":"indicator--",'
    b'"target_ref":"attack-pattern--","target_ref":"malware--"}{"type":"indicator","spec_version":'
    b'"2.1","id":"indicator--","name":"","description":"","indicator_types":["malicious-activity"],'
    b'"pattern":"[domain-name:value = \'","pattern":"[url:value = \'http","pattern":"[ipv4-addr:'
    b'value = \'","pattern":"[file:hashes.\'SHA-256\' = \'","pattern_type":"stix",'
    b'"valid_from":"2026-01-01T00:00:00Z","valid_until":"2026-01-01T00:00:00Z","confidence":50,'
    b'"revoked":false,"labels":["malicious-activity"],"external_references":[{"source_name":'
    b'"mitre-attack","url":"https://","external_id":"","description":""}],"object_marking_refs":'
    b'["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",'
    b'"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",'
    b'"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"]}'
)
"""Never to be changed: what is stored can only be read with the same words."""

_DICTIONARY = zstandard.ZstdCompressionDict(_WORDS, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


class _Decompressors(threading.local):
    """One for each thread: making one costs more than using it, and none may be shared."""

    def __init__(self) -> None:
        self.decompress = zstandard.ZstdDecompressor(dict_data=_DICTIONARY).decompress


_here = _Decompressors()


def packer() -> Callable[[bytes], bytes]:
    """Return a function that compresses JSON; not to be shared between threads."""
    return zstandard.ZstdCompressor(level=1, dict_data=_DICTIONARY).compress


def size_of(body: bytes) -> int:
    """Return how many bytes of JSON a stored object has, without unpacking it."""
    return int(zstandard.frame_content_size(body))


def unpack(body: bytes) -> dict[str, Any]:
    """Return a stored object."""
    item: dict[str, Any] = orjson.loads(_here.decompress(body))
    return item
