"""CIDR indicators, by prefix length: an address is in one if its upper bits are listed."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from noroshi.intel.indicators.indicator import Indicator

_Numbers = npt.NDArray[np.uint64]
_HALF = 64


class Networks:
    """Listed networks, asked a column of addresses at a time.

    Args:
        indicators: indicators of type network.
    """

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self._listed: dict[tuple[int, int], dict[int, list[Indicator]]] = {}
        for indicator in indicators:
            network = ipaddress.ip_network(indicator.value)
            level = self._listed.setdefault((network.version, network.prefixlen), {})
            number = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
            level.setdefault(number, []).append(indicator)

    def __bool__(self) -> bool:
        return bool(self._listed)

    @cached_property
    def _upper_bits(self) -> dict[tuple[int, int], _Numbers]:
        """Sorted upper bits of the networks; of IPv6, what lies in the upper half."""
        bits: dict[tuple[int, int], _Numbers] = {}
        for (version, length), level in self._listed.items():
            beyond = max(length - _HALF, 0) if version == 6 else 0
            bits[version, length] = np.unique(
                np.array([number >> beyond for number in level], np.uint64)
            )
        return bits

    def find(
        self, fours: pa.Array, sixes: pa.Array, texts: pa.Array
    ) -> Iterator[tuple[int, Indicator]]:
        """Yield (position, indicator) for every address inside a listed network.

        Args:
            fours: IPv4 addresses as integers, null for others.
            sixes: upper 64 bits of IPv6 addresses, signed, null for others.
            texts: the addresses as text, asked only where the integers say perhaps.
        """
        columns = {4: _valid(fours), 6: _valid(sixes)}
        for (version, length), listed in self._upper_bits.items():
            places, numbers = columns[version]
            width = 32 if version == 4 else _HALF
            upper = numbers >> np.uint64(width - min(length, width))
            at = np.minimum(np.searchsorted(listed, upper), listed.size - 1)
            for place in places[listed[at] == upper].tolist():
                for indicator in self._inside((version, length), texts[place].as_py()):
                    yield place, indicator

    def _inside(self, level: tuple[int, int], text: str) -> Iterable[Indicator]:
        address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(
            text.partition("%")[0]
        )
        if isinstance(address, ipaddress.IPv6Address) and level[0] == 4:
            address = address.ipv4_mapped or address
        return self._listed[level].get(int(address) >> (address.max_prefixlen - level[1]), ())


def _valid(numbers: pa.Array) -> tuple[npt.NDArray[np.int64], _Numbers]:
    places = np.flatnonzero(numbers.is_valid().to_numpy(zero_copy_only=False))
    values = numbers.drop_null().to_numpy().view(np.uint64)
    return places, values
