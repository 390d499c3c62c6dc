"""Failed attempts: whoever guesses secrets from one place soon has to wait."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict, deque

FAILURES = 10
"""Failures from one place within ``WINDOW``."""

WINDOW = 60.0
"""Seconds."""

_PLACES = 10_000


class Attempts:
    """Counts failures by place: an IPv4 address, or the /64 of an IPv6 address."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str, now: float) -> int:
        """Return how many seconds this address has to wait; 0 for none.

        Args:
            address: the client's.
            now: seconds of a clock that never goes back.
        """
        with self._lock:
            times = self._failed.get(_place(address), deque())
            while times and times[0] <= now - WINDOW:
                times.popleft()
            return int(times[0] + WINDOW - now) + 1 if len(times) >= FAILURES else 0

    def failed(self, address: str, now: float) -> None:
        """Count a failure."""
        place = _place(address)
        with self._lock:
            self._failed.setdefault(place, deque(maxlen=FAILURES)).append(now)
            self._failed.move_to_end(place)
            if len(self._failed) > _PLACES:
                self._failed.popitem(last=False)


def _place(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)
