"""What the command line prints steers no terminal."""

from __future__ import annotations

import json

import pytest

from noroshi.app.cli.output import make_output

HOSTILE = "町 \x1b[2J \x9b31m \u202egpj.exe\u2069 \udcff \x7f"


def test_json_is_the_same_and_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    make_output("en", as_json=True).json({"name": HOSTILE})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"name": HOSTILE}
    assert "町" in printed
    assert not set("\x1b\x9b\u202e\u2069\udcff\x7f") & set(printed)
