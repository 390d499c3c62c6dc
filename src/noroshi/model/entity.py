"""Entities: the things that events and findings share, and by which they become a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class EntityType(StrEnum):
    """What kind of thing an entity is."""

    HOST = "host"
    USER = "user"
    PROCESS = "process"
    ADDRESS = "address"
    DOMAIN = "domain"
    URL = "url"
    HASH = "hash"
    MAIL = "mail"
    FILE = "file"


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """One thing by type and normalised value (lower case, no braces, no domain prefix)."""

    type: EntityType
    value: str


ENTITY_COLUMNS: dict[str, EntityType] = {
    "device_hostname": EntityType.HOST,
    "src_endpoint_hostname": EntityType.HOST,
    "actor_user_name": EntityType.USER,
    "user_name": EntityType.USER,
    "process_user_name": EntityType.USER,
    "process_uid": EntityType.PROCESS,
    "process_parent_process_uid": EntityType.PROCESS,
    "actor_process_uid": EntityType.PROCESS,
    "src_endpoint_ip": EntityType.ADDRESS,
    "dst_endpoint_ip": EntityType.ADDRESS,
    "dst_endpoint_hostname": EntityType.DOMAIN,
    "query_hostname": EntityType.DOMAIN,
    "tls_sni": EntityType.DOMAIN,
    "http_request_url_hostname": EntityType.DOMAIN,
    "http_request_url_url_string": EntityType.URL,
    "process_file_hashes_sha256": EntityType.HASH,
    "file_hashes_sha256": EntityType.HASH,
    "module_file_hashes_sha256": EntityType.HASH,
    "email_from": EntityType.MAIL,
    "email_to": EntityType.MAIL,
    "email_attachment_sha256": EntityType.HASH,
    "file_path": EntityType.FILE,
}
"""Which columns hold an entity, and of what type."""

_NOT_A_VALUE = frozenset({"", "-", "n/a", "null", "none", "unknown", "(empty)", "0"})


def normalise(value: str) -> str:
    """Return the form in which entities are compared: trimmed, lower case, no braces."""
    return value.strip().strip("{}").rstrip(".").lower()


def entities(row: dict[str, Any]) -> Iterator[Entity]:
    """Yield the entities of one event, each once.

    Args:
        row: event columns by name, as ``RecordBatch.to_pylist()`` gives them.
    """
    seen: set[Entity] = set()
    for column, kind in ENTITY_COLUMNS.items():
        value = row.get(column)
        for item in value if isinstance(value, list) else (value,):
            if not isinstance(item, str):
                continue
            entity = Entity(kind, normalise(item))
            if entity.value not in _NOT_A_VALUE and entity not in seen:
                seen.add(entity)
                yield entity
