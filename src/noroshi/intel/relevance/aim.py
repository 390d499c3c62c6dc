"""Whether a sentence says that something is attacked, even where it names no attacker.

The relations of :mod:`noroshi.intel.relations` need both sides; a warning such as "municipalities
were targeted" has only one.
"""

from __future__ import annotations

import re

_BACK, _ON = 80, 60
"""Characters before and after a name that are read with it."""

_BEFORE = re.compile(
    r"\b(?:target(?:s|ed|ing)?|(?:attack(?:s|ed|ing)?|campaigns?|operations?|intrusions?)"
    r" (?:on|against|targeting)|against|aim(?:s|ed|ing)? at|hit(?:s|ting)?|struck|strikes?"
    r"|went after|going after|attacked|breached|compromised|victims? (?:in|include[sd]?|from|are))"
    r"\b[^.;:!?]{0,60}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^[^.;:!?]{0,30}\b(?:was|were|been|being|are|is) (?:\w+ly )?"
    r"(?:targeted|attacked|hit|struck|compromised|breached)\b",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    r"^[^、。\n]{0,10}(?:を|も)(?:主な|主に)?(?:標的|狙|ねら|攻撃|対象と(?:した|する)[^、。]{0,8}攻撃|侵害)"
    r"|^[^、。\n]{0,6}(?:への|に対する|宛の|あての)[^、。\n]{0,10}(?:攻撃|不正アクセス|標的型メール)"
    r"|^[^、。\n]{0,10}が(?:標的|狙われ|攻撃され|攻撃を受け|被害)"
)
_DENIED = re.compile(r"\b(?:not|never|no longer|n['o]t)\b|ない|ません|なかった", re.IGNORECASE)


def is_aimed_at(text: str, span: tuple[int, int]) -> bool:
    """Tell whether the words around a name say that it is attacked."""
    before = text[max(0, span[0] - _BACK) : span[0]].rpartition("\n")[2]
    after = text[span[1] : span[1] + _ON].partition("\n")[0]
    found = _BEFORE.search(before) or _AFTER.search(after) or _JAPANESE.search(after)
    if not found:
        return False
    near = after.partition("。")[0].partition(". ")[0]
    return not _DENIED.search(found.group()) and not re.search(r"ない|ません|なかった", near)
