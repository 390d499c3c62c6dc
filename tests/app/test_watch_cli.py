"""``noroshi watch``: sensors and imports both come by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from noroshi.app.cli import main

SQUID = (
    "1767232800.000     90 192.168.10.5 TCP_MISS/200 4512 GET http://a.c2.example/secret-word - "
    "HIER_DIRECT/203.0.113.5 text/html\n"
)


def test_what_sensors_see_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ("--home", str(tmp_path / "home"))
    (tmp_path / "access.log").write_text(SQUID * 3)
    watched = ["203.0.113.0/24", "c2.example", "secret-word", "::/0"]
    assert main(["watch", "add", *watched, *home, "--label", "ours", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == 3
    assert main(["run", str(tmp_path / "access.log"), *home]) == 0
    assert "3 notifications of the watchlist" in capsys.readouterr().out
    assert main(["watch", "hits", *home, "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)
    assert {hit["watched"] for hit in hits} == {"203.0.113.0/24", "c2.example", "secret-word"}
    assert all("192.168.10.5" in hit["origin"] for hit in hits)
    assert main(["watch", "ack", str(hits[0]["number"]), *home, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"acknowledged": 1}
    assert main(["detect", "--rescan", *home]) == 0
    capsys.readouterr()
    assert main(["watch", "hits", *home, "--lang", "ja"]) == 0
    assert "監視中" in capsys.readouterr().out
