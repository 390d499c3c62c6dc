"""The organisation's own place in a cloud service."""

from __future__ import annotations

from noroshi.drill.world.parts import Site
from noroshi.drill.world.segment import Cloud

SIGN_IN = Site("login.kumo-office.example", "192.0.2.44", 0, cloud=Cloud.NAMED)


def shared_space(name: str) -> Site:
    """Return where an organisation keeps its files; ``name`` is its NetBIOS name."""
    return Site(f"{name.lower()}.kumo-office.example", "192.0.2.45", 0, cloud=Cloud.NAMED)
