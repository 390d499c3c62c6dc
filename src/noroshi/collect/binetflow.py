"""Collector of Argus flows as text (``.binetflow``): a header line, then a bidirectional flow each.

Source: Argus ``ra(1)``; the direction mark ``->``, ``<-``, ``<->`` or ``?`` stands between the
addresses. Times carry no zone and are taken for UTC.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from noroshi.collect.clock import any_time
from noroshi.collect.delimited import csv_rows
from noroshi.collect.evidence import Evidence, Head
from noroshi.collect.mapping import (
    Expression,
    Fields,
    constant,
    epoch_time,
    integer,
    lower,
    without,
)
from noroshi.collect.record import BadRecord, Record, Value
from noroshi.collect.registry import collector
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import address
from noroshi.model import EVENT_CLASSES, LogSource


def _back(total: str, out: str) -> Expression:
    def run(fields: Fields) -> pa.Array:
        return pc.subtract(integer(total)(fields), integer(out)(fields))

    return run


FLOW = Shape(
    "binetflow",
    EVENT_CLASSES["network_activity"],
    LogSource("", ("netflow",), ("firewall", "network_connection")),
    any_time("StartTime"),
    {
        "metadata_log_provider": constant("argus"),
        "src_endpoint_ip": address("src_ip"),
        "src_endpoint_port": integer("src_port"),
        "dst_endpoint_ip": address("dst_ip"),
        "dst_endpoint_port": integer("dst_port"),
        "connection_info_protocol_name": lower("Proto"),
        "connection_info_state": without("State", ""),
        "duration": epoch_time("Dur"),
        "traffic_bytes_out": integer("SrcBytes"),
        "traffic_bytes_in": _back("TotBytes", "SrcBytes"),
        "traffic_packets_out": integer("SrcPkts"),
        "traffic_packets_in": _back("TotPkts", "SrcPkts"),
    },
)


def sniff(head: Head) -> int:
    """The header names what only Argus calls so."""
    first = head.lines[0] if head.lines else ""
    return 90 if first.startswith("StartTime") and "SrcAddr" in first and "Dir" in first else 0


@collector("binetflow", sniff=sniff)
def read_binetflow(evidence: Evidence) -> Iterator[Record | BadRecord]:
    """Yield the flows, the initiator first."""
    for item in csv_rows(evidence):
        if isinstance(item, BadRecord):
            yield item
            continue
        fields: dict[str, Value] = {**item[1]}
        source, target = ("Src", "Dst")
        if str(fields.get("Dir", "")).strip() in ("<-", "<?"):
            source, target = target, source
        ports = {"Src": "Sport", "Dst": "Dport"}
        fields["src_ip"], fields["src_port"] = (
            fields.get(f"{source}Addr"),
            fields.get(ports[source]),
        )
        fields["dst_ip"], fields["dst_port"] = (
            fields.get(f"{target}Addr"),
            fields.get(ports[target]),
        )
        yield Record(FLOW, fields)
