"""A report's indicators in the form in which events are matched."""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.intel.indicators import Indicator, IndicatorType
from noroshi.intel.indicators.indicator import IndicatorError, normalised
from noroshi.intel.text.extraction import FILE_HASHES, Extraction, Role, ValueType

_KINDS = {
    ValueType.IPV4: IndicatorType.ADDRESS,
    ValueType.IPV6: IndicatorType.ADDRESS,
    ValueType.CIDR: IndicatorType.NETWORK,
    ValueType.DOMAIN: IndicatorType.DOMAIN,
    ValueType.URL: IndicatorType.URL,
    ValueType.EMAIL: IndicatorType.MAIL,
    ValueType.FILE_NAME: IndicatorType.FILE_NAME,
} | dict.fromkeys(FILE_HASHES, IndicatorType.HASH)


def armed(found: Extraction, source: str) -> Iterator[Indicator]:
    """Yield what the report calls an indicator and events can show, each value once.

    Confidence is that of the surest mention; the line around it is the description.
    """
    best: dict[tuple[IndicatorType, str], Indicator] = {}
    for item in found.indicators:
        kind = _KINDS.get(item.type)
        if kind is None or item.context is not Role.INDICATOR:
            continue
        try:
            value = normalised(kind, item.value)
        except IndicatorError:
            continue
        confidence = round(item.confidence * 100)
        known = best.get((kind, value))
        if known is None or known.confidence < confidence:
            line = " ".join(item.line.split())[:200]
            best[kind, value] = Indicator(
                kind, value, source, confidence=confidence, description=line
            )
    yield from best.values()
