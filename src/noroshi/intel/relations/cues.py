"""The words that state a relation, in English and Japanese.

The relations are STIX 2.1's (part 4, relationship objects: ``uses``, ``targets``, ``exploits``,
``drops``, ``communicates-with``).
"""

from __future__ import annotations

from dataclasses import dataclass

ATTACKERS = frozenset({"actor", "malware", "tool"})
PROGRAMS = frozenset({"malware", "tool"})
PLACES = frozenset({"domain", "ipv4", "ipv6", "url", "cidr"})
WHOM = frozenset({"sector", "country", "product"})
FILES = frozenset({"file-name", "file-path"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A relation: who can stand in it, and the words that state it.

    Attributes:
        name: STIX's word.
        sources: kinds of thing that do it.
        targets: kinds of thing that it is done to.
        active: English, between source and target (``Kuma uses Rake``).
        passive: English, between target and source (``Rake was used by Kuma``).
        japanese: after the target, which follows the source (``KumaはRakeを使用``).
    """

    name: str
    sources: frozenset[str]
    targets: frozenset[str]
    active: str
    passive: str
    japanese: str


_ING = r"(?:\w+ly )?"
KINDS = (
    Kind(
        "uses", ATTACKERS, PROGRAMS,
        rf"\b{_ING}(?:us(?:e[sd]?|ing)|utili[sz](?:e[sd]?|ing)|leverag(?:e[sd]?|ing)"
        r"|employ(?:s|ed|ing)?|deploy(?:s|ed|ing)?|wield(?:s|ed|ing)?|relie[sd] on"
        r"|(?:is|was|been) (?:seen|observed) (?:using|deploying))\b(?! (?:with|in|as|for)\b)",
        r"\b(?:used|utili[sz]ed|leveraged|employed|deployed|operated|wielded) by\b",
        r"(?:を|も)(?:主に|新たに)?(?:使用|利用|使い|使っ|使う|用い|活用|展開|悪用)",
    ),
    Kind(
        "targets", ATTACKERS, WHOM,
        r"\b(?:target(?:s|ed|ing)?|attack(?:s|ed|ing)|(?:to|will|may|could) attack"
        r"|hit(?:s|ting)?|strik(?:es?|ing)|struck"
        r"|compromis(?:e[sd]?|ing)|aim(?:s|ed|ing)? at|infect(?:s|ed|ing)?|went after"
        r"|go(?:es|ing)? after|breach(?:es|ed|ing)?)\b",
        r"\b(?:targeted|attacked|hit|struck|compromised|infected|breached) by\b",
        r"[^、。]{0,12}(?:を|も)(?:主に|主な)?(?:標的|狙|攻撃|対象|侵害)"
        r"|[^、。]{0,12}に(?:対(?:し|する)[^。]{0,12}攻撃|侵入|感染)",
    ),
    Kind(
        "exploits", ATTACKERS, frozenset({"cve"}),
        r"\b(?:exploit(?:s|ed|ing|ation)?|abus(?:e[sd]?|ing)|weaponi[sz](?:e[sd]?|ing)"
        r"|leverag(?:e[sd]?|ing)|us(?:e[sd]?|ing)|took advantage of|tak(?:es?|ing) advantage of)\b",
        r"\b(?:exploited|abused|weaponi[sz]ed|leveraged|used) by\b",
        r"[^、。]{0,12}(?:を|も)(?:悪用|利用|突|使用|用い|つい)",
    ),
    Kind(
        "drops", ATTACKERS, PROGRAMS | FILES,
        r"\b(?:drop(?:s|ped|ping)?|deliver(?:s|ed|ing)?|install(?:s|ed|ing)?|download(?:s|ed|ing)?"
        r"|writ(?:es|ing)|wrote|load(?:s|ed|ing)?|distribut(?:e[sd]?|ing)|plant(?:s|ed|ing)?)\b",
        r"\b(?:dropped|delivered|installed|downloaded|written|loaded|distributed|planted) by\b",
        r"(?:を|も)(?:[^、。]{0,8}に)?(?:投下|設置|インストール|ダウンロード|配布|展開|作成|ドロップ"
        r"|送り込|配置|生成)",
    ),
    Kind(
        "communicates-with", ATTACKERS, PLACES,
        r"\b(?:communicat(?:e[sd]?|ing) with|connect(?:s|ed|ing)? (?:back )?(?:to|with)"
        r"|beacon(?:s|ed|ing)? (?:out )?to|contact(?:s|ed|ing)?|call(?:s|ed|ing)? (?:back|home) to"
        r"|reach(?:es|ed|ing)? out to|(?:C2|C&C|command[- ]and[- ]control)(?: server)?[^.;]{0,30}"
        r"\b(?:is|was|at|on))\b",
        r"\b(?:contacted|queried|used) by\b",
        r"[^、。]{0,10}(?:と|に|へ|に対して)(?:定期的に)?(?:通信|接続|ビーコン|アクセス|問い合わせ|送信)",
    ),
)  # fmt: skip
"""Every relation; where two fit the same pair, the first one counts."""

DENIED = (
    r"\b(?:not|never|no evidence|no indication|without|unlikely|denied|did ?n[o']t|does ?n[o']t"
    r"|rather than|instead of|neither|nor)\b"
)
DENIED_JA = r"(?:ない|なかっ|ません|ず、|ずに|否定|証拠はな)"
HEDGED = (
    r"\b(?:may|might|could|possibl[ye]|reportedly|allegedly|suspected|believed|likely|appears?)\b"
)
HEDGED_JA = r"(?:可能性|おそれ|とみられ|と考えられ|と推測|疑い)"
