"""The web server's own logs: syslog of logins and jobs, and the audit trail of executions.

Sources: RFC 3164 (syslog as Debian's rsyslog writes it, local time, no year); Linux audit
documentation, "The audit event record" (auditd's raw format).
"""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.drill.clock import local
from noroshi.drill.event import Event, Executed, SyslogLine
from noroshi.drill.write.sheet import Sheet

_EXECVE = 59
_X86_64 = "c000003e"


def write_syslog(events: Iterable[Event]) -> Sheet:
    """Write logins, sudo and cron."""
    sheet = Sheet("www01/auth.log")
    for event in events:
        if isinstance(event, SyslogLine):
            time = local(event.time)
            stamp = f"{time:%b} {time.day:2d} {time:%H:%M:%S}"
            text = f"{event.program}[{event.pid}]: {event.message}"
            sheet.add(f"{stamp} {event.host.name.lower()} {text}", event.step)
    return sheet


def write_audit(events: Iterable[Event]) -> Sheet:
    """Write each execution as the records that auditd makes of it."""
    sheet = Sheet("www01/audit.log")
    for event in events:
        if isinstance(event, Executed):
            sheet.add("\n".join(_records(event)), event.step)
    return sheet


def _records(event: Executed) -> list[str]:
    stamp = f"msg=audit({event.time // 1_000_000}.{event.time // 1000 % 1000:03d}:{event.serial}):"
    name = event.arguments[0].rpartition("/")[2]
    ids = " ".join(f"{key}={event.uid}" for key in ("uid", "gid", "euid", "suid", "fsuid", "egid"))
    terminal = "(none)" if event.login_uid == 4294967295 else "pts0"
    arguments = " ".join(f'a{index}="{text}"' for index, text in enumerate(event.arguments))
    title = "\0".join(event.arguments).encode().hex().upper()
    return [
        f"type=SYSCALL {stamp} arch={_X86_64} syscall={_EXECVE} success=yes exit=0 a0=55d0c0de1000 "
        f"a1=55d0c0de2000 a2=55d0c0de3000 a3=8 items=2 ppid={event.ppid} pid={event.pid} "
        f"auid={event.login_uid} {ids} tty={terminal} ses={event.login_uid} comm=\"{name}\" "
        f"exe=\"{event.program}\" key=\"exec\"",
        f"type=EXECVE {stamp} argc={len(event.arguments)} {arguments}",
        f"type=PROCTITLE {stamp} proctitle={title}",
    ]  # fmt: skip
