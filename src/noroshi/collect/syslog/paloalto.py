"""Traffic logs of PAN-OS: comma-separated, positions instead of names.

Source: Palo Alto Networks "PAN-OS Administrator's Guide", "Traffic Log Fields".
"""

from __future__ import annotations

import csv

from noroshi.collect.syslog.appliances import Found
from noroshi.collect.syslog.shapes import vendor_shape

_POSITIONS = {
    "receive_time": 1, "serial": 2, "type": 3, "subtype": 4, "event_code": 4, "src_ip": 7,
    "dst_ip": 8, "natsrc": 9, "natdst": 10, "rule": 11, "srcuser": 12, "dstuser": 13,
    "service": 14, "vsys": 15, "from": 16, "to": 17, "sessionid": 22, "connection": 22,
    "src_port": 24, "dst_port": 25, "natsport": 26, "natdport": 27, "protocol": 29, "action": 30,
    "bytes": 31, "bytes_out": 32, "bytes_in": 33, "packets": 34, "start": 35, "elapsed": 36,
}  # fmt: skip
"""Names of fields and their places, counted from 0."""
_FEWEST = 42
_TRAFFIC = vendor_shape("paloalto", "traffic", "flow")


def is_paloalto(text: str) -> bool:
    """Tell whether a message is a traffic log."""
    return ",TRAFFIC," in text[:128]


def paloalto(text: str) -> Found | None:
    """Read a traffic log; None where it is cut short or no row at all."""
    try:
        cells = next(csv.reader([text]), [])
    except csv.Error:
        return None
    if len(cells) < _FEWEST or cells[3] != "TRAFFIC":
        return None
    fields = {name: cells[place] for name, place in _POSITIONS.items() if cells[place]}
    seconds = fields.get("elapsed", "")
    if seconds.isdecimal() and len(seconds) < 10:
        fields["duration_us"] = str(int(seconds) * 1_000_000)
    fields["activity"] = fields.get("subtype", "")
    return Found(_TRAFFIC, fields)
