"""Client addresses as cloud services write them: with a port, in brackets, or a name instead."""

from __future__ import annotations

from noroshi.collect.mapping import Expression, per_value
from noroshi.collect.syslog.shapes import as_address


def client_address(source: Expression | str) -> Expression:
    """The address out of ``192.0.2.1:443``, ``[2001:db8::1]:443`` or a bare one; else null."""
    return per_value(_address, source)


def client_name(source: Expression | str) -> Expression:
    """The name of a client that is no address, lower case."""
    return per_value(
        lambda text: None if _address(text) or " " in text else text.lower() or None, source
    )


def _address(text: str) -> str | None:
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    return as_address(bare)
