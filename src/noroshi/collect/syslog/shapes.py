"""The shapes that lines of Unix programs and of firewalls take."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

import pyarrow as pa

from noroshi.collect.clock import any_time
from noroshi.collect.mapping import (
    Expression,
    account_domain,
    account_name,
    base_name,
    choice,
    coalesce,
    constant,
    integer,
    lower,
    per_value,
    several,
    without,
)
from noroshi.collect.shape import Shape
from noroshi.collect.url_fields import domain
from noroshi.model import EVENT_CLASSES, LogSource

Columns = Mapping[str, Expression | str]

_SEVERITY_IDS = {
    "emerg": 6, "alert": 5, "crit": 5, "err": 4, "warning": 3, "notice": 2, "info": 1, "debug": 1,
}  # fmt: skip


def as_address(text: str) -> str | None:
    """Return the text if it is an address, else None."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return None
    return text


def address(source: Expression | str) -> Expression:
    """An address as it is; null where it is anything else."""
    return per_value(as_address, source)


LINE: Columns = {
    "message": "message",
    "device_hostname": domain("hostname"),
    "device_ip": address("hostname"),
    "metadata_log_provider": "program",
    "metadata_log_name": "facility",
    "metadata_event_code": "msgid",
    "severity_id": choice("severity", _SEVERITY_IDS, 0),
}

_OUTCOME: Columns = {
    "status_id": choice("outcome", {"success": 1, "failure": 2}),
    "status_detail": "reason",
    "activity_name": "activity",
}

_PEERS: Columns = {
    "src_endpoint_ip": address("src_ip"),
    "src_endpoint_port": integer("src_port"),
}

AUTHENTICATION: Columns = {
    **LINE,
    **_OUTCOME,
    **_PEERS,
    "src_endpoint_hostname": domain(
        per_value(lambda text: None if as_address(text) else text, "src_ip")
    ),
    "user_name": account_name(without("user")),
    "user_domain": account_domain(without("user")),
    "user_uid": "uid",
    "actor_user_name": without("by_user"),
    "auth_protocol": "method",
    "service_name": "program",
    "session_uid": "session",
    "actor_process_name": "program",
    "actor_process_pid": integer("pid"),
}

PROCESS: Columns = {
    **LINE,
    **_OUTCOME,
    "process_cmd_line": "command",
    "process_file_path": per_value(lambda text: text.split(" ", 1)[0] or None, "command"),
    "process_name": base_name(per_value(lambda text: text.split(" ", 1)[0] or None, "command")),
    "process_user_name": "user",
    "process_working_directory": "PWD",
    "actor_user_name": "by_user",
    "actor_process_name": "program",
    "actor_process_pid": integer("pid"),
}

JOB: Columns = {
    **LINE,
    **_OUTCOME,
    "job_name": "unit",
    "job_cmd_line": "command",
    "job_run_state": "activity",
    "actor_user_name": "user",
    "actor_process_name": "program",
    "actor_process_pid": integer("pid"),
}

ACCOUNT: Columns = {
    **LINE,
    **_OUTCOME,
    "user_name": "user",
    "user_uid": "uid",
    "group_name": "group",
    "group_uid": "gid",
    "actor_user_name": "by_user",
}

FLOW: Columns = {
    **LINE,
    **_PEERS,
    "dst_endpoint_ip": address("dst_ip"),
    "dst_endpoint_port": integer("dst_port"),
    "connection_info_protocol_name": lower("protocol"),
    "connection_info_uid": "connection",
    "connection_info_direction": lower("direction"),
    "activity_name": "activity",
    "disposition": lower("action"),
    "traffic_bytes_out": integer("bytes_out"),
    "traffic_bytes_in": integer("bytes_in"),
    "duration": integer("duration_us"),
    "app_name": lower("service"),
    "status_id": choice(
        per_value(str.lower, "action"),
        {
            "allow": 1, "allowed": 1, "accept": 1, "accepted": 1, "permit": 1, "permitted": 1,
            "pass": 1, "built": 1, "close": 1, "deny": 2, "denied": 2, "block": 2, "blocked": 2,
            "drop": 2, "dropped": 2, "reject": 2, "reset": 2, "discard": 2,
        },
    ),
    "is_alert": per_value(
        lambda text: text.lower().startswith(("den", "block", "drop", "reject")) or None,
        "action",
        pa.bool_(),
    ),
}  # fmt: skip

DNS: Columns = {
    **LINE,
    **_PEERS,
    "app_name": constant("dns"),
    "activity_name": "activity",
    "query_hostname": per_value(lambda name: name.rstrip(".").lower() or None, "query"),
    "query_type": "record_type",
    "query_class": "query_class",
    "answers": several("answer"),
    "rcode": "rcode",
    "dst_endpoint_ip": address("dst_ip"),
}

