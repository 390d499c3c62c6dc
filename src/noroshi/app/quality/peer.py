"""Run in a peer's own Python: its speed over texts on standard input, one JSON line a text.

Started by file name with the interpreter of the environment in which the peer is installed. One
that cannot be imported is told of with the reason: iocextract, for one, needs ``requests``, which
its package does not name.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any

SECONDS = 6.0


def _ioc_finder() -> Callable[[str], Any]:
    found: Callable[[str], Any] = importlib.import_module("ioc_finder").find_iocs
    return found


def _iocextract() -> Callable[[str], Any]:
    extract = importlib.import_module("iocextract").extract_iocs
    return lambda text: list(extract(text, refang=True))


def _iocsearcher() -> Callable[[str], Any]:
    searcher = importlib.import_module("iocsearcher.searcher").Searcher()
    return lambda text: searcher.search_data(text)


def main() -> int:
    """Print megabytes a CPU-second for each peer that is installed."""
    texts = [json.loads(line) for line in sys.stdin]
    rates: dict[str, float] = {}
    absent: dict[str, str] = {}
    for name, make in (
        ("ioc-finder", _ioc_finder),
        ("iocextract", _iocextract),
        ("iocsearcher", _iocsearcher),
    ):
        try:
            find = make()
        except (ImportError, AttributeError) as error:
            absent[name] = str(error)
            continue
        begin, done = time.process_time(), 0
        for text in texts:
            find(text)
            done += len(text.encode())
            if time.process_time() - begin > SECONDS:
                break
        rates[name] = done / 1e6 / (time.process_time() - begin)
    sys.stdout.write(json.dumps({"rates": rates, "absent": absent}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
