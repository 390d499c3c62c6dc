"""Leases, as ISC's dhcpd tells syslog of them, and as Windows' DHCP server audits them.

Sources: ISC DHCP, ``server/dhcp.c`` messages in ``dhcpd(8)``; Microsoft "Analyzing DHCP server log
files" (event ids, fields; dates are local, month first).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from zlib import crc32

from noroshi.drill.clock import local
from noroshi.drill.event import Event
from noroshi.drill.kind.network import Leased
from noroshi.drill.write.paper import Page, bsd
from noroshi.drill.write.sheet import Sheet


def station(address: str) -> str:
    """Return the hardware address of a machine inside, the same as in captures."""
    digest = hashlib.sha256(address.encode()).digest()[:5]
    return ":".join(f"{byte:02x}" for byte in b"\x02" + digest)


def write_dhcpd(events: Iterable[Event]) -> Sheet:
    """Write discover, offer, request and acknowledgement; a renewal has only the last two."""
    sheet = Sheet("dhcp/dhcpd.log")
    for event in events:
        if not isinstance(event, Leased):
            continue
        mac, server = station(event.host.ip), event.server.ip
        client = f"{mac} ({event.host.name}) via eth0"
        head = bsd(event.time, event.server.name, "dhcpd", 812)
        if not event.renewal:
            sheet.add(f"{head} DHCPDISCOVER from {client}", event.step)
            sheet.add(f"{head} DHCPOFFER on {event.host.ip} to {client}", event.step)
        asked = f"{event.host.ip} ({server})" if not event.renewal else event.host.ip
        sheet.add(f"{head} DHCPREQUEST for {asked} from {client}", event.step)
        sheet.add(f"{head} DHCPACK on {event.host.ip} to {client}", event.step)
    return sheet


def write_dhcp_audit(events: Iterable[Event]) -> Page:
    """Write the audit log of Windows' DHCP server, with its explanations at the top."""
    leases = [event for event in events if isinstance(event, Leased)]
    day = local(leases[0].time) if leases else None
    name = f"dhcp/DhcpSrvLog-{day:%a}.log" if day else "dhcp/DhcpSrvLog.log"
    page = Page(name, encoding="cp932", newline="\r\n")
    for text in _EXPLAINED:
        page.comment(text)
    for event in leases:
        moment = local(event.time)
        number, word = (11, "Renew") if event.renewal else (10, "Assign")
        mac = station(event.host.ip).replace(":", "").upper()
        page.row(
            (
                number, f"{moment:%m/%d/%y}", f"{moment:%H:%M:%S}", word, event.host.ip,
                event.host.fqdn, mac, "", crc32(f"{event.time}".encode()), 0, "", "", "",
                "0x4D53465420352E30", "MSFT 5.0", "", "", "", 0,
            ),
            event.step,
        )  # fmt: skip
    return page


_EXPLAINED = (
    "\t\tMicrosoft DHCP Service Activity Log", "", "", "Event ID  Meaning",
    "00\tThe log was started.", "10\tA new IP address was leased to a client.",
    "11\tA lease was renewed by a client.", "12\tA lease was released by a client.", "",
    "QResult: 0: NoQuarantine, 1:Quarantine, 2:Drop Packet, 3:Probation,6:No Quarantine "
    "Information ProbationTime:Year-Month-Day Hour:Minute:Second:MilliSecond.", "",
    "ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,"
    "Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),"
    "UserClass(ASCII),RelayAgentInformation,DnsRegError.",
)  # fmt: skip
