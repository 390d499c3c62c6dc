"""Several cases seen as one, from what the cases themselves know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from noroshi.case.rank import score
from noroshi.case.tactics import in_order
from noroshi.model import Case, Reason


def combine(main: Case, others: Sequence[Case]) -> Case:
    """Return ``main`` with everything that the others know added.

    Of a reason that several give, the one with the most points is kept, so that merging two halves
    of one incident does not count the same thing twice.
    """
    if not others:
        return main
    everything = (main, *others)
    reasons = _reasons(everything)
    return replace(
        main,
        title=max(everything, key=lambda case: (case.score, -case.first, case.id)).title,
        score=score(reasons),
        reasons=reasons,
        finding_ids=_each_once(i for c in _by_time(everything) for i in c.finding_ids),
        hosts=_each_once(name for case in everything for name in case.hosts),
        users=_each_once(name for case in everything for name in case.users),
        tactics=in_order(name for case in everything for name in case.tactics),
        techniques=tuple(sorted({name for case in everything for name in case.techniques})),
        first=min(case.first for case in everything),
        last=max(case.last for case in everything),
    )


def _reasons(cases: Sequence[Case]) -> tuple[Reason, ...]:
    best: dict[str, Reason] = {}
    for case in cases:
        for reason in case.reasons:
            kept = best.get(reason.message.template)
            if kept is None or kept.points < reason.points:
                best[reason.message.template] = reason
    return tuple(sorted(best.values(), key=lambda r: (-r.points, r.message.template)))


def _by_time(cases: Sequence[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: (case.first, case.id))


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
