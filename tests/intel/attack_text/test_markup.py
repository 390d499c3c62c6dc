"""A picture's address tells of no technique."""

from __future__ import annotations

import pytest

from noroshi.app.claims import claims_by
from noroshi.intel.attack_text import TechniqueModel
from noroshi.intel.attack_text.markup import is_furniture
from noroshi.intel.text import Document, extract


@pytest.mark.parametrize(
    ("sentence", "furniture"),
    [
        ("![obfuscated macro](/img/blogs/obfuscated%20macro%20code.PNG)", True),
        ('![](data:image/gif;base64,R0lGODlhAQABAAAA "code_snippet1")', True),
        ("[Follow](https://social.example/kuma)", True),
        ("It decodes the script, see [part one](https://blog.example/one).", False),
        ("The macro runs PowerShell and fetches the next stage.", False),
        ("マクロが有効になると次の段階を取得する（https://blog.example/1）。", False),
    ],
)
def test_what_is_furniture(sentence: str, furniture: bool) -> None:
    assert is_furniture(sentence) is furniture


def test_a_picture_of_code_is_no_technique_and_a_written_id_is() -> None:
    text = (
        "![obfuscated macro code that runs PowerShell](/img/obfuscated%20macro.PNG)\n\n"
        "| [T1027](https://attack.example/T1027) |\n\n"
        "The payload is obfuscated and encoded in base64.\n"
    )
    model = TechniqueModel.load()
    first = text.index("\n")
    assert any(one.span.start < first for one in model.predict(text))
    found = extract(Document("report", text))
    told = claims_by(model)(found).techniques
    assert [one["id"] for one in told] == ["T1027", "T1027"]
    assert all(one["span"][0] > first for one in told)
