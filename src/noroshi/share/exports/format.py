"""What a format is, and what it is given to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from noroshi.intel.indicators import IndicatorType
from noroshi.lang import Language, Message, gettext, render
from noroshi.share.exports.policy import WORDS, Left, Policy
from noroshi.share.exports.row import Row
from noroshi.share.exports.safe import one_line
from noroshi.share.exports.selection import Tally
from noroshi.share.exports.writing import Target


@dataclass(frozen=True, slots=True)
class Job:
    """What to write.

    Attributes:
        rows: indicators, in a fixed order.
        policy: what chose them.
        tally: counts; complete when the rows have ended.
        language: of comments.
        origin: name of the zone, for formats that have one.
    """

    rows: Iterable[Row]
    policy: Policy
    tally: Tally
    language: Language = "en"
    origin: str = "rpz.noroshi"

    def refuse(self, value: str, why: Left = Left.UNWRITABLE) -> None:
        """Take back the count of a value that turned out not to be writable."""
        self.tally.written -= 1
        self.tally.leave(why, value)

    def head(self) -> Iterator[str]:
        """Yield what the reader should know beforehand, a line each."""
        yield gettext("Indicators from Noroshi.", self.language)
        for message in self.policy.words():
            yield render(message, self.language, one_line)

    def tail(self) -> Iterator[str]:
        """Yield what was left out and why, a line each.

        How much the reader may not see is not told here: only the person who exports learns it.
        """
        for why in Left:
            if self.tally.left[why] and why is not Left.MARKING:
                yield told(why, self.tally.left[why], self.language)


def told(why: Left, count: int, language: Language) -> str:
    """Return how many were left out for a reason, in words."""
    reason = gettext(WORDS[why], language)
    message = Message("Left out: {count} ({reason}).", {"count": count, "reason": reason})
    return render(message, language, str)


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write indicators down.

    Attributes:
        name: as people ask for it.
        about: what reads it, one phrase.
        kinds: kinds of indicators that it can carry.
        write: writes them.
        file: name of its file; empty if it writes several, into a folder.
    """

    name: str
    about: str
    kinds: frozenset[IndicatorType]
    write: Callable[[Job, Target], None]
    file: str = ""


def comments(lines: Iterable[str], mark: str = "#") -> bytes:
    """Return lines of comment, each certainly one line."""
    return "".join(f"{mark} {one_line(line)}\n" for line in lines).encode()
