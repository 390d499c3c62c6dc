"""Bundles: reading objects from files, and writing them so that a STIX 2.1 validator agrees."""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Protocol, cast

import orjson

from noroshi.intel.objects.errors import ObjectError
from noroshi.intel.objects.vocabulary import SCO

LARGEST = 1024 * 1_048_576
"""Bytes of a bundle, decompressed; more has to come in parts."""

_CHUNK = 1_048_576
_NAMESPACE = uuid.UUID("7e5ad1de-61f5-5f4e-9d7c-2a3f6f8f0c11")


class Writable(Protocol):
    """Takes bytes: a file, or whatever stands for one."""

    def write(self, data: bytes, /) -> object:
        """Take some more."""


def read_objects(path: Path, largest: int = LARGEST) -> list[dict[str, Any]]:
    """Return the objects of a file: a bundle, one object, or a list of them; ``.gz`` is undone.

    Raises:
        ObjectError: the file is not JSON, holds no objects, or is larger than ``largest`` bytes.
        OSError: it cannot be read.
    """
    return objects_in(read_json(path, largest), path)


def read_json(path: Path, largest: int = LARGEST) -> Any:
    """Return what a JSON file holds; ``.gz`` is undone.

    Raises:
        ObjectError: the file is not JSON, or is larger than ``largest`` bytes.
        OSError: it cannot be read.
    """
    try:
        return orjson.loads(_bounded(path, largest))
    except (ValueError, EOFError, gzip.BadGzipFile) as error:
        raise ObjectError(f"{path}: not JSON: {error}") from error


def objects_in(value: Any, path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON document: a bundle, one object, or a list of them.

    Raises:
        ObjectError: there are none.
    """
    objects = value.get("objects", [value]) if isinstance(value, dict) else value
    if not isinstance(objects, list) or not objects:
        raise ObjectError(f"{path}: neither a STIX bundle nor objects")
    return objects


def write_bundle(objects: Iterable[Mapping[str, Any]], stream: Writable) -> int:
    """Write a bundle, an object at a time; return how many.

    The bundle's id follows from what is in it, so that the same objects give the same bytes.
    """
    ids = uuid.uuid5(_NAMESPACE, "")
    stream.write(b'{"type":"bundle","objects":[')
    count = 0
    for count, item in enumerate(objects, 1):
        ids = uuid.uuid5(ids, f"{item['id']}/{item.get('modified', '')}")
        stream.write((b",\n" if count > 1 else b"\n") + orjson.dumps(as_2_1(item)))
    stream.write(b'\n],"id":"bundle--' + str(ids).encode() + b'"}\n')
    return count


def as_2_1(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a STIX 2.0 object as STIX 2.1 writes it; a 2.1 object as it is.

    Source: STIX 2.1, appendix "Changes from Earlier Versions".
    """
    if item.get("spec_version") == "2.1":
        return dict(item)
    kind = item["type"]
    new = {"type": kind, **item, "spec_version": "2.1"}
    if kind == "indicator":
        new.setdefault("pattern_type", "stix")
        _renamed(new, "labels", "indicator_types")
    elif kind == "malware":
        new.setdefault("is_family", False)
        _renamed(new, "labels", "malware_types")
    elif kind in ("report", "tool", "threat-actor"):
        _renamed(new, "labels", f"{kind.replace('-', '_')}_types")
    if kind in SCO:
        new.pop("created", None)
    return new


def _renamed(item: dict[str, Any], old: str, new: str) -> None:
    if old in item and new not in item:
        item[new] = item.pop(old)


def _bounded(path: Path, largest: int) -> bytes:
    """Return a file's bytes, decompressed, unless they are too many."""
    parts: list[bytes] = []
    size = 0
    with _opened(path) as stream:
        for part in _parts(stream):
            size += len(part)
            if size > largest:
                raise ObjectError(f"{path}: larger than {largest:,} bytes; split it")
            parts.append(part)
    return b"".join(parts)


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    while part := stream.read(_CHUNK):
        yield part
