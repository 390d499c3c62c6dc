"""What arrives and concerns the organisation itself: told at once, like what is watched.

A report is held against the profile as ``noroshi intel relevant`` does it. A vulnerability is told
when it is new and in a product that the profile names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from noroshi.collect.feeds.item import Form, Item
from noroshi.intel.flaws import Fact
from noroshi.intel.objects import Provenance
from noroshi.intel.relevance import Concern, Profile, Reason, Relevance
from noroshi.intel.text import Extraction
from noroshi.intel.watch import Hit
from noroshi.lang import N_, Message

PROFILE = 0
"""Stands for the profile where a notification names an entry of the watchlist."""
_NEW = 60 * 86_400_000_000
_QUOTE = 200

_FROM_REPORT = N_("report “{name}”, retrieved from {source} by {by}")
_FROM_FLAW = N_("told by {source}, retrieved by {by}")
_USED = N_("{flaw} is known to be used in attacks and is in {product}, which you use")
_TOLD = N_("{flaw} is in {product}, which you use")


@dataclass(frozen=True)
class Concerns:
    """Tells what concerns an organisation.

    Attributes:
        profile: the organisation.
        relevant: holds reports against it, and against past events.
    """

    profile: Profile
    relevant: Callable[[Sequence[Extraction]], Iterable[Relevance]]

    def of_reports(
        self, reports: Sequence[tuple[str, str, Extraction]], said: Provenance
    ) -> Iterator[Hit]:
        """Yield a notification for each report that is the organisation's business.

        Args:
            reports: id, name and content of each.
            said: where they came from.
        """
        if not reports:
            return
        answers = self.relevant([found for _, _, found in reports])
        for (report, name, found), answer in zip(reports, answers, strict=True):
            if answer.concern >= Concern.CHECK:
                yield self._of_report(report, name, found, answer.reasons[0], said)

    def _of_report(
        self, report: str, name: str, found: Extraction, first: Reason, said: Provenance
    ) -> Hit:
        quote = "" if first.span is None else _line(found.text, *first.span)
        origin = Message(_FROM_REPORT, {"name": name[:200], "source": said.source, "by": said.by})
        watched = self.profile.name or "profile"
        return Hit(
            PROFILE, watched, name[:200], first.message, origin, quote, report, said.retrieved
        )

    def of_flaws(self, items: Sequence[Item], said: Provenance) -> Iterator[Hit]:
        """Yield a notification for each new vulnerability in what the organisation uses."""
        for item in items:
            if item.form is Form.FLAW and item.date > said.retrieved - _NEW:
                yield from self._of_flaw(Fact.of(item.body, said.source), said)

    def _of_flaw(self, fact: Fact, said: Provenance) -> Iterator[Hit]:
        mine = [one for one in fact.products if self._products and self._products.search(one)]
        if not mine or fact.withdrawn:
            return
        how = Message(
            _USED if fact.known_exploited else _TOLD, {"flaw": fact.cve, "product": mine[0]}
        )
        origin = Message(_FROM_FLAW, {"source": said.source, "by": said.by})
        watched = self.profile.name or "profile"
        quote = " ".join(fact.action.split())[:_QUOTE]
        yield Hit(
            PROFILE, watched, fact.cve, how, origin, quote, f"{said.source} {fact.cve}",
            said.retrieved,
        )  # fmt: skip

    @cached_property
    def _products(self) -> re.Pattern[str] | None:
        names = "|".join(map(re.escape, self.profile.products))
        return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE) if names else None


def _line(text: str, start: int, end: int) -> str:
    """Return the line that holds a span."""
    begin, close = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return " ".join(text[begin : close if close >= 0 else len(text)].split())[:_QUOTE]
