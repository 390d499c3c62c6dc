"""What is new against the watchlist: every kind of entry, millions of values, lines of text.

Values are made up and do not repeat; one in a thousand meets an entry, each kind by its own path:
an address inside a watched network, a name below a watched domain, a network that covers a watched
address. The peer is the plain way in Python: sets, a walk over the labels of a name, a set of
networks by prefix length. Both must meet the same values, or the figures would compare different
work.
"""

from __future__ import annotations

import hashlib
import ipaddress
import random
import resource
import time
from collections.abc import Iterator, Sequence
from typing import Any

from noroshi.intel.watch import Entry, Finder, WatchKind

ENTRIES = 100_000
VALUES = 5_000_000
LINES = 500_000
ONE_IN = 1_000
_CHUNK = 100_000
_PEER_VALUES = 200_000
_WORDS = ("the", "mail", "server", "of", "our", "branch", "sent", "a", "file", "to", "nobody")


def run(entries: int = ENTRIES, values: int = VALUES, lines: int = LINES) -> dict[str, Any]:
    """Measure and return figures by name; times are CPU-seconds of this process, one core.

    Args:
        entries: how many are watched, of every kind.
        values: how many new values are held against them.
        lines: how many lines of text are searched for the watched words.
    """
    watched = _entries(entries)
    begin = time.process_time()
    finder = _ready(watched)
    opened = time.process_time() - begin
    spent, met = _values(finder, entries, values)
    few = _values(_ready(_entries(entries // 100)), entries // 100, values // 10)[0]
    part = _values(finder, entries, values // 10)[0]
    text_spent, text_met = _texts(finder, entries, lines)
    sample = min(values, _PEER_VALUES)
    ours, peers, peer_spent = _peer(finder, watched, entries, sample)
    return {
        "entries": entries,
        "values": values,
        "met": met,
        "values_per_cpu_second": round(values / spent),
        "lines_of_text": lines,
        "lines_met": text_met,
        "lines_per_cpu_second": round(lines / text_spent),
        "open_cpu_seconds": round(opened, 2),
        "cost_of_a_value": {
            "ten_times_the_values": round((spent / values) / (part / (values // 10)), 2),
            "a_hundred_times_the_entries": round(part / few, 2),
        },
        "same_values_met_as_peer": ours == peers,
        "ratio_to_python_sets": round((peer_spent / sample) / (spent / values), 2),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def _ready(entries: Sequence[Entry]) -> Finder:
    finder = Finder(entries)
    list(finder.among(["192.0.2.1", "nobody.invalid", "192.0.2.0/30"]))
    list(finder.keywords.find("nothing"))
    return finder


def _values(finder: Finder, entries: int, count: int) -> tuple[float, int]:
    """Return CPU-seconds and how many of the values met an entry; making them is not counted."""
    spent, met = 0.0, 0
    for chunk in _chunks(entries, count):
        begin = time.process_time()
        met += len({found.place for found in finder.among(chunk)})
        spent += time.process_time() - begin
    return spent, met


def _texts(finder: Finder, entries: int, count: int) -> tuple[float, int]:
    lines = list(_lines(entries, count))
    begin = time.process_time()
    met = sum(any(True for _ in finder.keywords.find(line)) for line in lines)
    return time.process_time() - begin, met


def _entries(count: int) -> list[Entry]:
    """Return three in ten addresses and domains each, one in ten of each of the rest."""
    return [Entry(number + 1, *_watched(number)) for number in range(count)]


def _watched(number: int) -> tuple[WatchKind, str]:
    turn = number % 10
    if turn < 3:
        return WatchKind.ADDRESS, _address(number)
    if turn < 6:
        return WatchKind.DOMAIN, f"{_word(number)}.example"
    if turn == 6:
        return WatchKind.NETWORK, _network(number)
    if turn == 7:
        return WatchKind.HASH, hashlib.sha256(number.to_bytes(8)).hexdigest()
    if turn == 8:
        return WatchKind.MAIL, f"{_word(number)}@post.example"
    return WatchKind.KEYWORD, f"project {_word(number)}"


def _word(number: int) -> str:
    return hashlib.blake2b(number.to_bytes(8), digest_size=6).hexdigest()


def _address(number: int) -> str:
    mixed = number * 2_654_435_761 % 2**24
    return f"11.{mixed >> 16}.{mixed >> 8 & 255}.{mixed & 255}"


def _network(number: int) -> str:
    mixed = number * 40_503 % 2**16
    return f"12.{mixed >> 8}.{mixed & 255}.0/24"


def _chunks(entries: int, count: int) -> Iterator[list[str]]:
    rng = random.Random(count)  # noqa: S311 - reproducible, not secret
    for first in range(0, count, _CHUNK):
        yield [
            _meeting(rng, entries) if rng.randrange(ONE_IN) == 0 else _other(rng)
            for _ in range(min(_CHUNK, count - first))
        ]


def _meeting(rng: random.Random, entries: int) -> str:
    """Return a value that meets an entry by the path of its kind."""
    number = rng.randrange(max(entries // 10, 1)) * 10 + rng.choice((0, 3, 6, 7, 8))
    kind, value = _watched(number)
    if kind is WatchKind.ADDRESS and rng.randrange(2):
        return f"{value.rpartition('.')[0]}.0/24"
    if kind is WatchKind.NETWORK:
        return f"{value.rpartition('.')[0]}.{rng.randrange(256)}"
    return f"a.b.{value}" if kind is WatchKind.DOMAIN else value


def _other(rng: random.Random) -> str:
    turn, number = rng.randrange(20), rng.getrandbits(48)
    if turn < 7:
        return f"{100 + number % 90}.{number >> 8 & 255}.{number >> 16 & 255}.{number >> 24 & 255}"
    if turn < 8:
        return f"{100 + number % 90}.{number >> 8 & 255}.{number >> 16 & 255}.0/24"
    if turn < 15:
        return f"h{number % 99}.site{number}.example"
    if turn < 18:
        return f"{number:012x}" * 5 + "0000"
    return f"user{number}@firm{number % 10**6}.example"


def _lines(entries: int, count: int) -> Iterator[str]:
    rng = random.Random(count)  # noqa: S311 - reproducible, not secret
    for _ in range(count):
        words = rng.choices(_WORDS, k=14)
        if rng.randrange(ONE_IN) == 0:
            words[7] = _watched(rng.randrange(max(entries // 10, 1)) * 10 + 9)[1].title()
        yield " ".join(words)


def _peer(
    finder: Finder, watched: Sequence[Entry], entries: int, count: int
) -> tuple[list[int], list[int], float]:
    """Return the places that we and the plain way meet, and the CPU-seconds of the plain way."""
    values = [value for chunk in _chunks(entries, count) for value in chunk]
    plain = {entry.value for entry in watched}
    networks = {ipaddress.ip_network(e.value) for e in watched if e.kind is WatchKind.NETWORK}
    inside = {
        ipaddress.ip_network((e.value, 24), strict=False)
        for e in watched
        if e.kind is WatchKind.ADDRESS
    }
    ours = sorted({found.place for found in finder.among(values)})
    begin = time.process_time()
    places = [at for at, value in enumerate(values) if _plainly(value, plain, networks, inside)]
    return ours, places, time.process_time() - begin


def _plainly(value: str, plain: set[str], networks: set[Any], inside: set[Any]) -> bool:
    if value in plain:
        return True
    if value[0].isdigit() and value.count(".") == 3:
        network = ipaddress.ip_network(value, strict=False)
        around = ipaddress.ip_network((network.network_address, 24), strict=False)
        return around in networks or (network.prefixlen == 24 and network in inside)
    labels = value.rpartition("@")[2].split(".")
    return any(".".join(labels[at:]) in plain for at in range(len(labels) - 1))
