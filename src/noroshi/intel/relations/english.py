"""The shapes of an English sentence that join two things, whoever stands first.

The words stand between the two (``Kuma uses Rake``, ``Rake, used by Kuma``, ``Kuma's backdoor
Rake``) or around them (``Rake, which Kuma uses``, ``During Kuma, Rake was used``, ``attacks on
Japan by Kuma``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from noroshi.intel.relations.context import Context, Words
from noroshi.intel.relations.cues import KINDS, Kind

NEAR = 60
"""Characters between a verb and what it governs."""
_FAR = 140
"""The same where words that begin a list stand right before it."""
_NO_VERB = re.compile(
    r"(?:['’]s?|\b(?:such|these|those|this|the|an?|its|their|of|in|on|or|via|through|from"
    r"|recent|other|by|uses?|used|using|legitimate|with|any))\s*$",
    re.IGNORECASE,
)
"""What stands before a word that looks like a verb and is none."""
_BE = re.compile(r"\b(?:is|are|was|were|been|being|be)\s+(?:\w+ly )?$", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[;:]|^ (?:with|in)\b|\b(?:which|who|whose|that|because|while|although|but)\b", re.IGNORECASE
)
_LIST = re.compile(
    r"\b(?:such as|includ(?:es?|ing)|like|e\.g\.|namely|called|dubbed|named|known as|as well as)"
    r",?(?: (?:the|a|an))?\s*[(\"“'\u2018*\[]*$",
    re.IGNORECASE,
)
_BY_ONE_THAT = re.compile(r"\bby\b[^,]*\b(?:that|which|who)\b", re.IGNORECASE)
_BY = r"by (?:[\w’'()-]+ ){0,8}[(\"“'\u2018*\[]*$"
_BY_WHOM = re.compile(r"^\s(?:\w+ ){0,2}by (?:the )?$", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:install|deliver|drop|download|deploy|use)(?:s|ed|ing)?\b|\busing\b", re.IGNORECASE
)
"""A verb between *targets* and a name, which then governs the name."""
_OTHER = re.compile(
    r"\b(?:ha(?:s|ve|d) (?!been|also)|us(?:e[sd]?|ing)\b)|,? (?:and|or) (?:an?|the) "
)
"""Between what is done and the participle: another clause, or another thing."""
_TOOL = re.compile(
    r"^\s?['’]\s?s?\s(?:(?:own|custom|signature|new|proprietary|main|primary|latest|infamous"
    r"|(?:version|variant|use) of|malware|backdoor|ransomware|loader|trojan|RAT|tool)\s){0,3}"
    r"[\"“'\u2018*\[]*$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"^,?\s(?:[^.;:]{0,60}\s)?(?:which|that)\s(?:the\s)?$", re.IGNORECASE)
_ENDS = r"\b(?=\s*(?:$|[.,;)]|(?:to|in|for|against|since|as|during|on|at|and)\b))"
_DURING = re.compile(
    r"\b(?:during|in|within|throughout)\s(?:(?:the|an?)\s)?(?:(?:\w+\s)?(?:of|by)\s)?(?:the\s)?$",
    re.IGNORECASE,
)
_STARTS = re.compile(r"(?:^|[.,;:] )(?:the )?$", re.IGNORECASE)
_DID = re.compile(
    r"^(?: (?:actors?|group|operators|members|gang))? (?:ha(?:s|ve|d) )?(?:also |\w+ly )?"
    r"(?!work|link|assoc|result|overlap|shar|attribut|compar|resembl|report|observ|ceas|den|target)"
    r"(?:\w+ed|ran|sent|wrote|stole|made|built|hid)\b",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\b(?:via|through|with|using|executed?|including|such as|called|named|of)\b(?: \w+){0,3}\W*$",
    re.IGNORECASE,
)
_KIND_OF_TOOL = re.compile(
    r"^\s(?:malware|backdoor|ransomware|loader|trojan|RAT|rootkit|implant|variant|sample|campaign"
    r"|attack|activity|infection|payload)s?\b",
    re.IGNORECASE,
)
_ARSENAL = re.compile(
    r"^\s?['’]\s?s?\s(?:\w+ ){0,2}(?:arsenal|toolkit|toolset|toolbox)\b", re.IGNORECASE
)
_SEEN_IN = re.compile(
    r"\b(?:observed|seen|found|used|deployed) (?:\w+ )?(?:in|during)(?: \w+)? $", re.IGNORECASE
)
_THEIR_ATTACKS = re.compile(
    r"^(?:\s?['’]\s?s?)?\s(?:campaign|attack|operation|intrusion|incident)s?\b", re.IGNORECASE
)
_ROW = re.compile(r"^[:\d/]{0,6}\s*[|,(–-][^.]{0,30}$")
_IS_C2 = re.compile(
    r"^\)?(?:\s*/\s*\S{1,20})?\s*(?:C2|C&C|CnC|controller|command and control)\b", re.I
)


@dataclass(frozen=True, slots=True)
class _Shapes:
    active: re.Pattern[str]
    active_before: re.Pattern[str]
    passive: re.Pattern[str]
    was_done: re.Pattern[str]
    does: re.Pattern[str]


def forward(kind: Kind, around: Context) -> Words | None:
    """Return the words that state that the first thing does it to the second."""
    shapes, middle = _shapes()[kind.name], around.middle
    if not shapes.passive.search(middle) and _governs(kind, middle):
        return Words()
    if kind.name == "uses" and _TOOL.search(middle):
        return Words()
    if middle == " " and kind.name == "uses" and around.first == "actor":
        found = _KIND_OF_TOOL.match(around.after)
        return Words(0, found.end()) if found else None
    if during := _DURING.search(around.before):
        found = shapes.was_done.match(around.after)
        return Words(len(during.group()), found.end()) if found else None
    return None


def backward(kind: Kind, around: Context) -> Words | None:
    """Return the words that state that the second thing does it to the first."""
    shapes, middle, after = _shapes()[kind.name], around.middle, around.after
    if (found := shapes.passive.search(middle)) and not _OTHER.search(middle[: found.start()]):
        return Words()
    if _RELATIVE.search(middle) and (found := shapes.does.match(after)):
        return Words(0, found.end())
    if _BY_WHOM.search(middle) and (found := shapes.active_before.search(around.before)):
        return Words(len(found.group()), 0)
    if kind.name == "uses":
        found = _ARSENAL.match(after) if "part of" in middle else None
        if _SEEN_IN.search(middle):
            found = found or _THEIR_ATTACKS.match(after)
        return Words(0, found.end()) if found else None
    if kind.name == "communicates-with" and _ROW.search(middle):
        found = _IS_C2.match(after)
        return Words(0, found.end()) if found else None
    return None


def did_with(around: Context) -> bool:
    """Whether an actor, as the subject, did something with a tool: ``Kuma stole mail via Rake``."""
    middle = around.middle
    told = _STARTS.search(around.before) and _DID.search(middle) and _WITH.search(middle)
    return bool(told) and not _CLAUSE.search(middle)


def _governs(kind: Kind, middle: str) -> bool:
    """Whether the last verb stands near enough to what it governs, in the same clause.

    ``its targets`` is a noun, ``via compromised servers`` an adjective, ``used with`` something
    else: no verb. After ``such as`` a longer way is allowed.
    """
    active = _shapes()[kind.name].active
    verbs = [found for found in active.finditer(middle) if _is_verb(middle, found)]
    far = _FAR if _LIST.search(middle) else NEAR
    if not verbs or len(middle) - verbs[-1].end() > far:
        return False
    if _BY_ONE_THAT.search(middle, 0, verbs[-1].start()):
        return False
    if kind.name == "targets" and _ANOTHER.search(middle, verbs[-1].end()):
        return False
    return not _CLAUSE.search(middle, verbs[-1].end())


def _is_verb(middle: str, found: re.Match[str]) -> bool:
    word = found.group()
    if middle.startswith(" by", found.end()):
        return False
    if word.endswith((" of", "ing", " against", " on", " is", " was", " are", " at", ":", "|")):
        return True
    if _BE.search(middle, 0, found.start()) and word.endswith("ed"):
        return False
    return not _NO_VERB.search(middle, 0, found.start())


@cache
def _shapes() -> dict[str, _Shapes]:
    return {kind.name: _compiled(kind) for kind in KINDS}


def _compiled(kind: Kind) -> _Shapes:
    by = _BY if kind.name != "drops" else _BY.replace("by", "(?:by|through|via)", 1)
    during = r"(?:during|in (?:\w+ ){0,2}(?:attacks|campaigns|operations) by) (?:the )?$"
    passive = rf"\b{kind.done}\b(?:[^;:.,]{{0,50}}? {by}|[^;:.,]{{0,30}}? {during})"
    was = rf"^[^.;,]{{0,30}}?\b(?:was|were|been) (?:\w+ly |also )?{kind.done}\b"
    return _Shapes(
        active=re.compile(kind.active, re.IGNORECASE),
        active_before=re.compile(rf"(?:{kind.active})\s(?:the |an? )?$", re.IGNORECASE),
        passive=re.compile(passive, re.IGNORECASE),
        was_done=re.compile(was, re.IGNORECASE),
        does=re.compile(
            rf"^\s(?:ha[sd] |have |also |\w+ly )?(?:{kind.active}){_ENDS}", re.IGNORECASE
        ),
    )
