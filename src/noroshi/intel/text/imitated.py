"""Whether words right beside a value say that it is imitated: "X imitates VALUE", 「VALUE を装う」.

The side tells who imitates whom: in English the imitated one follows the word, or stands before a
passive or a note in brackets; in Japanese it stands before. Nothing that ends a clause, and no
other dotted name, may lie in between.
"""

from __future__ import annotations

import re

REACH = 48
"""Characters to either side of a value that are looked at."""

_BEFORE = re.compile(
    r"(?:\b(?:imitat(?:es?|ed|ing)|impersonat(?:es?|ed|ing)|mimic(?:s|ked|king)?|spoof(?:s|ing)"
    r"|masquerad(?:es?|ed|ing) as|pos(?:es|ed|ing) as|disguised as|resembl(?:es?|ed|ing)"
    r"|pretend(?:s|ed|ing)? to (?:be|come)|purport(?:s|ed|ing)? to (?:be|come)"
    r"|claim(?:s|ed|ing)? to (?:be|come) from|look-?alikes? (?:of|for)|clones? of"
    r"|(?:fake|forged) (?:copy|copies|version) of|typo-?squat(?:s|ted|ting)?(?: of| on)?)"
    r"[^.;:!?\n]{0,24})[\"'“\u2018(\[<「]?\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\A[\"'”’)\]>」]?\s?(?:(?:is|was|are|were|has been|being|gets) "
    r"(?:imitated|impersonated|spoofed|mimicked|cloned|copied)\b"
    r"|\((?:spoofed|forged|faked|imitated|impersonated)\b"
    r"|(?:の(?:名|ロゴ|ブランド|ふり))?(?:を(?:装|騙|かた|名乗|模倣|模し|詐称|偽装)"
    r"|に(?:似せ|酷似|そっくり|偽装|なりすま|見せかけ)|になりすま|と称し|のなりすまし)"
    r"|[(（](?:詐称|偽装|なりすまし))",
    re.IGNORECASE,
)


def imitation(text: str, start: int, end: int) -> str:
    """Return the words that say that the value at a span is imitated; empty where none do."""
    before = text[max(0, start - REACH) : start].rpartition("\n")[2]
    found = _BEFORE.search(before) or _AFTER.match(text[end : end + REACH].partition("\n")[0])
    return " ".join(found[0].split()) if found else ""
