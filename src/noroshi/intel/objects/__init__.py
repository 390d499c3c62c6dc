"""Objects: what is known about the world, as STIX 2.1."""

from __future__ import annotations

from noroshi.intel.objects.checker import problem
from noroshi.intel.objects.errors import ObjectError
from noroshi.intel.objects.graph import Neighbour
from noroshi.intel.objects.identity import observable_id
from noroshi.intel.objects.markings import TLP_IDS, Clearance, Tlp
from noroshi.intel.objects.record import Added, Entry, Match, Page, Provenance, Refused
from noroshi.intel.objects.store import ObjectStore

__all__ = [
    "TLP_IDS", "Added", "Clearance", "Entry", "Match", "Neighbour", "ObjectError", "ObjectStore",
    "Page", "Provenance", "Refused", "Tlp", "observable_id", "problem",
]  # fmt: skip
