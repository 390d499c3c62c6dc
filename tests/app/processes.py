"""Exercises driven from outside: a process of its own for each player, and the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from noroshi.app.cli import main


def process(script: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a script that speaks with us over its standard input and output."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(sys.path), "NOROSHI_LANG": "en", "PYTHONUTF8": "1",
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what a drill command answers."""
    capsys.readouterr()
    assert main(["drill", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)
