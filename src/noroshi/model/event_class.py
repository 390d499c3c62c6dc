"""Event classes: OCSF 1.x classes as tables of typed columns.

Source of names and numbers: the Open Cybersecurity Schema Framework, version 1.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from noroshi.model.column import Column, Kind, address, integer, own, text, time

BASE: tuple[Column, ...] = (
    own("event_id", Kind.TEXT, "Deterministic id: source id, colon, record number in the source."),
    own("source_id", Kind.TEXT, "First 128 bits of the SHA-256 of the source's content, hex."),
    time("time", "When it happened, by the source's clock; 0 if the source does not say."),
    own("day", Kind.DAY, "UTC day of `time` (YYYY-MM-DD), 1970-01-01 if undated. Partition."),
    own("log_product", Kind.TEXT, "Sigma log source product, for example windows, linux, zeek."),
    own("log_services", Kind.TEXTS, "Sigma log source services, for example sysmon, security."),
    own("log_categories", Kind.TEXTS, "Sigma log source categories, e.g. process_creation."),
    integer("class_uid", "OCSF class number."),
    integer("activity_id", "OCSF activity number within the class; 0 unknown, 99 other."),
    text("activity_name", "What the activity is called, e.g. Launch, Logon, Query."),
    integer("severity_id", "OCSF severity: 1 informational … 5 critical; 0 unknown."),
    integer("status_id", "OCSF status: 1 success, 2 failure; 0 unknown."),
    text("status_detail", "The source's own words or code for the outcome."),
    text("message", "The source's own message, if it has one."),
    text("device.hostname", "Host on which, or by which, it was observed; lower case as a rule."),
    *address("device.ip", "Address of that host."),
    text("metadata.log_provider", "Who wrote the log: provider, program or product."),
    text("metadata.log_name", "Which log: channel, file family or stream."),
    text("metadata.event_code", "The source's number or name for this kind of event."),
    text("actor.user.name", "Account that acted, without its domain."),
    text("actor.user.domain", "Domain or realm of that account."),
    text("actor.user.uid", "SID, UID or cloud id of that account."),
    text("actor.session.uid", "Logon or session id under which it acted."),
)
"""Columns of every class."""

NATIVE = own(
    "native",
    Kind.NATIVE,
    "Every field of the source record under its own name. A field with several values has `[]` "
    "after its name and holds JSON array text.",
)


@dataclass(frozen=True)
class EventClass:
    """One OCSF class as a table.

    Attributes:
        name: table name.
        uid: OCSF ``class_uid``.
        caption: OCSF caption.
        own_columns: columns beyond :data:`BASE` and :data:`NATIVE`.
    """

    name: str
    uid: int
    caption: str
    own_columns: tuple[Column, ...] = ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns in storage order, the native map last."""
        return (*BASE, *self.own_columns, NATIVE)

    @cached_property
    def schema(self) -> pa.Schema:
        """Arrow schema of the table, documentation in the field metadata."""
        return pa.schema([column.field for column in self.columns], metadata={"ocsf": self.caption})

    @cached_property
    def by_path(self) -> dict[str, Column]:
        """Columns by OCSF attribute path."""
        return {column.path: column for column in self.columns if column.path}

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by column name."""
        return {column.name: column for column in self.columns}
