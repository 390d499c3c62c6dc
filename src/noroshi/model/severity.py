"""Severity on OCSF's scale."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """OCSF ``severity_id`` values 1 to 5."""

    INFORMATIONAL = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    CRITICAL = 5

    @classmethod
    def of(cls, name: str) -> Severity:
        """Return the severity of a Sigma level or OCSF name, in any case.

        Raises:
            ValueError: no severity has that name.
        """
        try:
            return cls[name.strip().upper()]
        except KeyError as error:
            known = ", ".join(level.name.lower() for level in cls)
            raise ValueError(f"unknown severity {name!r}; one of {known}") from error
