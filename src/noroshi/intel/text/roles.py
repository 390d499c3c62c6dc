"""What part a value plays in a report, how sure that is, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from noroshi.intel.text.candidate import Candidate, Trait
from noroshi.intel.text.context import Context, Place, Word
from noroshi.intel.text.cues import Cue
from noroshi.intel.text.extraction import FILE_HASHES, NETWORK, WALLETS, Role, ValueType
from noroshi.intel.text.imitated import REACH, imitation
from noroshi.intel.text.listing import Listing, Listings
from noroshi.intel.text.suffixes import Suffixes
from noroshi.lang import N_, Message

_FINGERPRINTS = FILE_HASHES | {
    ValueType.SSDEEP,
    ValueType.IMPHASH,
    ValueType.JA3,
    ValueType.JA4,
}
_OTHERS = frozenset({Cue.VICTIM, Cue.SOURCE})
_RULES = frozenset({ValueType.YARA, ValueType.SIGMA})
_HABIT = 3
"""So many defanged values make a habit: what is not defanged is then meant to be clicked."""
_PROGRAM_PATHS = (".exe", ".dll", ".ps1", ".hta", ".js", ".vbs", ".bat", ".apk", ".msi", ".lnk")


class Verdict(NamedTuple):
    """A role with its confidence and its reason."""

    role: Role
    confidence: float
    reason: Message


_IDENTIFIER = Verdict(Role.MENTION, 1.0, Message(N_("an identifier, not a trace")))
_RULE = Verdict(Role.INDICATOR, 1.0, Message(N_("a detection rule that the report gives")))
_SPECIAL = Verdict(Role.BENIGN, 0.9, Message(N_("an address of private or special use")))
_SYSTEM = Verdict(Role.BENIGN, 0.8, Message(N_("a file that every system has")))
_ASSET = Verdict(Role.REFERENCE, 0.9, Message(N_("an image or style of the page itself")))
_PART = Verdict(Role.MENTION, 0.5, Message(N_("perhaps only the end of a longer name")))
_OWN = Verdict(Role.REFERENCE, 0.95, Message(N_("the publisher's own site")))
_DEFANGED = Verdict(Role.INDICATOR, 0.95, Message(N_("defanged by the author")))
_CLICKABLE = Verdict(
    Role.REFERENCE, 0.7, Message(N_("a link that can be clicked, among indicators"))
)
_LINK = Verdict(Role.REFERENCE, 0.8, Message(N_("the target of a link for the reader")))
_SOURCE = Verdict(Role.REFERENCE, 0.8, Message(N_("words before it call it something to read")))
_BRAND = Verdict(Role.MENTION, 0.7, Message(N_("written as a name, with a capital")))
_PLAIN_LINK = Verdict(Role.REFERENCE, 0.6, Message(N_("a link; nothing calls it harmful")))
_UNSAID_MAIL = Verdict(Role.MENTION, 0.5, Message(N_("nothing on its line says what it is")))
_UNSAID = Verdict(Role.MENTION, 0.6, Message(N_("nothing on its line says what it is")))
_FINGERPRINT = Verdict(Role.INDICATOR, 0.85, Message(N_("a fingerprint of a file or connection")))
_LABELLED = Verdict(Role.INDICATOR, 0.8, Message(N_("named as such by the word beside it")))
_WALLET = Verdict(Role.INDICATOR, 0.85, Message(N_("a wallet whose checksum holds")))
_LEFT_ALONE = Verdict(
    Role.REFERENCE, 0.8, Message(N_("not defanged, in a report that defangs what is dangerous"))
)
_ADDRESS = Verdict(
    Role.INDICATOR, 0.6, Message(N_("an address in a report; nothing speaks for another role"))
)


_IMITATED = N_('imitated: "{words}"')


@cache
def _near(word: str, role: Role, confidence: float) -> Verdict:
    reason = Message(N_('"{word}" stands near it'), {"word": word.strip()})
    return Verdict(role, confidence, reason)


@lru_cache(maxsize=1024)
def _under(heading: str, role: Role, confidence: float) -> Verdict:
    reason = Message(N_('stands under the heading "{heading}"'), {"heading": heading[:80]})
    return Verdict(role, confidence, reason)


@cache
def certainty(of_value: float, of_role: float) -> float:
    """Return how sure value and role are together, of the few numbers that either can be."""
    return round(min(of_value, 1.0) * of_role, 3)


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides roles within one document.

    Attributes:
        context: its lines, words and sections.
        lists: warning lists.
        suffixes: where registered names begin.
        own: registered names of the report's publisher.
        defanging: how many values the report defangs.
        checks: whether the report speaks of checks of the connection at all.
        imitates: whether it speaks of imitation at all.
    """

    context: Context
    lists: Listings
    suffixes: Suffixes
    own: frozenset[str] = field(default_factory=frozenset)
    defanging: int = 0
    checks: bool = False
    imitates: bool = False

    def verdict(self, found: Candidate, place: Place, defanged: bool) -> Verdict:
        """Return the role of a value that lies at a place of the document."""
        if found.trait is Trait.CODE:
            return _IDENTIFIER
        if found.type in _RULES:
            return _RULE
        if found.trait is not Trait.PLAIN and (verdict := _by_shape(found, defanged)):
            return verdict
        listing = self.lists.of(found.type, found.value)
        known = listing is not None or self.own
        if known and (verdict := self._plainly_harmless(found, listing, defanged)):
            return verdict
        if self.imitates and found.type in NETWORK and (verdict := self._imitated(place)):
            return verdict
        if defanged and found.type in NETWORK:
            return self._checked(place) or self._defanged(listing)
        section, heading = self.context.section(place)
        words = self.context.words(place) if place.first < place.last else []
        if words and (verdict := _near_word(words, Cue.GOOD, 40)):
            return verdict
        if section is Cue.IOC_HEADING and (listing is None or listing.shared_ground):
            return self._listed(found, heading, place.start)
        if listing is not None and not listing.shared_ground:
            return _on_list(listing)
        if section is Cue.REFERENCE_HEADING and found.type in NETWORK:
            return _under(heading, Role.REFERENCE, 0.85)
        if found.type in NETWORK:
            return self._network(found, words)
        return _local(found, words)

    def _plainly_harmless(
        self, found: Candidate, listing: Listing | None, defanged: bool
    ) -> Verdict | None:
        if found.type in _FINGERPRINTS and listing is not None:
            return _on_list(listing)
        host = found.host or (found.value if found.type is ValueType.DOMAIN else "")
        if host and self.own and not defanged and self.suffixes.registrable(host) in self.own:
            return _OWN
        return None

    def _imitated(self, place: Place) -> Verdict | None:
        """Whether somebody else pretends to be this one."""
        if not self.context.near(Cue.IMITATED, place.start - REACH, place.end + REACH):
            return None
        said = imitation(self.context.text, place.start, place.end)
        return Verdict(Role.VICTIM, 0.8, Message(_IMITATED, {"words": said})) if said else None

    def _checked(self, place: Place) -> Verdict | None:
        """Whether a defanged value is only asked whether the network is there."""
        if not self.checks:
            return None
        return _near_word(self.context.words(place), Cue.CHECK, 30)

    def _defanged(self, listing: Listing | None) -> Verdict:
        if listing is not None and not listing.shared_ground:
            reason = Message(
                N_('defanged, although it is on the warning list "{list}"'), {"list": listing.name}
            )
            return Verdict(Role.INDICATOR, 0.5, reason)
        return _DEFANGED

    def _listed(self, found: Candidate, heading: str, start: int) -> Verdict:
        link = found.type is ValueType.URL and (
            found.trait is Trait.LINK or self.defanging >= _HABIT
        )
        if link:
            return _CLICKABLE
        if found.type is ValueType.URL and self.context.introduces(start):
            return _SOURCE
        return _under(heading, Role.INDICATOR, 0.9)

    def _network(self, found: Candidate, words: list[Word]) -> Verdict:
        if self.defanging >= _HABIT:
            return _LEFT_ALONE
        if found.trait is Trait.LINK:
            return _LINK
        if found.trait is Trait.BRAND:
            return _BRAND
        if verdict := _by_words(words):
            return verdict
        if found.type is ValueType.URL and not _delivers(found):
            return _PLAIN_LINK
        if found.type is ValueType.EMAIL:
            return _UNSAID_MAIL
        return _ADDRESS


