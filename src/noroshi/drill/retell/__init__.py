"""A scenario made from a case of one's own: what was seen, played again in an invented town."""

from __future__ import annotations

from noroshi.drill.retell.made import Made, Told, from_case
from noroshi.drill.retell.sighting import Sighting

__all__ = ["Made", "Sighting", "Told", "from_case"]
