"""A made-up MISP event and made-up STIX objects with something in every place that matters."""

from __future__ import annotations

import uuid
from typing import Any

_NAMESPACE = uuid.UUID("2a0c9d0e-6e0e-5b8f-9a39-3e8f6f2b1d55")
_TIME = "1779235200"
_SEEN = {"first_seen": "2026-05-01T00:00:00+00:00", "last_seen": "2026-05-02T00:00:00+00:00"}


def _uuid(name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, name))


def _attribute(
    kind: str, value: str, category: str = "Network activity", *tags: str, **more: Any
) -> dict[str, Any]:
    return {
        "uuid": _uuid(value), "type": kind, "category": category, "value": value, "to_ids": True,
        "timestamp": _TIME, "distribution": "5", "comment": "",
        "Tag": [{"name": tag} for tag in tags], **more,
    }  # fmt: skip


def made_up_event() -> dict[str, Any]:
    """Return an event (what stands below ``Event``), TLP:AMBER, with parts that are TLP:RED."""
    dropped = _attribute("filename", "drop.dll", "Payload delivery", object_relation="filename",
                         to_ids=False)  # fmt: skip
    digest = _attribute("md5", "b" * 32, "Payload delivery", "tlp:red", object_relation="md5",
                        comment="from memory")  # fmt: skip
    thing = {
        "uuid": _uuid("object"), "name": "file", "meta-category": "file", "timestamp": _TIME,
        "template_uuid": "688c46fb-5edb-40a3-8273-1af7923e2215", "template_version": "24",
        "description": "", "distribution": "5", "comment": "dropped by the mail",
        "Attribute": [dropped, digest],
        "ObjectReference": [{
            "uuid": _uuid("reference"), "relationship_type": "connects-to", "comment": "",
            "object_uuid": _uuid("object"), "referenced_uuid": _uuid("192.0.2.7"),
        }],
    }  # fmt: skip
    return {
        "uuid": _uuid("event"), "info": "Kuma campaign", "date": "2026-05-19", "timestamp": _TIME,
        "publish_timestamp": "1779235300", "published": True, "analysis": "1",
        "threat_level_id": "2", "distribution": "1",
        "Orgc": {"name": "Made-up CERT", "uuid": _uuid("organisation")},
        "Tag": [{"name": "tlp:amber"}, {"name": "kuma"}, {"name": "PAP:GREEN"}],
        "Attribute": [
            _attribute("domain", "c2.example", "Network activity", "tlp:red", comment="the C2"),
            _attribute("ip-dst", "192.0.2.7", "Network activity", "rake", **_SEEN),
            _attribute("filename|sha256", "evil.exe|" + "a" * 64, "Payload delivery"),
            _attribute("text", "Two towns were hit.", "Other", to_ids=False),
        ],
        "Object": [thing],
        "EventReport": [{"uuid": _uuid("report"), "name": "How it began", "timestamp": _TIME,
                         "content": "It began with a mail.", "distribution": "5"}],
    }  # fmt: skip


def _made(kind: str, key: str, /, **more: Any) -> dict[str, Any]:
    return {
        "type": kind, "spec_version": "2.1", "id": f"{kind}--{_uuid(key)}",
        "created": "2026-05-20T00:00:00.000Z", "modified": "2026-05-21T00:00:00.000Z", **more,
    }  # fmt: skip


STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
"""TLP:AMBER+STRICT."""


def made_up_objects() -> list[dict[str, Any]]:
    """Return a report of some objects, one of them TLP:AMBER+STRICT, none from MISP."""
    house = _made("identity", "us", name="Made-up town hall", identity_class="organization")
    statement = {
        "type": "marking-definition", "spec_version": "2.1",
        "id": f"marking-definition--{_uuid('statement')}", "created": "2026-05-20T00:00:00.000Z",
        "definition_type": "statement", "definition": {"statement": "Handle with care"},
    }  # fmt: skip
    rake = _made("malware", "rake", name="Rake", is_family=True, malware_types=["backdoor"],
                 aliases=["Fork"], description="It waits.")  # fmt: skip
    group = _made("intrusion-set", "kuma", name="Kuma Group", aliases=["UNC-77"])
    sign = _made(
        "indicator", "c2", name="Rake C2", description="Beacon", pattern_type="stix",
        pattern="[domain-name:value = 'c2.example']", valid_from="2026-05-20T00:00:00Z",
        valid_until="2027-05-20T00:00:00Z", confidence=70, labels=["c2"],
        indicator_types=["malicious-activity"], object_marking_refs=[STRICT],
        external_references=[{"source_name": "us", "url": "https://cert.example/1"}],
    )  # fmt: skip
    links = [
        _made("relationship", f"{one['id']}{verb}", relationship_type=verb,
              source_ref=one["id"], target_ref=rake["id"])
        for one, verb in ((group, "uses"), (sign, "indicates"))
    ]  # fmt: skip
    inside = [rake, group, sign, *links]
    report = _made(
        "report", "report", name="Kuma in the towns", published="2026-05-21T00:00:00Z",
        description="What happened.", report_types=["campaign"], created_by_ref=house["id"],
        object_refs=[item["id"] for item in inside], object_marking_refs=[statement["id"]],
    )  # fmt: skip
    return [house, statement, *inside, report]
