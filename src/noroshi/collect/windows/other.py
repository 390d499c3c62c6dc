"""Kinds of the providers that are neither Sysmon, PowerShell nor the Security log."""

from __future__ import annotations

from collections.abc import Mapping

from noroshi.collect.windows.access import (
    DNS_CLIENT,
    NTLM,
    RDP_CONNECTIONS,
    RDP_SESSIONS,
    RDP_TRANSPORT,
    SQL_SERVER,
)
from noroshi.collect.windows.defender import DEFENDER
from noroshi.collect.windows.kind import Kinds
from noroshi.collect.windows.services_and_tasks import BITS, EVENT_LOG, SERVICE_CONTROL, TASKS, WMI

BY_PROVIDER: Mapping[str, Kinds] = {
    "service control manager": SERVICE_CONTROL,
    "microsoft-windows-eventlog": EVENT_LOG,
    "microsoft-windows-windows defender": DEFENDER,
    "microsoft-windows-taskscheduler": TASKS,
    "microsoft-windows-wmi-activity": WMI,
    "microsoft-windows-bits-client": BITS,
    "microsoft-windows-terminalservices-remoteconnectionmanager": RDP_CONNECTIONS,
    "microsoft-windows-terminalservices-localsessionmanager": RDP_SESSIONS,
    "microsoft-windows-remotedesktopservices-rdpcorets": RDP_TRANSPORT,
    "microsoft-windows-dns-client": DNS_CLIENT,
    "microsoft-windows-ntlm": NTLM,
    "microsoft-windows-security-netlogon": NTLM,
    "mssqlserver": SQL_SERVER,
}
"""Provider in lower case -> its kinds."""
