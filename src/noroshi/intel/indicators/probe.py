"""Columns of values against the store: which row of the batch holds which indicator."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from noroshi.intel.indicators.by_value import indicator_of
from noroshi.intel.indicators.indicator import (
    DOMAIN_LENGTH,
    VALUE_LENGTH,
    Indicator,
    IndicatorType,
    canonical_url,
)
from noroshi.intel.indicators.networks import Networks
from noroshi.intel.indicators.store import IndicatorStore, Segment
from noroshi.intel.indicators.text_hash import Hashes, buffers, hash_slices

_T = IndicatorType
COLUMNS: dict[str, tuple[IndicatorType, ...]] = {
    "src_endpoint_ip": (_T.ADDRESS,),
    "dst_endpoint_ip": (_T.ADDRESS,),
    "email_x_originating_ip": (_T.ADDRESS,),
    "answers": (_T.ADDRESS,),
    "query_hostname": (_T.DOMAIN,),
    "dst_endpoint_hostname": (_T.DOMAIN,),
    "http_request_url_hostname": (_T.DOMAIN, _T.ADDRESS),
    "tls_sni": (_T.DOMAIN,),
    "http_request_url_url_string": (_T.URL,),
    "email_urls": (_T.URL, _T.DOMAIN, _T.ADDRESS),
    "email_from": (_T.MAIL, _T.DOMAIN),
    "email_reply_to": (_T.MAIL, _T.DOMAIN),
    "email_return_path": (_T.MAIL, _T.DOMAIN),
    "email_to": (_T.MAIL,),
    "email_attachment_sha256": (_T.HASH,),
    "email_attachments": (_T.FILE_NAME,),
    "file_name": (_T.FILE_NAME,),
    "process_name": (_T.FILE_NAME,),
    "module_file_name": (_T.FILE_NAME,),
    **{
        f"{owner}_hashes_{algorithm}": (_T.HASH,)
        for owner in ("file", "process_file", "module_file")
        for algorithm in ("md5", "sha1", "sha256", "imphash")
    },
    "tls_certificate_fingerprint": (_T.HASH,),
    "tls_ja3_hash_value": (_T.HASH,),
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

    def __init__(self, store: IndicatorStore | Sequence[Segment]) -> None:
        self._segments = store.segments() if isinstance(store, IndicatorStore) else list(store)
        self._kinds = {
            kind
            for segment in self._segments
            for kind, (first, last) in segment.ranges.items()
            if first < last
        }
        self._networks = Networks(self._all(IndicatorType.NETWORK))

    def sightings(self, events: pa.RecordBatch) -> Iterator[Sighting]:
        """Yield every indicator that a batch of events shows."""
        for name in events.schema.names:
            kinds = [kind for kind in COLUMNS.get(name, ()) if kind in self._kinds]
            networks = self._networks and IndicatorType.ADDRESS in COLUMNS.get(name, ())
            column = events.column(name)
            if (kinds or networks) and column.null_count < len(column):
                yield from self._in_column(kinds, name, column)
                if networks:
                    yield from self._in_networks(name, column, events)

    def among(self, texts: pa.Array) -> Iterator[tuple[int, Indicator]]:
        """Yield (position, indicator) for loose values, whichever kind each of them is."""
        for kind in IndicatorType:
            if kind in self._kinds and kind is not IndicatorType.NETWORK:
                yield from self._lookup(kind, texts)
        if self._networks:
            stored = _as_stored(IndicatorType.ADDRESS, texts)
            yield from self._networks.find(*_numbers(stored), stored)

    def _in_column(
        self, kinds: Sequence[IndicatorType], name: str, column: pa.Array
    ) -> Iterator[Sighting]:
        values = _Values(column)
        for kind in kinds:
            for at, indicator in self._lookup(kind, values.texts):
                yield Sighting(indicator, name, values.texts[at].as_py(), values.rows(at))

    def _in_networks(
        self, name: str, column: pa.Array, events: pa.RecordBatch
    ) -> Iterator[Sighting]:
        if f"{name}_n" in events.schema.names:
            fours, sixes = events.column(f"{name}_n"), events.column(f"{name}_hi")
            for row, indicator in self._networks.find(fours, sixes, column):
                yield Sighting(indicator, name, column[row].as_py(), np.array([row]))
            return
        values = _Values(column)
        texts = _as_stored(IndicatorType.ADDRESS, values.texts)
        for at, indicator in self._networks.find(*_numbers(texts), texts):
            yield Sighting(indicator, name, values.texts[at].as_py(), values.rows(at))

    def _lookup(self, kind: IndicatorType, texts: pa.Array) -> Iterator[tuple[int, Indicator]]:
        asked = _as_stored(kind, texts)
        of_query, hashes = _hashes(kind, asked)
        seen: set[tuple[int, str]] = set()
        for segment in self._segments:
            hits = list(segment.find(kind.value, hashes))
            rows = segment.rows.take([row for _, row in hits]).to_pylist() if hits else []
            for (query, _), row in zip(hits, rows, strict=True):
                at, indicator = int(of_query[query]), indicator_of(row)
                if (at, indicator.id) not in seen and _really(kind, asked[at].as_py(), indicator):
                    seen.add((at, indicator.id))
                    yield at, indicator

    def _all(self, kind: IndicatorType) -> Iterator[Indicator]:
        for segment in self._segments:
            first, last = segment.ranges.get(kind.value, (0, 0))
            for row in segment.rows.slice(first, last - first).to_pylist():
                yield indicator_of(row)


class _Values:
    """The distinct texts of a column, and the rows that hold each."""

    def __init__(self, column: pa.Array) -> None:
        self._parents = None
        if pa.types.is_list(column.type):
            self._parents = pc.list_parent_indices(column).to_numpy()
            column = column.flatten()
        encoded = column.dictionary_encode()
        self.texts = encoded.dictionary
        self._codes = encoded.indices.fill_null(-1).to_numpy()

    @cached_property
    def _order(self) -> Rows:
        return np.argsort(self._codes, kind="stable")

    @cached_property
    def _bounds(self) -> Rows:
        wanted = np.arange(len(self.texts) + 1)
        return np.searchsorted(self._codes[self._order], wanted)

    def rows(self, at: int) -> Rows:
        """Return the rows that hold the text at a place."""
        rows = self._order[self._bounds[at] : self._bounds[at + 1]]
        return rows if self._parents is None else self._parents[rows]


def _hashes(kind: IndicatorType, texts: pa.Array) -> tuple[Rows, Hashes]:
    """Return hashes to ask for, and which text each belongs to; a domain asks for its parents.

    What is longer than any indicator is not asked for: the work stays linear in the input.
    """
    data, bounds = buffers(texts.fill_null(""))
    starts, ends = bounds[:-1], bounds[1:]
    of_query, limit = np.arange(len(texts)), VALUE_LENGTH
    if kind is IndicatorType.DOMAIN:
        limit = DOMAIN_LENGTH
        after, of_dot = _label_starts(data, bounds)
        starts = np.concatenate([starts, after])
        of_query = np.concatenate([of_query, of_dot])
        ends = ends[of_query]
    short = ends - starts <= limit
    if not short.all():
        starts, ends, of_query = starts[short], ends[short], of_query[short]
    return of_query, hash_slices(data, starts, ends)


def _label_starts(data: npt.NDArray[np.uint8], bounds: Rows) -> tuple[Rows, Rows]:
    """Return where a parent domain of two labels or more begins, and in which text."""
    used = data[: int(bounds[-1])]
    dots = np.flatnonzero((used == ord(".")) | (used == ord("@")))
    dots = dots[dots >= bounds[0]]
    of_dot = np.searchsorted(bounds, dots, "right") - 1
    not_last = np.append(of_dot[1:] == of_dot[:-1], False)[: dots.size]
    return dots[not_last] + 1, of_dot[not_last]


def _as_stored(kind: IndicatorType, texts: pa.Array) -> pa.Array:
    """Return texts in the form in which indicators of the kind are stored."""
    if kind is IndicatorType.URL:
        return pa.array(
            [canonical_url(t) if t and "://" in t else t for t in texts.to_pylist()], pa.string()
        )
    if kind in (IndicatorType.ADDRESS, IndicatorType.DOMAIN):
        texts = _hosts(texts)
    if kind is IndicatorType.ADDRESS:
        if not pc.any(pc.match_substring(texts, ":")).as_py():
            return texts
        return pa.array([_canonical(text) for text in texts.to_pylist()], pa.string())
    return pc.utf8_rtrim(pc.utf8_lower(texts), ".")


_HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(?P<host>\[[^\]]*\]|[^/:?#]*)"


def _hosts(texts: pa.Array) -> pa.Array:
    """Return texts with a URL's host in the place of the URL."""
    if not pc.any(pc.match_substring(texts, "://")).as_py():
        return texts
    hosts = pc.struct_field(pc.extract_regex(texts, _HOST), "host")
    return pc.coalesce(pc.utf8_trim(hosts, "[]"), texts)


def _canonical(text: str | None) -> str | None:
    if not text or ":" not in text:
        return text
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text


def _really(kind: IndicatorType, text: str, indicator: Indicator) -> bool:
    if kind is IndicatorType.DOMAIN:
        return text == indicator.value or text.endswith(
            ("." + indicator.value, "@" + indicator.value)
        )
    return text == indicator.value


def _numbers(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return IPv4 addresses as integers and the upper halves of IPv6 ones; null for the rest."""
    fours: list[int | None] = []
    sixes: list[int | None] = []
    for text in texts.to_pylist():
        four = six = None
        try:
            if text and text[0].isdigit() and ":" not in text:
                four = int.from_bytes(socket.inet_pton(socket.AF_INET, text))
            elif text and ":" in text:
                packed = socket.inet_pton(socket.AF_INET6, text)
                six = int.from_bytes(packed[:8], signed=True)
        except (OSError, ValueError):
            pass
        fours.append(four)
        sixes.append(six)
    return pa.array(fours, pa.int64()), pa.array(sixes, pa.int64())
