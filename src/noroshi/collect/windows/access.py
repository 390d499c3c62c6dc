"""Remote desktop, DNS client, NTLM, SQL Server: who reached what over the network.

Source: the providers' manifests (``wevtutil gp``).
"""

from __future__ import annotations

import re

from noroshi.collect.mapping import (
    account_domain,
    account_name,
    choice,
    coalesce,
    constant,
    integer,
    lower,
    per_value,
)
from noroshi.collect.windows.kind import Kind, Kinds, activity
from noroshi.collect.windows.values import (
    DNS_STATUS,
    DNS_TYPES,
    address,
    any_value,
    listed,
    present,
)
from noroshi.model.classes.identity import AUTHENTICATION
from noroshi.model.classes.network import DNS_ACTIVITY, NETWORK_ACTIVITY

RDP_CONNECTIONS: Kinds = {
    1149: Kind(
        "rdp/1149",
        AUTHENTICATION,
        activity(1, "Logon")
        | {
            "user_name": "Param1",
            "user_domain": present("Param2"),
            "src_endpoint_ip": address("Param3"),
            "logon_type_id": constant(10),
        },
    )
}
RDP_TRANSPORT: Kinds = {
    131: Kind(
        "rdp-transport/131",
        NETWORK_ACTIVITY,
        activity(1, "Open")
        | {
            "src_endpoint_ip": per_value(lambda text: _split_port(text)[0], "ClientIP"),
            "src_endpoint_port": integer(per_value(lambda text: _split_port(text)[1], "ClientIP")),
            "connection_info_protocol_name": lower("ConnType"),
            "app_name": constant("rdp"),
        },
    )
}


def _split_port(text: str) -> tuple[str, str]:
    """Split ``192.0.2.1:50000`` or ``[2001:db8::1%4]:50000``."""
    address, _, port = text.rpartition(":")
    return address.strip("[]").partition("%")[0], port


RDP_SESSIONS: Kinds = {
    event: Kind(
        f"rdp/{event}",
        AUTHENTICATION,
        activity(*what)
        | {
            "user_name": account_name("User"),
            "user_domain": account_domain("User"),
            "session_uid": "SessionID",
        }
        | ({"src_endpoint_ip": address("Address")} if event != 23 else {}),
    )
    for event, what in {
        21: (1, "Logon"),
        22: (1, "Shell start"),
        23: (2, "Logoff"),
        24: (2, "Session Disconnect"),
        25: (1, "Session Reconnect"),
    }.items()
}
DNS_CLIENT: Kinds = {
    event: Kind(
        f"dns-client/{event}",
        DNS_ACTIVITY,
        activity(1, "Query")
        | {
            "query_hostname": lower("QueryName"),
            "query_type": coalesce(choice("QueryType", DNS_TYPES), "QueryType"),
            "rcode": coalesce(choice("QueryStatus", DNS_STATUS), "QueryStatus"),
            "answers": listed(present("QueryResults"), ";"),
            "actor_process_pid": integer("Execution_ProcessID"),
        },
        ("dns_query",),
    )
    for event in (3008, 3020)
}

NTLM: Kinds = {
    8004: Kind(
        "ntlm/8004",
        AUTHENTICATION,
        activity(1, "Logon")
        | {
            "user_name": "UserName",
            "user_domain": present("DomainName"),
            "src_endpoint_hostname": lower(present("WorkstationName")),
            "dst_endpoint_hostname": lower(present("SChannelName")),
            "auth_protocol": constant("NTLM"),
        },
    )
}

_CLIENT = re.compile(r"\[CLIENT: ([0-9a-fA-F.:]{2,45})\]")


def _client(text: str) -> str | None:
    found = _CLIENT.search(text)
    return found.group(1) if found else None


SQL_SERVER: Kinds = {
    event: Kind(
        f"mssql/{event}",
        AUTHENTICATION,
        activity(1, "Logon")
        | {
            "user_name": account_name("Data"),
            "src_endpoint_ip": per_value(_client, any_value("Data")),
            "status_id": constant(status),
            "status_detail": any_value("Data"),
            "service_name": constant("mssql"),
        },
    )
    for event, status in {18453: 1, 18454: 1, 18456: 2}.items()
}
