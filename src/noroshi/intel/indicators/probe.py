"""Columns of values against the store: which row of the batch holds which indicator."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from noroshi.intel.indicators.indicator import (
    Indicator,
    IndicatorType,
    canonical_url,
)
from noroshi.intel.indicators.store import IndicatorStore, indicator_of
from noroshi.intel.indicators.text_hash import Hashes, buffers, hash_slices

COLUMNS: dict[str, IndicatorType] = {
    "src_endpoint_ip": IndicatorType.ADDRESS,
    "dst_endpoint_ip": IndicatorType.ADDRESS,
    "email_x_originating_ip": IndicatorType.ADDRESS,
    "answers": IndicatorType.ADDRESS,
    "query_hostname": IndicatorType.DOMAIN,
    "dst_endpoint_hostname": IndicatorType.DOMAIN,
    "http_request_url_hostname": IndicatorType.DOMAIN,
    "tls_sni": IndicatorType.DOMAIN,
    "http_request_url_url_string": IndicatorType.URL,
    "email_urls": IndicatorType.URL,
    "email_from": IndicatorType.MAIL,
    "email_reply_to": IndicatorType.MAIL,
    "email_return_path": IndicatorType.MAIL,
    "email_to": IndicatorType.MAIL,
    "email_attachment_sha256": IndicatorType.HASH,
    "email_attachments": IndicatorType.FILE_NAME,
    "file_name": IndicatorType.FILE_NAME,
    "process_name": IndicatorType.FILE_NAME,
    "module_file_name": IndicatorType.FILE_NAME,
    **{
        f"{owner}_hashes_{algorithm}": IndicatorType.HASH
        for owner in ("file", "process_file", "module_file")
        for algorithm in ("md5", "sha1", "sha256", "imphash")
    },
    "tls_certificate_fingerprint": IndicatorType.HASH,
}
"""Which event columns are looked up, and as what."""

Rows = npt.NDArray[np.int64]


class Sighting(NamedTuple):
    """An indicator in a batch: the column and value that showed it, and the rows."""

    indicator: Indicator
    column: str
    value: str
    rows: Rows


class Probe:
    """Looks batches up in a store; sees what was imported before it was made."""

    def __init__(self, store: IndicatorStore) -> None:
        self._segments = store.segments()
        self._kinds = {
            kind
            for segment in self._segments
            for kind, (first, last) in segment.ranges.items()
            if first < last
        }
        self._networks = _Networks(self._all(IndicatorType.NETWORK))

    def sightings(self, events: pa.RecordBatch) -> Iterator[Sighting]:
        """Yield every indicator that a batch of events shows."""
        for name in events.schema.names:
            kind = COLUMNS.get(name)
            if kind is None or not self._wanted(kind):
                continue
            column = events.column(name)
            if column.null_count < len(column):
                yield from self._in_column(kind, name, column)

    def _wanted(self, kind: IndicatorType) -> bool:
        return kind in self._kinds or (
            kind is IndicatorType.ADDRESS and IndicatorType.NETWORK in self._kinds
        )

    def _in_column(self, kind: IndicatorType, name: str, column: pa.Array) -> Iterator[Sighting]:
        parents = None
        if pa.types.is_list(column.type):
            parents = pc.list_parent_indices(column).to_numpy()
            column = column.flatten()
        encoded = column.dictionary_encode()
        texts = encoded.dictionary
        codes = encoded.indices.fill_null(-1).to_numpy()
        found = [(indicator, texts[at].as_py(), at) for at, indicator in self._lookup(kind, texts)]
        for indicator, value, at in found:
            rows = np.flatnonzero(codes == at)
            yield Sighting(indicator, name, value, rows if parents is None else parents[rows])

    def _lookup(self, kind: IndicatorType, texts: pa.Array) -> Iterator[tuple[int, Indicator]]:
        asked = _as_stored(kind, texts)
        of_query, hashes = _hashes(kind, asked)
        seen: set[tuple[int, str]] = set()
        for segment in self._segments:
            for query, row in segment.find(kind.value, hashes):
                at = int(of_query[query])
                indicator = indicator_of(segment.rows.slice(row, 1).to_pylist()[0])
                if (at, indicator.id) not in seen and _really(kind, asked[at].as_py(), indicator):
                    seen.add((at, indicator.id))
                    yield at, indicator
        if kind is IndicatorType.ADDRESS and self._networks:
            yield from self._networks.find(asked)

    def _all(self, kind: IndicatorType) -> Iterator[Indicator]:
        for segment in self._segments:
            first, last = segment.ranges.get(kind.value, (0, 0))
            for row in segment.rows.slice(first, last - first).to_pylist():
                yield indicator_of(row)


def _hashes(kind: IndicatorType, texts: pa.Array) -> tuple[Rows, Hashes]:
    """Return hashes to ask for, and which text each belongs to; a domain asks for its parents."""
    data, bounds = buffers(texts.fill_null(""))
    starts, ends = bounds[:-1], bounds[1:]
    own = np.arange(len(texts))
    if kind is not IndicatorType.DOMAIN:
        return own, hash_slices(data, starts, ends)
    dots = np.flatnonzero(data[: int(bounds[-1])] == ord("."))
    dots = dots[dots >= bounds[0]]
    of_dot = np.searchsorted(bounds, dots, "right") - 1
    all_starts = np.concatenate([starts, dots + 1])
    of_query = np.concatenate([own, of_dot])
    return of_query, hash_slices(data, all_starts, ends[of_query])


def _as_stored(kind: IndicatorType, texts: pa.Array) -> pa.Array:
    """Return texts in the form in which indicators of the kind are stored."""
    if kind is IndicatorType.URL:
        return pa.array(
            [canonical_url(t) if t and "://" in t else t for t in texts.to_pylist()], pa.string()
        )
    if kind is IndicatorType.ADDRESS:
        if not pc.any(pc.match_substring(texts, ":")).as_py():
            return texts
        return pa.array([_canonical(text) for text in texts.to_pylist()], pa.string())
    return pc.utf8_rtrim(pc.utf8_lower(texts), ".")


def _canonical(text: str | None) -> str | None:
    if not text or ":" not in text:
        return text
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text


def _really(kind: IndicatorType, text: str, indicator: Indicator) -> bool:
    if kind is IndicatorType.DOMAIN:
        return text == indicator.value or text.endswith("." + indicator.value)
    return text == indicator.value


class _Networks:
    """CIDR indicators by prefix length: an address is in one if its masked value is listed."""

    def __init__(self, indicators: Iterator[Indicator]) -> None:
        self._lists: dict[tuple[int, int], dict[int, list[Indicator]]] = {}
        for indicator in indicators:
            network = ipaddress.ip_network(indicator.value)
            level = self._lists.setdefault((network.version, network.prefixlen), {})
            level.setdefault(int(network.network_address), []).append(indicator)

    def __bool__(self) -> bool:
        return bool(self._lists)

    def find(self, texts: pa.Array) -> Iterator[tuple[int, Indicator]]:
        """Yield (position, indicator) for every address inside a listed network."""
        for at, text in enumerate(texts.to_pylist()):
            try:
                address = ipaddress.ip_address(text or "")
            except ValueError:
                continue
            number, bits = int(address), address.max_prefixlen
            for (version, length), level in self._lists.items():
                if version == address.version:
                    masked = number >> (bits - length) << (bits - length)
                    for indicator in level.get(masked, ()):
                        yield at, indicator
