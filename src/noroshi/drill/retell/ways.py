"""How the intruder comes in: steps that stand before whatever the case has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noroshi.drill.retell.realm import Realm
from noroshi.drill.scenario.schema import Clock


@dataclass(frozen=True, slots=True)
class Entry:
    """A step of a way in: its name in the scenario, the step of the library, and its parts."""

    name: str
    use: str
    site: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class WayIn:
    """A way in.

    Attributes:
        entries: each after the one before it.
        on: the part on which all of it happens.
        foothold: name of the step after which the intruder works there.
        account: name of the step that gives an account; empty if none does.
        begins: when the first of them happens; the others follow three minutes apart.
    """

    entries: tuple[Entry, ...]
    on: str
    foothold: str
    begins: Clock
    account: str = ""


_REST = (Entry("program", "download", "drop"), Entry("orders", "call-home", "c2"))
_BY_MAIL = (Entry("lure", "mail-attachment", "sender"), Entry("opened", "open-attachment"),
            Entry("macro", "macro-shell"))  # fmt: skip
_OTHERWISE: Mapping[str, tuple[Entry, ...]] = {
    "drive-by": (Entry("visit", "drive-by", "sender"),),
    "usb-stick": (Entry("stick", "usb-stick"),),
    "poisoned-update": (Entry("update", "poisoned-update", "sender"),),
}
_WEB = WayIn(
    (Entry("breach", "web-flaw", "hand"), Entry("page", "web-shell", "hand"),
     Entry("line", "server-channel", "c2")),
    "web", "line", "08:32",
)  # fmt: skip
_CLOUD = WayIn(
    (Entry("letter", "mail-link", "lookalike"),
     Entry("typed", "open-link", "lookalike", "clerk")),
    "victim", "typed", "08:34", "typed",
)  # fmt: skip


def way_in(where: Realm, seen: Sequence[str]) -> WayIn:
    """Return the way into a realm.

    Args:
        where: the realm.
        seen: ids of the steps that the case has seen; a way in that it has seen is taken.
    """
    if where is Realm.WEB:
        return _WEB
    if where is Realm.CLOUD:
        return _CLOUD
    first = next((_OTHERWISE[use] for use in seen if use in _OTHERWISE), _BY_MAIL)
    return WayIn((*first, *_REST), "victim", "orders", "08:30")
