"""Alerts of the endpoint product (an invented one), as JSON and as OCSF detection findings.

Source: OCSF 1.3, class 2004 (Detection Finding). The product's own fields are ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from noroshi.drill.clock import utc
from noroshi.drill.event import Event, Process
from noroshi.drill.kind.office import AlertRaised
from noroshi.drill.write.cloud import guid
from noroshi.drill.write.sheet import Sheet

_WORDS = {1: "low", 2: "medium", 3: "high", 4: "critical"}


def write_edr(events: Iterable[Event]) -> Sheet:
    """Write the alerts in the product's own fields."""
    sheet = Sheet("edr/alerts.json")
    for event in events:
        if isinstance(event, AlertRaised):
            sheet.add(orjson.dumps(_alert(event)).decode(), event.step)
    return sheet


def write_edr_findings(events: Iterable[Event]) -> Sheet:
    """Write the alerts as OCSF detection findings."""
    sheet = Sheet("edr/findings.ocsf.json")
    for event in events:
        if isinstance(event, AlertRaised):
            sheet.add(orjson.dumps(_finding(event)).decode(), event.step)
    return sheet


def _id(event: AlertRaised) -> str:
    return guid("alert", event.time, event.process.guid, event.rule)


def _alert(event: AlertRaised) -> dict[str, Any]:
    process = event.process
    moment = utc(event.time).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "timestamp": moment, "alert_id": _id(event), "product": "Mihari Endpoint",
        "product_version": "6.3.2", "rule_id": event.rule,
        "title": event.title, "severity": _WORDS[event.severity], "technique": event.technique,
        "action": event.action, "hostname": process.host.fqdn, "host_ip": process.host.ip,
        "user": process.session.account.full, "process": _process(process),
        "parent": _process(process.parent) if process.parent else None,
        "file": {"path": event.file, "sha256": event.sha256} if event.file else None,
        "description": f"{event.title}: {process.program.name} ({process.pid})",
    }  # fmt: skip


def _process(process: Process) -> dict[str, Any]:
    return {
        "guid": process.guid.strip("{}"), "pid": process.pid, "path": process.program.path,
        "command_line": process.command, "sha256": process.program.sha256,
        "started": utc(process.started).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }  # fmt: skip


def _finding(event: AlertRaised) -> dict[str, Any]:
    process = event.process
    return {
        "category_uid": 2, "class_uid": 2004, "activity_id": 1, "type_uid": 200401,
        "time": event.time // 1000, "severity_id": event.severity + 1, "status_id": 1,
        "metadata": {
            "version": "1.3.0", "uid": _id(event),
            "product": {"name": "Mihari Endpoint", "vendor_name": "Mihari Example KK"},
        },
        "finding_info": {
            "uid": _id(event), "title": event.title, "created_time": event.time // 1000,
            "analytic": {"uid": event.rule, "type_id": 1},
            "attacks": [{"technique": {"uid": event.technique}}],
        },
        "device": {"hostname": process.host.fqdn, "ip": process.host.ip, "type_id": 2},
        "evidences": [{
            "process": {
                "pid": process.pid, "uid": process.guid.strip("{}"),
                "cmd_line": process.command, "file": {"path": process.program.path,
                "name": process.program.name, "type_id": 1},
            },
            "actor": {"user": {"name": process.session.account.login}},
        }],
    }  # fmt: skip