def _by_shape(found: Candidate, defanged: bool) -> Verdict | None:
    """What a value's own form says, whatever stands around it."""
    if found.trait is Trait.SPECIAL:
        return _SPECIAL
    if found.trait is Trait.SYSTEM:
        return _SYSTEM
    if found.trait is Trait.PART:
        return _PART
    if found.trait is Trait.ASSET and not defanged:
        return _ASSET
    return None


def _by_words(words: list[Word]) -> Verdict | None:
    """The nearest word that says anything decides; harm wins where it is about as near."""
    for far, word, cues in words:
        if Cue.BAD in cues:
            return _near(word, Role.INDICATOR, 0.8 if far < 60 else 0.7)
        if far < 40 and not cues.isdisjoint(_OTHERS):
            bad = next((other.far for other in words if Cue.BAD in other.cues), None)
            if bad is None or bad > far + 20:
                role = Role.VICTIM if Cue.VICTIM in cues else Role.REFERENCE
                return _near(word, role, 0.7)
    return None


def _near_word(words: list[Word], cue: Cue, reach: int) -> Verdict | None:
    """A word that clears a value, unless one that accuses it is nearer."""
    for far, word, cues in words:
        if Cue.BAD in cues and far < reach:
            return None
        if cue in cues and far <= reach:
            reason = Message(N_('called "{word}"'), {"word": word.strip()})
            return Verdict(Role.BENIGN, 0.75, reason)
    return None


def _local(found: Candidate, words: list[Word]) -> Verdict:
    """Hashes, files, registry keys and the like."""
    if found.type in _FINGERPRINTS:
        return _FINGERPRINT
    if bad := next((word for far, word, cues in words if Cue.BAD in cues and far < 80), ""):
        return _near(bad, Role.INDICATOR, 0.7)
    if found.type in (ValueType.MUTEX, ValueType.USER_AGENT):
        return _LABELLED
    if found.type in WALLETS:
        return _WALLET
    return _UNSAID


def _on_list(listing: Listing) -> Verdict:
    reason = Message(N_('on the warning list "{list}"'), {"list": listing.name})
    return Verdict(Role.BENIGN, 0.9, reason)


def _delivers(found: Candidate) -> bool:
    path = found.value.partition("?")[0].lower()
    host = found.host
    return path.endswith(_PROGRAM_PATHS) or host.replace(".", "").isdigit() or ".onion" in host
