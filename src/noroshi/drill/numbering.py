"""What machines number: ports, process ids, sessions.

Each number follows from the time, so that numbers rise in the order in which things happen, whoever
is told first, and each day of a period can be made alone.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, MutableMapping, Sequence
from functools import lru_cache

from noroshi.drill.clock import SECOND
from noroshi.drill.event import Process
from noroshi.drill.world import Host

PROCESS_PACE = 12 * SECOND
"""How long a machine takes for one process on average, µs."""
_PORT_PACE = {"pc": 1_700_000, "proxy": 40_000, "proxy-upstream": 40_000}
"""How long a machine takes for one port on average, µs; bursts go faster."""
ORDINARY = 4_000
"""How many of :func:`process_ids` ordinary life has; the steps of a story share the others."""


@lru_cache(maxsize=8)
def process_ids(seed: int) -> tuple[int, ...]:
    """Return the process ids there are, shuffled: whose a number is cannot be told from it.

    The day and each step of a story have their own part of them, since neither knows what the
    others start and every number must be free. Windows counts in fours.
    """
    numbers = list(range(1_200, 29_200, 4))
    random.Random(f"{seed}/process-ids").shuffle(numbers)  # noqa: S311
    return tuple(numbers)


class Numbering:
    """The numbers that are taken.

    Attributes:
        boots: when each Windows machine was started.
        ends: when each process that has ended did so.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.boots: dict[str, int] = {}
        self.ends: MutableMapping[Process, int] = {}
        self._slots: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._outside_ports: defaultdict[str, set[int]] = defaultdict(set)
        self._lives: dict[tuple[str, int], list[Process]] = {}
        self._serials: dict[str, int] = {}

    def serial(self, kind: str, host: Host, start: int = 1) -> int:
        """Count something on a host."""
        key = f"{kind}/{host.name}"
        self._serials[key] = self._serials.get(key, start - 1) + 1
        return self._serials[key]

    def port(self, host: Host, time: int) -> int:
        """Return a client port; they go upwards with time (Windows: RFC 6335's dynamic ports)."""
        low, count = (49_152, 16_384) if host.windows else (32_768, 28_232)
        return low + self._slot("port", host, time // _PORT_PACE.get(host.role, SECOND)) % count

    def _outside_port(self, address: str, rng: random.Random) -> int:
        """Return a client port that an address outside has not used on this day."""
        used = self._outside_ports[address]
        while (port := rng.randrange(1025, 65_000)) in used and len(used) < 60_000:
            pass
        used.add(port)
        return port

    def _slot(self, kind: str, host: Host, wanted: int) -> int:
        """Return the first free number from the wanted one on."""
        used = self._slots[kind, host.name]
        while wanted in used:
            wanted += 1
        used.add(wanted)
        return wanted

    def slots(self, kind: str, host: Host) -> Collection[int]:
        """Return the numbers of a kind that are taken on a host."""
        return self._slots.get((kind, host.name), ())

    def _process_id(self, host: Host, time: int) -> tuple[int, int]:
        """Return the process id that is free now, and the number that the process counts as."""
        slot = (time - self.boots.get(host.name, 0)) // PROCESS_PACE
        numbers = process_ids(self._seed)
        while True:
            slot = self._slot("process", host, slot)
            pid = numbers[slot % ORDINARY]
            if self._is_free(host, pid, time):
                return pid, slot

    def _is_free(self, host: Host, pid: int, time: int) -> bool:
        """Tell whether every process of a host that has had a process id ended before a time."""
        return all(self.ends.get(other, time) < time for other in self.of_number(host, pid))

    def of_number(self, host: Host, pid: int) -> Sequence[Process]:
        """Return the processes of a host that have had a process id."""
        return self._lives.get((host.name, pid), ())
