"""Reports of suppliers: what they found, and what they leave out or leave vague.

A beginner's exercise lives on the gaps: the missing facts are in the ground truth, so that the
question "what must you ask the supplier?" has answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from noroshi.drill.clock import local
from noroshi.drill.day import Day
from noroshi.drill.kind.office import Fact, Reported

SUPPORT = "あおば情報サービス株式会社"


def vendor_report(
    day: Day, time: int, vendor: str, subject: str, summary: str, facts: Sequence[Fact], *,
    author: str = "", advice: Sequence[str] = (),
) -> Reported:  # fmt: skip
    """Let a supplier hand in a report.

    Of the facts, one with ``why`` is missing: its ``vague`` sentence stands instead, or nothing.
    """
    event = Reported(
        time=time, number=f"AJS-{local(time):%y%m%d}-{len(facts):02d}", vendor=vendor,
        author=author or "運用保守部 担当", subject=subject, summary=summary, facts=tuple(facts),
        advice=tuple(advice),
    )  # fmt: skip
    day.add(event)
    return event


def hold_back(facts: Sequence[Fact], keys: Sequence[str], why: str) -> tuple[Fact, ...]:
    """Return the facts with some of them kept back: what a harder variant of a report is made of.

    Raises:
        ValueError: a key that none of the facts has.
    """
    unknown = set(keys) - {fact.key for fact in facts}
    if unknown:
        raise ValueError(f"no such facts: {sorted(unknown)}")
    return tuple(
        Fact(fact.key, fact.text, fact.vague, why) if fact.key in keys else fact for fact in facts
    )


def monthly_report(day: Day, time: int) -> Reported:
    """An ordinary month's maintenance report, in which nothing happened and little is proven."""
    return vendor_report(
        day, time, SUPPORT, "月次保守作業報告書",
        "令和8年4月分の保守作業について、下記のとおり報告いたします。", (
            Fact("servers", "サーバー4台の稼働状況を確認し、停止はありませんでした。"),
            Fact("patches", "更新プログラムは4台すべてに4月15日に適用しました。",
                 "更新プログラムは適用済みです。", "適用した日と台数を書かない報告書が多い"),
            Fact("backup", "夜間バックアップは30回のうち29回成功、1回は警告で終了しました。",
                 "バックアップは概ね正常です。", "失敗した回数と対象が書かれていない"),
            Fact("restore", "復元試験は実施していません。", "", "していないことに触れていない"),
            Fact("contact", "ご不明な点は担当までお問い合わせください。"),
        ), advice=("ファイルサーバーの空き容量が20%を切りました。増設をご検討ください。",),
    )  # fmt: skip
