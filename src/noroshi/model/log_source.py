"""Where a record was written, in the words of the Sigma taxonomy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogSource:
    """Sigma log source of a group of events.

    An event may belong to several services and categories (a Sysmon event 13 is both
    ``registry_set`` and ``registry_event``); a rule names at most one of each.

    Source: Sigma specification 2.1, appendix "Taxonomy".
    """

    product: str = ""
    services: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def covers(self, product: str | None, service: str | None, category: str | None) -> bool:
        """Tell whether a rule for this product, service and category applies; None means any."""
        return (
            (product is None or product == self.product)
            and (service is None or service in self.services)
            and (category is None or category in self.categories)
        )
