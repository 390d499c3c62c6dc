"""The shapes of a Japanese sentence that join two things, whoever stands first.

The verb stands after the second (``KumaはRakeを使用``, ``RakeはKumaに使用され``), or before a noun
that it describes (``Kumaが使用するRake``, ``Rakeを使用するKuma``); a noun may say it alone
(``KumaのツールRake``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from noroshi.intel.relations.context import Context, Words
from noroshi.intel.relations.cues import KINDS, Kind

_QUOTE = r"[」』）)\"'”’\]]"
_SLACK = (
    rf"(?:{_QUOTE}|など|等|の|と(?:呼ばれる|いう)"
    r"|マルウェア|ツール|バックドア|ランサムウェア){0,4}"
)
"""Between a name and its particle."""
_OPEN = r"[「『（(\"'“\u2018\[]?$"
_DOES = (
    r"(?:と?(?:する|した|している)|していた|してきた|された|される"
    r"|て(?:いる|いた)|[うったく]{1,2})"
)


@dataclass(frozen=True, slots=True)
class _Shapes:
    does: re.Pattern[str]
    done: re.Pattern[str]
    that_does: re.Pattern[str]
    done_by: re.Pattern[str]
    its: re.Pattern[str] | None
    is_its: re.Pattern[str] | None


def forward(kind: Kind, around: Context) -> Words | None:
    """Return the words that state that the first thing does it to the second."""
    shapes, middle = _shapes()[kind.name], around.middle
    if _is_subject(middle) and (found := shapes.does.match(around.after)):
        return Words(0, found.end())
    if shapes.done_by.search(middle) or (shapes.its and shapes.its.search(middle)):
        return Words()
    return None


def backward(kind: Kind, around: Context) -> Words | None:
    """Return the words that state that the second thing does it to the first."""
    shapes, middle, after = _shapes()[kind.name], around.middle, around.after
    if shapes.that_does.search(middle):
        return Words()
    if not _is_subject(middle):
        return None
    found = shapes.done.match(after) or (shapes.is_its and shapes.is_its.match(after))
    return Words(0, found.end()) if found else None


def _is_subject(middle: str) -> bool:
    """Whether the first of two things is marked as who does it, or what is told of."""
    return re.match(r"[^、。]{0,20}(?:は|が|による|の攻撃者|も)", middle) is not None


@cache
def _shapes() -> dict[str, _Shapes]:
    return {kind.name: _compiled(kind) for kind in KINDS}


def _compiled(kind: Kind) -> _Shapes:
    stem = rf"[^、。はを]{{0,12}}{kind.stem}(?:に|と)?"
    who = r"(?:の攻撃者|グループ)?"
    to = "[をとにへ]" if kind.name in {"targets", "communicates-with"} else "を"
    its = rf"^{_QUOTE}?の[^、。はを]{{0,6}}{kind.noun}"
    is_called = rf"[^、。を]{{0,6}}?(?:は|が|である|、|「|『|（|\()?{_OPEN}"
    return _Shapes(
        does=re.compile(rf"{_SLACK}(?:{kind.japanese})"),
        done=re.compile(
            rf"{_SLACK}{who}(?:(?:によって|により|に){stem}[^、。]{{0,3}}[さらわ]?れ|が{stem}{_DOES})"
        ),
        that_does=re.compile(rf"^{_SLACK}{to}{stem}{_DOES}[^、。はを]{{0,12}}{_OPEN}"),
        done_by=re.compile(
            rf"^{_QUOTE}?{who}(?:が|の|により|によって){stem}{_DOES}[^、。はを]{{0,12}}{_OPEN}"
        ),
        its=re.compile(its + is_called) if kind.noun else None,
        is_its=re.compile(its) if kind.noun else None,
    )
