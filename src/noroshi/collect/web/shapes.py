"""How requests to web servers and through proxies become HTTP activity."""

from __future__ import annotations

import pyarrow as pa

from noroshi.collect.clock import any_time
from noroshi.collect.mapping import (
    account_domain,
    account_name,
    coalesce,
    constant,
    integer,
    lower,
    per_value,
    without,
)
from noroshi.collect.shape import Shape
from noroshi.collect.syslog.shapes import Columns, address, as_address
from noroshi.collect.url_fields import domain, http_outcome, part, unplus
from noroshi.model import EVENT_CLASSES, LogSource

_SECONDS = 1_000_000


def _taken(text: str) -> int:
    """Time taken to µs: nginx and Apache write seconds with a point, IIS milliseconds without."""
    if len(text) > 15:
        raise ValueError("no time that a request takes")
    return int(float(text) * _SECONDS) if "." in text else int(text) * 1_000


REQUEST: Columns = {
    "message": "message",
    "app_name": constant("http"),
    "activity_name": "cs-method",
    "src_endpoint_ip": address(coalesce("c-ip", "src_ip")),
    "src_endpoint_hostname": domain(
        per_value(lambda text: None if as_address(text) else text, "c-ip")
    ),
    "http_request_http_method": "cs-method",
    "http_request_url_url_string": coalesce("c-uri", "cs-uri", "cs-uri-stem"),
    "http_request_url_path": coalesce("c-uri-stem", "cs-uri-stem"),
    "http_request_url_query_string": coalesce("c-uri-query", part("query", "cs-uri"), "query"),
    "http_request_user_agent": per_value(unplus, coalesce("cs-user-agent", "c-useragent")),
    "http_request_referrer": coalesce("cs-referer", "cs-referrer"),
    "http_request_version": "cs-version",
    "http_request_username": without("cs-username"),
    "actor_user_name": account_name(without("cs-username")),
    "actor_user_domain": account_domain(without("cs-username")),
    "http_response_code": integer("sc-status"),
    "http_response_content_type": "content-type",
    "traffic_bytes_in": integer("sc-bytes"),
    "traffic_bytes_out": integer("cs-bytes"),
    "status_id": http_outcome("sc-status"),
    "duration": per_value(_taken, "time-taken", pa.int64()),
}

WEB = Shape(
    "web_access/ncsa",
    EVENT_CLASSES["http_activity"],
    LogSource("", ("apache", "nginx"), ("webserver",)),
    any_time("time"),
    {
        **REQUEST,
        "http_request_url_hostname": domain("cs-host"),
        "dst_endpoint_hostname": domain("cs-host"),
        "metadata_log_provider": constant("web server"),
    },
)

IIS = Shape(
    "web_access/w3c",
    EVENT_CLASSES["http_activity"],
    LogSource("windows", ("iis",), ("webserver",)),
    any_time("datetime"),
    {
        **REQUEST,
        "device_hostname": lower(without("s-computername")),
        "dst_endpoint_ip": address("s-ip"),
        "dst_endpoint_port": integer("s-port"),
        "dst_endpoint_hostname": domain(without("cs-host")),
        "http_request_url_hostname": domain(without("cs-host")),
        "http_request_url_query_string": "query",
        "metadata_log_provider": coalesce("s-sitename", constant("iis")),
    },
)

PROXY = Shape(
    "web_access/proxy",
    EVENT_CLASSES["http_activity"],
    LogSource("", ("squid",), ("proxy",)),
    any_time("time"),
    {
        **REQUEST,
        "dst_endpoint_ip": address("dst_ip"),
        "dst_endpoint_port": integer("dst_port"),
        "dst_endpoint_hostname": domain("cs-host"),
        "http_request_url_hostname": "cs-host",
        "http_request_url_path": "c-uri-stem",
        "http_request_url_query_string": "c-uri-query",
        "http_cache_status": "s-action",
        "disposition": "s-action",
        "is_alert": per_value(lambda text: "DENIED" in text or None, "s-action", pa.bool_()),
        "metadata_log_provider": constant("proxy"),
    },
)