DHCP: Columns = {
    **LINE,
    "activity_name": "activity",
    "app_name": constant("dhcp"),
    "src_endpoint_ip": address("src_ip"),
    "src_endpoint_mac": lower("mac"),
    "src_endpoint_hostname": domain("client"),
}


def _mails(source: str) -> Expression:
    lowered = per_value(lambda text: text.strip("<> ").lower() or None, source)
    return lambda fields: pa.array(
        [None if value is None else [value] for value in lowered(fields).to_pylist()],
        pa.list_(pa.string()),
    )


MAIL: Columns = {
    **LINE,
    **_PEERS,
    **_OUTCOME,
    "src_endpoint_hostname": domain("client"),
    "dst_endpoint_ip": address("relay_ip"),
    "dst_endpoint_hostname": domain("relay"),
    "app_name": constant("smtp"),
    "connection_info_uid": "queue_id",
    "email_message_uid": "message_id",
    "email_from": per_value(lambda text: text.strip("<> ").lower() or None, "from"),
    "email_return_path": per_value(lambda text: text.strip("<> ").lower() or None, "from"),
    "email_to": _mails("to"),
    "disposition": "action",
}

GENERIC: Columns = {**LINE, "actor_process_name": "program", "actor_process_pid": integer("pid")}

_SERVICES: dict[str, tuple[str, ...]] = {
    "sshd": ("sshd", "auth", "syslog"),
    "sudo": ("sudo", "auth", "syslog"),
    "su": ("su", "auth", "syslog"),
    "cron": ("cron", "syslog"),
    "account": ("auth", "syslog"),
    "auth": ("auth", "syslog"),
    "clamav": ("clamav", "syslog"),
    "vsftpd": ("vsftpd", "syslog"),
    "guacamole": ("guacamole", "syslog"),
    "apache": ("apache", "syslog"),
    "nginx": ("nginx", "syslog"),
    "kernel": ("iptables", "syslog"),
    "": ("syslog",),
}
FAMILIES: dict[str, str] = {
    "sshd": "sshd", "sshd-session": "sshd", "sshd-auth": "sshd", "sudo": "sudo", "su": "su",
    "cron": "cron", "crond": "cron", "crontab": "cron", "anacron": "cron", "atd": "cron",
    "useradd": "account", "usermod": "account", "userdel": "account", "groupadd": "account",
    "groupdel": "account", "groupmod": "account", "gpasswd": "account", "passwd": "account",
    "chpasswd": "account", "chage": "account", "login": "auth", "systemd-logind": "auth",
    "polkitd": "auth", "pkexec": "auth", "sssd": "auth", "gdm-password": "auth",
    "clamd": "clamav", "freshclam": "clamav", "clamav": "clamav", "clamscan": "clamav",
    "vsftpd": "vsftpd", "guacd": "guacamole", "apache2": "apache", "httpd": "apache",
    "apache": "apache", "nginx": "nginx", "kernel": "kernel",
}  # fmt: skip
"""Family of a program by its tag; a family has services of its own in the Sigma taxonomy."""

_KINDS: dict[str, tuple[str, tuple[str, ...], Columns]] = {
    "authentication": ("authentication", (), AUTHENTICATION),
    "process": ("process_activity", (), PROCESS),
    "job": ("scheduled_job_activity", (), JOB),
    "account": ("account_change", (), ACCOUNT),
    "flow": ("network_activity", ("firewall",), FLOW),
    "dns": ("dns_activity", ("dns",), DNS),
    "dhcp": ("generic", (), DHCP),
    "mail": ("email_activity", ("email",), MAIL),
    "generic": ("generic", (), GENERIC),
}

TIME = any_time("timestamp")

LINUX: dict[tuple[str, str], Shape] = {
    (kind, family): Shape(
        f"syslog/{family or 'line'}/{kind}",
        EVENT_CLASSES[class_name],
        LogSource("linux", services, categories),
        TIME,
        columns,
    )
    for kind, (class_name, categories, columns) in _KINDS.items()
    for family, services in _SERVICES.items()
}
"""Shape of each kind of line from each family of programs."""


def vendor_shape(product: str, service: str, kind: str) -> Shape:
    """Return the shape of a network appliance's line."""
    class_name, categories, columns = _KINDS[kind]
    return Shape(
        f"syslog/{product}/{kind}",
        EVENT_CLASSES[class_name],
        LogSource(product, (service, "syslog"), categories),
        TIME,
        {**columns, "metadata_event_code": coalesce("event_code", "msgid")},
    )
