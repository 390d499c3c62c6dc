"""The shape of records nobody knows: time, host, user and peers guessed from usual names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from noroshi.collect.clock import any_time, microseconds
from noroshi.collect.cloud.addresses import client_address
from noroshi.collect.mapping import (
    Expression,
    account_domain,
    account_name,
    coalesce,
    integer,
    lower,
    per_value,
    without,
)
from noroshi.collect.record import Value
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import address
from noroshi.model import EVENT_CLASSES, LogSource

_USUAL: Mapping[str, tuple[str, ...]] = {
    "time": (
        "@timestamp", "timestamp", "time", "ts", "eventtime", "event_time", "datetime",
        "event datetime", "date", "createddatetime", "creationtime", "timegenerated",
        "timecreated", "event.created", "start", "starttime", "timestamp_ms", "epoch", "eventts",
        "log_time", "logtime", "created_at", "utctime", "_time", "date_time", "published",
        "timestamp (utc)", "time (utc)", "日時", "発生日時", "操作日時", "受付日時", "記録日時",
    ),
    "host": (
        "host.name", "hostname", "host", "computer", "computername", "device_name", "devicename",
        "agent.hostname", "agent.name", "dvchost", "machine", "device.hostname", "server", "node",
        "端末名", "ホスト名", "コンピューター名", "コンピュータ名", "pc名",
    ),
    "user": (
        "user.name", "username", "user", "user_name", "account", "accountname", "principal",
        "actor.alternateid", "user_id", "userid", "actor.email", "actor", "subject",
        "ログインユーザー", "ログオンユーザー", "ユーザー名", "ユーザー", "ユーザーid", "利用者id",
        "利用者", "依頼者",
    ),
    "source": (
        "src_ip", "source.ip", "srcip", "sourceip", "source ip", "sourceaddress", "src",
        "client_ip", "clientip", "remoteip", "remote_ip", "remote_addr", "ipaddress", "ip_address",
        "client.ipaddress", "src_host", "peer_ip", "properties.src_ip",
        "ipアドレス", "送信元ip", "送信元アドレス", "接続元ip",
    ),
    "source_port": ("src_port", "source.port", "srcport", "sourceport", "properties.src_port"),
    "target": (
        "dst_ip", "destination.ip", "dstip", "destinationip", "dest_ip", "destinationaddress",
        "dst", "dst_host", "server_ip", "properties.dst_ip", "local_ip",
    ),
    "target_port": (
        "dst_port", "destination.port", "dstport", "destinationport", "dest_port",
        "properties.dst_port", "local_port",
    ),
    "protocol": ("proto", "protocol", "network.transport", "transport", "properties.protocol"),
    "message": ("message", "msg", "log", "description", "event.original", "text", "displaymessage",
                "メッセージ", "内容", "詳細"),
    "action": ("event.action", "action", "event name", "eventname", "event_type", "eventtype",
               "operation", "event", "type", "eventid", "method_name", "操作種別",
               "操作", "分類", "種別"),
}  # fmt: skip
"""Names that fields of a meaning have, lower case, best first."""

_PREFIX = "guessed."
TIME = _PREFIX + "time"


def guess_fields(fields: dict[str, Value]) -> dict[str, Value]:
    """Add what the record says about time, host and so on under names of our own.

    The names begin with ``guessed.`` so that no rule takes them for the source's.
    """
    by_lower = {name.lower(): name for name in reversed(fields)}
    for meaning, names in _USUAL.items():
        found = _first(by_lower, names, fields, meaning == "time")
        if found is not None:
            fields[_PREFIX + meaning] = found
    return fields


def _first(
    by_lower: Mapping[str, str], names: Iterable[str], fields: Mapping[str, Value], is_time: bool
) -> str | None:
    for name in names:
        value = fields.get(by_lower.get(name, ""))
        if value is None or isinstance(value, bool | list):
            continue
        text = str(value)
        if text and (not is_time or microseconds(text[:64]) is not None):
            return text
    return None


def _field(meaning: str) -> Expression:
    return per_value(lambda text: text[:1_024], _PREFIX + meaning)


GENERIC = Shape(
    "guessed",
    EVENT_CLASSES["generic"],
    LogSource(),
    any_time(_PREFIX + "time"),
    {
        "message": _PREFIX + "message",
        "device_hostname": lower(without(_field("host"), "", "-", "localhost")),
        "activity_name": _field("action"),
        "metadata_event_code": _field("action"),
        "actor_user_name": account_name(without(_field("user"))),
        "actor_user_domain": account_domain(without(_field("user"))),
        "src_endpoint_ip": client_address(_PREFIX + "source"),
        "src_endpoint_port": integer(_PREFIX + "source_port"),
        "dst_endpoint_ip": address(_PREFIX + "target"),
        "dst_endpoint_port": integer(_PREFIX + "target_port"),
        "connection_info_protocol_name": lower(_field("protocol")),
        "metadata_log_provider": coalesce("event.provider", "provider", "source"),
    },
)
