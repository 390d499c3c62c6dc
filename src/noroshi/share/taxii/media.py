"""Content negotiation (section 1.6.8; RFC 9110, sections 8.3 and 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterator

TAXII = "application/taxii+json"
STIX = "application/stix+json"
TAXII_2_1 = f"{TAXII};version=2.1"
STORED = (f"{STIX};version=2.1", f"{STIX};version=2.0")
"""What a collection holds."""


def accepts(header: str | None, *, stix: bool = False) -> bool:
    """Tell whether a client takes TAXII 2.1.

    Args:
        header: its ``Accept``; None where there is none, which takes anything.
        stix: whether STIX counts too: the manifest's definition names it (section 5.3).
    """
    if header is None:
        return True
    best = (-1, 0.0)
    for kind, parameters in _ranges(header):
        fits = _fits(kind, parameters.get("version"), stix=stix)
        if fits >= 0:
            best = max(best, (fits, _quality(parameters.get("q", "1"))))
    return best[1] > 0


def is_taxii(header: str | None) -> bool:
    """Tell whether a body is announced as TAXII 2.1."""
    found = list(_ranges(header or ""))
    return (
        len(found) == 1
        and found[0][0] == TAXII
        and found[0][1].get("version", "2.1") == "2.1"
    )  # fmt: skip


def _fits(kind: str, version: str | None, *, stix: bool) -> int:
    """Return how exactly a media range names what we send; -1 if it does not."""
    if kind in (TAXII, STIX if stix else TAXII):
        return {None: 2, "2.1": 3}.get(version, -1)
    return {"application/*": 1, "*/*": 0}.get(kind, -1)


def _ranges(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    for one in header.split(","):
        kind, *rest = one.split(";")
        pairs = (part.partition("=") for part in rest)
        yield (
            kind.strip().lower(),
            {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs},
        )


def _quality(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0
