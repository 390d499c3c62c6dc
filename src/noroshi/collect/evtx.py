"""Windows event logs in their binary form (``.evtx``), read by the ``evtx`` library.

Format: [MS-EVEN6] and the library's notes on the file layout; a file header of 4 KiB, then chunks
of 64 KiB that each carry their own string and template tables, so that a damaged chunk costs only
its own records. The library passes over zeros without a word: what should stand there is told here.
Places in the headers: libevtx, "Windows XML Event Log (EVTX) format".
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from evtx import PyEvtxParser

from noroshi.collect.decoding import CHUNK_BYTES
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.record import BadRecord, Record
from noroshi.collect.registry import collector
from noroshi.collect.windows import flat_event, record_of

MAGIC = b"ElfFile\x00"
CHUNK_MAGIC = b"ElfChnk\0"
HEADER_BYTES = 4096
LOG_CHUNK_BYTES = 65_536
RECORD_MAGIC = b"**\0\0"
CHUNK_HEADER_BYTES = 512
_NEXT_RECORD, _CHUNK_COUNT = slice(24, 32), slice(42, 44)  # in the file's header
_FREE_SPACE = slice(48, 52)  # in a chunk's header
_PLACE = re.compile(r"(?:record number|record IDs|chunk number) (\d{1,18})")


def _sniff(head: Head) -> int:
    return 100 if head.data.startswith(MAGIC) else 0


@collector("evtx", sniff=_sniff)
def read_evtx(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the events of a log in file order.

    One thread: parsing is the smaller part of the work, and order and memory stay simple.
    """
    with evidence.on_disk() as path:
        if cut := _missing(path):
            yield cut
        with _whole_chunks(path) as whole:
            yield from _blanks(whole)
            yield from _events(whole)


def _events(path: Path) -> Iterator[Record | BadRecord]:
    try:
        records = iter(PyEvtxParser(str(path), number_of_threads=1).records_json())
    except (RuntimeError, OSError, ValueError) as error:
        yield BadRecord(0, f"not a readable event log: {error}")
        return
    while True:
        try:
            raw = next(records)
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError) as error:
            place = _PLACE.search(str(error))
            yield BadRecord(int(place.group(1)) if place else -1, f"damaged: {error}")
            continue
        yield _record(raw)


def _record(raw: Any) -> Record | BadRecord:
    try:
        return record_of(flat_event(orjson.loads(raw["data"])["Event"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return BadRecord(raw["event_record_id"], f"event without the usual parts: {error}")


def _missing(path: Path) -> BadRecord | None:
    """Say so when the header promises more chunks than the file has."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        promised = int.from_bytes(stream.read(64)[_CHUNK_COUNT], "little")
    if size >= HEADER_BYTES + promised * LOG_CHUNK_BYTES:
        return None
    return BadRecord(size, f"the log is cut off: {promised} chunks promised, {size} bytes there")


def _blanks(path: Path) -> Iterator[BadRecord]:
    """Yield what the headers announce where there are only zeros."""
    with path.open("rb") as stream:
        header = stream.read(HEADER_BYTES)
        promised = int.from_bytes(header[_CHUNK_COUNT], "little")
        filled = 0
        for number, chunk in enumerate(iter(lambda: stream.read(LOG_CHUNK_BYTES), b"")):
            place = HEADER_BYTES + number * LOG_CHUNK_BYTES
            if any(chunk[:CHUNK_HEADER_BYTES]) or any(chunk):
                filled += 1
                yield from _cut_short(chunk, number, place)
            elif number < promised:
                yield BadRecord(place, f"chunk {number} of {promised} holds nothing but zeros")
    # A log that never held an event gives its first one the number 1.
    never_used = int.from_bytes(header[_NEXT_RECORD], "little") == 1
    if len(header) == HEADER_BYTES and not (promised or filled or never_used):
        yield BadRecord(HEADER_BYTES, "no chunk of events, and not the header of an empty log")


def _cut_short(chunk: bytes, number: int, place: int) -> Iterator[BadRecord]:
    """Yield where a chunk's records end, if its header lets them end later."""
    at, end = CHUNK_HEADER_BYTES, int.from_bytes(chunk[_FREE_SPACE], "little")
    if not chunk.startswith(CHUNK_MAGIC):
        return  # the library says so
    while at < end and chunk.startswith(RECORD_MAGIC, at):
        at += max(int.from_bytes(chunk[at + 4 : at + 8], "little"), len(RECORD_MAGIC))
    if at < end or end < CHUNK_HEADER_BYTES:
        reason = f"the records of chunk {number} end at byte {at}, its header says at byte {end}"
        yield BadRecord(place + at, reason)


@contextmanager
def _whole_chunks(path: Path) -> Iterator[Path]:
    """Give the file with its last chunk filled up, so that what is left of it can be read."""
    size = path.stat().st_size
    left = (size - HEADER_BYTES) % LOG_CHUNK_BYTES
    if size <= HEADER_BYTES or not left:
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="noroshi-") as copy:
        with path.open("rb") as stream:
            shutil.copyfileobj(stream, copy, CHUNK_BYTES)
        copy.write(bytes(LOG_CHUNK_BYTES - left))
        copy.flush()
        yield Path(copy.name)
