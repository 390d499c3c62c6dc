"""The journal of a Linux host, exported as ``journalctl -o json`` does.

Source: systemd, ``systemd.journal-fields(7)`` and "Journal JSON Format".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import orjson

from noroshi.drill.event import Event, Executed, SyslogLine
from noroshi.drill.write.sheet import Sheet

_BOOT = hashlib.sha256(b"boot").hexdigest()[:32]


def write_journal(events: Iterable[Event]) -> Sheet:
    """Write what programs said and what was executed, an object a line."""
    sheet = Sheet("www01/journal.json")
    found = (event for event in events if isinstance(event, SyslogLine | Executed))
    for number, event in enumerate(found, 41_000):
        machine = hashlib.sha256(event.host.fqdn.encode()).hexdigest()[:32]
        fields: dict[str, str] = {
            "__CURSOR": f"s={_BOOT};i={number:x};b={_BOOT};m={event.time:x};t={event.time:x}",
            "__REALTIME_TIMESTAMP": str(event.time),
            "__MONOTONIC_TIMESTAMP": str(event.time % 10**12),
            "_BOOT_ID": _BOOT, "_MACHINE_ID": machine, "_HOSTNAME": event.host.name.lower(),
        }  # fmt: skip
        if isinstance(event, SyslogLine):
            fields |= {
                "_TRANSPORT": "syslog", "PRIORITY": "6", "SYSLOG_FACILITY": "10",
                "SYSLOG_IDENTIFIER": event.program, "SYSLOG_PID": str(event.pid),
                "_PID": str(event.pid), "_COMM": event.program, "MESSAGE": event.message,
            }  # fmt: skip
        else:
            fields |= {
                "_TRANSPORT": "audit", "_PID": str(event.pid), "_UID": str(event.uid),
                "_AUDIT_LOGINUID": str(event.login_uid), "_AUDIT_ID": str(event.serial),
                "_AUDIT_TYPE_NAME": "EXECVE", "_EXE": event.program,
                "_CMDLINE": " ".join(event.arguments), "SYSLOG_IDENTIFIER": "audit",
                "MESSAGE": "EXECVE " + " ".join(
                    f'a{index}="{text}"' for index, text in enumerate(event.arguments)
                ),
            }  # fmt: skip
        sheet.add(orjson.dumps(fields).decode(), event.step)
    return sheet
