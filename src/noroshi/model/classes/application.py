"""OCSF category 6, Application Activity."""

from __future__ import annotations

from noroshi.model.classes.parts import CONNECTION, ENDPOINTS, user
from noroshi.model.column import integer, text
from noroshi.model.event_class import EventClass

API_ACTIVITY = EventClass(
    "api_activity",
    6003,
    "API Activity",
    (
        *ENDPOINTS,
        *user("user", "Account acted on"),
        text("api.operation", "Operation called."),
        text("api.service.name", "Service called."),
        text("api.request.uid", "Request id."),
        text("api.response.error", "Error code; empty on success."),
        text("cloud.provider", "Cloud: AWS, Microsoft …"),
        text("cloud.account.uid", "Account, tenant or subscription."),
        text("cloud.region", "Region."),
        text("resource.name", "Object acted on."),
        text("http_request.user_agent", "Client software."),
    ),
)

SCAN_ACTIVITY = EventClass(
    "scan_activity",
    6007,
    "Scan Activity",
    (
        *CONNECTION,
        text("scan.name", "Name of the scan or probe."),
        text("scan.type", "Kind of scan."),
        text("service.product", "Product identified."),
        text("service.version", "Version identified."),
        text("service.banner", "Banner as received."),
        integer("num_detections", "Findings of the scan."),
    ),
)
