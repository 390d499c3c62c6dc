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
        done: English, the participle before *by* or *during* (``Rake was used by Kuma``).
        japanese: the verb's stem with its particle (``KumaはRakeを使用``), after the target.
        stem: the verb's stem alone, for the passive and before a noun (``Kumaが使用するRake``).
        noun: Japanese, what the target is to the source (``Kumaのツール``); may be empty.
    """

    name: str
    sources: frozenset[str]
    targets: frozenset[str]
    active: str
    done: str
    japanese: str
    stem: str
    noun: str = ""


_ING = r"(?:\w+ly )?"
_C2 = r"(?:C2|C&C|CnC|command[- ]and[- ]control|control)"
KINDS = (
    Kind(
        "uses", ATTACKERS, PROGRAMS,
        rf"\b{_ING}(?:us(?:e[sd]?|ing)|utili[sz](?:e[sd]?|ing)|leverag(?:e[sd]?|ing)"
        r"|employ(?:s|ed|ing)?|deploy(?:s|ed|ing)?|wield(?:s|ed|ing)?|rel(?:ie[sd]|y|ying) "
        r"(?:heavily |largely )?on|operat(?:es|ed|ing)|execut(?:e[sd]|ing)"
        r"|(?:is|was|been) (?:seen|observed) (?:using|deploying)"
        r"|(?:us(?:e|age)|deployment|adoption) of)\b(?! (?:with|in|as|for|by)\b)",
        r"(?:used|utili[sz]ed|leveraged|employed|deployed|operated|wielded|executed)",
        r"(?:を|も)(?:主に|新たに)?(?:使用|利用|使い|使っ|使う|用い|活用|展開|悪用|介し|通じ|駆使|運用)",
        r"(?:使用|利用|使[いっわう]|用い|活用|展開|悪用|運用|操)",
        r"(?:ツール|マルウェア|バックドア|ランサムウェア|武器|RAT|ローダー?)",
    ),
    Kind(
        "targets", ATTACKERS, WHOM,
        r"\b(?:target(?:s|ed|ing)?|attack(?:s|ed|ing)|(?:to|will|may|could) attack"
        r"|hit(?:s|ting)?|strik(?:es?|ing)|struck"
        r"|compromis(?:e[sd]?|ing)|aim(?:s|ed|ing)? at|infect(?:s|ed|ing)?|went after"
        r"|go(?:es|ing)? after|breach(?:es|ed|ing)?|infiltrat(?:e[sd]|ing)"
        r"|(?:attacks?|campaigns?|operations?|intrusions?|espionage|activity|strikes?|efforts)"
        r"(?: \w+){0,3} (?:against|aimed at|targeting|directed at)|(?:attacks?|strikes?) on"
        r"|(?:been|is|are|was|were|with an?) focus(?:ed)? (?:\w+ )?on)\b",
        r"(?:targeted|attacked|hit|struck|compromised|infected|breached|infiltrated)",
        r"[^、。]{0,12}(?:を|も)(?:主に|主な)?(?:標的|狙|攻撃|対象|侵害)"
        r"|[^、。]{0,12}に(?:対(?:し|する)[^。]{0,12}攻撃|侵入|感染)"
        r"|[^、。]{0,12}への[^、。]{0,6}(?:攻撃|侵入)",
        r"(?:標的|狙|攻撃|対象|侵害|侵入)",
    ),
    Kind(
        "exploits", ATTACKERS, frozenset({"cve"}),
        r"\b(?:exploit(?:s|ed|ing|ation)?|abus(?:e[sd]?|ing)|weaponi[sz](?:e[sd]?|ing)"
        r"|leverag(?:e[sd]?|ing)|us(?:e[sd]?|ing)|took advantage of|tak(?:es?|ing) advantage of"
        r"|(?:access|in|entry|entered|spread(?:s|ing)?) (?:\w+ )?(?:via|through|by way of))\b",
        r"(?:exploited|abused|weaponi[sz]ed|leveraged|used)",
        r"[^、。]{0,12}(?:を|も)(?:悪用|利用|突|使用|用い|つい)",
        r"(?:悪用|利用|突[いかく]|使用|用い|つい)",
    ),
    Kind(
        "drops", ATTACKERS, PROGRAMS | FILES,
        r"\b(?:drop(?:s|ped|ping)?|deliver(?:s|ed|ing)?|install(?:s|ed|ing)?|download(?:s|ed|ing)?"
        r"|writ(?:es|ing)|wrote|load(?:s|ed|ing)?|distribut(?:e[sd]?|ing)|plant(?:s|ed|ing)?"
        r"|push(?:es|ed|ing)|spread(?:s|ing)?|unpack(?:s|ed|ing)|extract(?:s|ed|ing)"
        r"|launch(?:es|ed|ing)?|sav(?:es|ed|ing)"
        r"|(?:delivery|distribution|download|installation|deployment|execution) of"
        r"|(?:loader|dropper|downloader) (?:for|of))\b",
        r"(?:dropped|delivered|installed|downloaded|written|loaded|distributed|planted|pushed"
        r"|spread|unpacked|launched|fetched)",
        r"(?:を|も)(?:[^、。]{0,8}に)?(?:投下|設置|インストール|ダウンロード|配布|展開|作成|ドロップ"
        r"|送り込|配置|生成|実行|拡散|配信|ばらま)",
        r"(?:投下|設置|インストール|ダウンロード|配布|展開|作成|ドロップ|送り込|配置|生成|拡散|配信)",
    ),
    Kind(
        "communicates-with", ATTACKERS, PLACES,
        r"\b(?:communicat(?:e[sd]?|ing) with|connect(?:s|ed|ing)? (?:back |out )?(?:to|with)"
        r"|beacon(?:s|ed|ing)? (?:out |back )?to|contact(?:s|ed|ing)?"
        r"|call(?:s|ed|ing)? (?:back |home |out )?to|reach(?:es|ed|ing)? (?:out to|back to)"
        r"|poll(?:s|ed|ing)?|quer(?:ies|ied|ying)|phon(?:es|ed|ing) home to"
        r"|(?:sen(?:ds?|t|ding)|upload(?:s|ed|ing)?|exfiltrat(?:e[sd]?|ing)|post(?:s|ed|ing)?"
        r"|report(?:s|ed|ing)?|transmit(?:s|ted|ting)?|requests?|traffic)\b[^.;]{0,60}\bto"
        r"|(?:fetch(?:es|ed|ing)?|retriev(?:e[sd]?|ing)|download(?:s|ed|ing)?|pull(?:s|ed|ing)?"
        r"|receiv(?:e[sd]?|ing)|get(?:s|ting)?|obtain(?:s|ed|ing)?)\b[^.;]{0,60}\bfrom"
        rf"|{_C2}(?: (?:server|domain|address|host|channel))?s?[^.;]{{0,30}}"
        r"(?:\b(?:is|was|are|were|at|on|via)\b|[:|]\s*$)|\bserver (?:is|was|at)\b)",
        r"(?:contacted|queried|used|polled)",
        r"[^、。]{0,10}(?:と|に|へ|に対して|から)(?:[^、。]{0,12}を)?(?:定期的に)?(?:通信|接続|ビーコン"
        r"|アクセス|問い合わせ|送信|ダウンロード|取得|送る|送り|送っ)",
        r"(?:通信|接続|アクセス|問い合わせ)",
        r"(?:通信先|接続先|(?:C2|C&C|指令)(?:サーバー?)?)",
    ),
)  # fmt: skip
"""Every relation; where two fit the same pair, the first one counts."""

DENIED = (
    r"\b(?:not|never|nothing|no (?:evidence|indication|sign|signs|proof|trace|reason|link)|without"
    r"|unlikely|denied|did ?n[o']t|does ?n[o']t|ca ?n[o']t|\w+n['’]t"
    r"|rather than|instead of|neither|nor|if|unless|whether|unrelated to|different from"
    r"|distinct from|mistaken for|cease[sd]?|stopped|refrain\w*|fail(?:s|ed) to|hardly)\b"
)
"""What states nothing: a denial, or a condition."""
DENIED_AFTER = (
    r"^[^.;]{0,30}\b(?:is|was|are|were) (?:false|wrong|untrue|refuted|denied|disproved)\b"
)
DENIED_JA = (
    r"(?:ない|なかっ|ません|ず、|ずに|否定|証拠はな|^[^、。]{0,12}(?:場合|れば|ならば|たら(?!し)|かどうか)"
    r"|無関係|わけでは)"
)
HEDGED = (
    r"\b(?:may|might|could|would|possibl[ye]|reportedly|allegedly|suspected|believed|likely"
    r"|appears?|susceptible)\b"
)
HEDGED_JA = r"(?:可能性|おそれ|とみられ|と考えられ|と推測|疑い)"
