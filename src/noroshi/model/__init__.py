"""The nouns and their schemas. Pure: no I/O, no engine."""

from __future__ import annotations

from noroshi.model.batch import EventBatch
from noroshi.model.case import Case, CaseStatus, Reason
from noroshi.model.classes import EVENT_CLASSES
from noroshi.model.column import Column, Kind
from noroshi.model.entity import ENTITY_COLUMNS, Entity, EntityType, entities
from noroshi.model.event_class import BASE, NATIVE, EventClass
from noroshi.model.finding import EVIDENCE_KEPT, Evidence, Finding, finding_id
from noroshi.model.log_source import LogSource
from noroshi.model.match import MATCH_SCHEMA
from noroshi.model.severity import Severity

__all__ = [
    "BASE",
    "ENTITY_COLUMNS",
    "EVENT_CLASSES",
    "EVIDENCE_KEPT",
    "MATCH_SCHEMA",
    "NATIVE",
    "Case",
    "CaseStatus",
    "Column",
    "Entity",
    "EntityType",
    "EventBatch",
    "EventClass",
    "Evidence",
    "Finding",
    "Kind",
    "LogSource",
    "Reason",
    "Severity",
    "entities",
    "finding_id",
]
