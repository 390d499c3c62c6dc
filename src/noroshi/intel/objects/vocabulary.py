"""The types of STIX 2.1 and what each of them must have.

Source: OASIS STIX Version 2.1 (June 2021), sections 3 to 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SDO = MappingProxyType(
    {
        "attack-pattern": ("name",),
        "campaign": ("name",),
        "course-of-action": ("name",),
        "grouping": ("context", "object_refs"),
        "identity": ("name",),
        "incident": ("name",),
        "indicator": ("pattern", "pattern_type", "valid_from"),
        "infrastructure": ("name",),
        "intrusion-set": ("name",),
        "location": (),
        "malware": ("is_family",),
        "malware-analysis": ("product",),
        "note": ("content", "object_refs"),
        "observed-data": ("first_observed", "last_observed", "number_observed"),
        "opinion": ("opinion", "object_refs"),
        "report": ("name", "published", "object_refs"),
        "threat-actor": ("name",),
        "tool": ("name",),
        "vulnerability": ("name",),
    }
)
"""Domain objects (section 4) and the properties they must have beside the common ones."""

SRO = MappingProxyType(
    {
        "relationship": ("relationship_type", "source_ref", "target_ref"),
        "sighting": ("sighting_of_ref",),
    }
)
"""Relationship objects (section 5)."""

SCO = MappingProxyType(
    {
        "artifact": (),
        "autonomous-system": ("number",),
        "directory": ("path",),
        "domain-name": ("value",),
        "email-addr": ("value",),
        "email-message": ("is_multipart",),
        "file": (),
        "ipv4-addr": ("value",),
        "ipv6-addr": ("value",),
        "mac-addr": ("value",),
        "mutex": ("name",),
        "network-traffic": ("protocols",),
        "process": (),
        "software": ("name",),
        "url": ("value",),
        "user-account": (),
        "windows-registry-key": (),
        "x509-certificate": (),
    }
)
"""Cyber-observable objects (section 6)."""

META = MappingProxyType(
    {
        "extension-definition": ("name", "schema", "version", "extension_types"),
        "language-content": ("object_ref", "contents"),
        "marking-definition": (),
    }
)
"""Meta objects (section 7)."""

REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType({**SDO, **SRO, **SCO, **META})

ONE_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "artifact": ("payload_bin", "url"),
        "file": ("hashes", "name"),
        "malware-analysis": ("result", "analysis_sco_refs"),
        "network-traffic": ("src_ref", "dst_ref"),
        "observed-data": ("objects", "object_refs"),
    }
)
"""Types that must have at least one of these properties (sections 4 and 6)."""

IDENTIFYING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "artifact": ("hashes", "payload_bin"),
        "autonomous-system": ("number",),
        "directory": ("path",),
        "domain-name": ("value",),
        "email-addr": ("value",),
        "email-message": ("from_ref", "subject", "body"),
        "file": ("hashes", "name", "extensions", "parent_directory_ref"),
        "ipv4-addr": ("value",),
        "ipv6-addr": ("value",),
        "mac-addr": ("value",),
        "mutex": ("name",),
        "network-traffic": (
            "start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions",
        ),
        "software": ("name", "cpe", "swid", "vendor", "version"),
        "url": ("value",),
        "user-account": ("account_type", "user_id", "account_login"),
        "windows-registry-key": ("key", "values"),
        "x509-certificate": ("hashes", "serial_number"),
    }
)  # fmt: skip
"""Properties that make up an observable's deterministic id (section 6, "ID Contributing
Properties"); a process has none and gets a random id."""

TEXTS = frozenset(
    (
        "abstract", "administrative_area", "city", "contact_information",
        "content", "context", "country", "cpe", "definition_type", "description", "display_name",
        "explanation", "identity_class", "key", "lang", "name", "objective",
        "opinion", "path", "pattern", "pattern_type", "pattern_version", "postal_code",
        "primary_motivation", "product", "region", "relationship_type", "resource_level",
        "result", "result_name", "schema", "sophistication", "street_address", "subject",
        "tool_version", "vendor", "version",
    )
)  # fmt: skip
"""Properties that are text wherever the specification has them."""

TEXT_LISTS = frozenset(
    (
        "aliases", "architecture_execution_envs", "authors", "capabilities", "extension_types",
        "goals", "implementation_languages", "indicator_types", "infrastructure_types", "labels",
        "malware_types", "personal_motivations", "protocols", "report_types", "roles",
        "secondary_motivations", "sectors", "threat_actor_types", "tool_types",
    )
)  # fmt: skip
"""Properties that are lists of text with at least one item."""
