"""Words that say what part the values around them play, in English and Japanese."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import ahocorasick_rs


class Cue(StrEnum):
    """What a word says about the values of its line, or of the section that it heads."""

    __hash__ = str.__hash__  # that of an enumeration runs in Python, once for every look-up

    BAD = "bad"
    GOOD = "good"
    CHECK = "check"
    VICTIM = "victim"
    IMITATED = "imitated"
    SOURCE = "source"
    IOC_HEADING = "ioc heading"
    REFERENCE_HEADING = "reference heading"


_WORDS: dict[Cue, str] = {
    Cue.BAD: """
        c2|c&c|cnc server|command and control|command-and-control|command & control|malicious|
        phish|beacon|exfiltrat|payload|dropper|drops |dropped|download server|downloads |downloaded|
        fetched from|retrieved from|hosted on|hosted at|hosting the|resolves to|resolved to|
        attacker-controlled|attacker controlled|controlled by|actor-controlled|attacker's|
        threat actor|        infrastructure|redirect|communicat|connects to|connected to|contacts |
        staging|sent from |sender|trojan|ransomware|backdoor|implant|loader|stealer|botnet|
        typosquat|lookalike|
        look-alike|spoofed domain|rogue|sample|hash|registered by|watering hole|compromised|
        exploit|landing page|credential|malware|webshell|web shell|
        攻撃者|マルウェア|不正|悪性|フィッシング|偽サイト|通信先|接続先|誘導|感染|ダウンロード|
        検体|ハッシュ値|差出人|送信元|バックドア|ランサム|窃取|c2サーバ|指令サーバ|踏み台|改ざん|悪意|配布元
    """,
    Cue.GOOD: """
        legitimate|legit |benign|official|genuine|trusted|clean file|not malicious|harmless|
        well-known site|public dns|connectivity check|internet connection check|unaffected|
        check connectivity|checks connectivity|check its connection|check for internet|
        checks for internet|正規|公式|本物|無害|正当|良性|疎通確認|接続確認
    """,
    Cue.CHECK: """
        connectivity check|internet connection check|check connectivity|checks connectivity|
        check its connection|check for internet|checks for internet|疎通確認|接続確認
    """,
    Cue.VICTIM: """
        victim|impersonat|spoofing the|masquerad|targeted organi|target organi|targeted compan|
        belonging to|affected organi|pretending to be|posing as|mimic|
        被害|標的|なりすま|を装|を騙|をかた
    """,
    Cue.IMITATED: """
        imitat|impersonat|mimic|spoofs |spoofing |spoofed|masquerad|posing as|poses as|posed as|
        disguised as|resembl|pretend|purport|claims to |claimed to |claiming to |lookalike|
        look-alike|clone of|clones of|fake copy|fake version|typosquat|typo-squat|forged|faked|
        cloned|copied|を装|を騙|をかた|を名乗|を模|を詐称|を偽装|に似せ|に酷似|にそっくり|に偽装|
        なりすま|に見せかけ|と称し|詐称|偽装
    """,
    Cue.SOURCE: """
        reported by|according to|read more|see also|more information|for more details|blog post|
        blogpost|full report|available at|published|press release|source:|twitter.com/|advisory|
        write-up|our previous|follow us|contact us|subscribe|github repo|documentation|copyright|
        参照|詳細は|によると|出典|公開した|公表|ブログ記事|お問い合わせ|連絡先|注意喚起
    """,
    Cue.IOC_HEADING: """
        indicators of compromise|indicator of compromise|iocs|ioc|indicators|network indicators|
        host indicators|c2 servers|c&c servers|c2 domains|c&c domains|file hashes|hashes|samples|
        infrastructure|network iocs|files|domains|ip addresses|email addresses|urls|domain|network|
        observables|artifacts|c&c|c2|servers|payload|
        侵害指標|インジケータ|インディケータ|痕跡情報|通信先|不正な通信先|検体情報|検体|ハッシュ値|
        マルウェアのハッシュ|ioc情報|接続先|攻撃の痕跡|通信先一覧|c2サーバ|指標
    """,
    Cue.REFERENCE_HEADING: """
        references|reference|sources|source|further reading|related posts|related articles|
        related content|see also|about the author|about us|about |contact|acknowledgements|
        acknowledgments|footnotes|bibliography|recommended reading|links|share this|
        参考|参考情報|参考文献|参考資料|出典|関連情報|関連記事|引用|リンク|お問い合わせ|脚注|謝辞
    """,
}

PLAINEST_HEADINGS = frozenset(
    """
    indicators of compromise|indicator of compromise|iocs|ioc|indicators|network indicators|
    host indicators|file hashes|network iocs|c2 domains|c&c servers|c2 servers|c&c domains|
    references|further reading|related posts|related articles|bibliography|about the author|
    侵害指標|インジケータ|インディケータ|痕跡情報|通信先|検体情報|ハッシュ値|ioc情報|参考文献|参考情報|
    参考資料|関連情報|関連記事
    """.strip()
    .replace("|\n    ", "|")
    .split("|")
)
"""Words that decide what a heading announces wherever they stand in it."""


@cache
def cue_automaton() -> tuple[ahocorasick_rs.AhoCorasick, tuple[tuple[str, frozenset[Cue]], ...]]:
    """Return the automaton over folded text, and each word with what it says."""
    said: dict[str, set[Cue]] = {}
    for cue, text in _WORDS.items():
        for word in text.replace("\n", "").split("|"):
            said.setdefault(word.lstrip(), set()).add(cue)
    pairs = tuple((word, frozenset(cues)) for word, cues in said.items() if word)
    automaton = ahocorasick_rs.AhoCorasick(
        [word for word, _ in pairs],
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        implementation=ahocorasick_rs.Implementation.DFA,
    )
    return automaton, pairs
