"""Who is imitated is a victim, and what imitates them is none: sentences of our own."""

from __future__ import annotations

import pytest

from noroshi.intel.text import Document, extract
from noroshi.intel.text.armed import armed

SENTENCES = (
    # (imitated, imitating, words)
    ("bank-of-saida.example", "saida-bank.test", "The phishing site {1} imitates {0}."),
    ("bank-of-saida.example", "saida-bank.test", "{1} is a look-alike of {0}, used for phishing."),
    ("post.saida.example", "", "The malicious page was disguised as {0} and asked for passwords."),
    ("post.saida.example", "p0st.test", "Phishing: {1} resembles {0} and was registered by them."),
    ("post.saida.example", "", "The phishing mail purports to be from the post office, {0}."),
    ("shop.midori.example", "", "A clone of shop.midori.example steals credentials."),
    ("shop.midori.example", "", "{0} was impersonated by the phishing campaign."),
    ("shop.midori.example", "sh0p.test", "Typosquatting of {0}: credentials went to {1}."),
    ("info@bank-of-saida.example", "", "The sender of the phishing mail was {0} (spoofed)."),
    ("bank-of-saida.example", "saida-bank.test", "フィッシングサイト {1} は {0} を模倣している。"),
    ("bank-of-saida.example", "saida-bank.test", "{0} に似せた偽サイト {1} へ誘導する。"),
    ("post.saida.example", "", "{0} をかたるフィッシングメールが出回っている。"),
    ("post.saida.example", "", "{0} を名乗る不正なメールに注意してください。"),
    ("info@post.saida.example", "", "差出人は {0} を詐称していた。"),
    ("shop.midori.example", "", "{0} に酷似したフィッシングサイトが確認された。"),
)
HARMFUL = (
    ("evil.test", "The malware imitates a browser and connects to {0}."),
    ("evil.test", "Disguised as an invoice, the payload was downloaded from {0}."),
    ("evil.test", "It impersonates the town office; the phishing site is {0}."),
    ("evil.test", "役場を装ったメールから不正なサイト {0} へ誘導する。"),
    ("evil.test", "{0} は銀行を模倣したフィッシングサイトである。"),
)


def parts(text: str) -> dict[str, str]:
    return {one.value: one.context.value for one in extract(Document("line", text)).indicators}


@pytest.mark.parametrize(("imitated", "imitating", "words"), SENTENCES)
@pytest.mark.parametrize("defanged", [False, True])
def test_who_is_imitated_arms_nothing(
    imitated: str, imitating: str, words: str, *, defanged: bool
) -> None:
    dot = "[.]" if defanged else "."
    text = words.format(imitated.replace(".", dot), imitating.replace(".", dot))
    found = parts(text)
    assert found[imitated] == "victim", text
    if imitating:
        assert found[imitating] == "indicator", text
    values = {one.value for one in armed(extract(Document("line", text)), "x")}
    assert imitated not in values


@pytest.mark.parametrize(("value", "words"), HARMFUL)
def test_what_stands_near_such_words_only_is_still_an_indicator(value: str, words: str) -> None:
    assert parts(words.format(value))[value] == "indicator"
