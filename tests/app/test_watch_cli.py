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
    assert main(["watch", "ack", str(hits[0]["number"]), "99", *home]) == 1
    assert "no notification 99;" in capsys.readouterr().err
    assert main(["watch", "ack", str(hits[0]["number"]), *home, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"acknowledged": 1}
    assert main(["detect", "--rescan", *home]) == 0
    capsys.readouterr()
    assert main(["watch", "hits", *home, "--lang", "ja"]) == 0
    assert "監視中" in capsys.readouterr().out


def test_what_a_list_or_an_object_names_is_told_once_with_its_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path / "home"))
    (tmp_path / "list.txt").write_text("203.0.113.9\nwww.own.example\nother.example\n")
    indicator = {
        "type": "indicator", "spec_version": "2.1", "pattern_type": "stix",
        "id": "indicator--00000000-0000-4000-8000-000000000001",
        "pattern": "[domain-name:value = 'mail.own.example']",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "valid_from": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    (tmp_path / "world.json").write_text(
        json.dumps({"type": "bundle", "id": "bundle--1", "objects": [indicator]})
    )
    watched = ["203.0.113.0/24", "own.example"]
    assert main(["watch", "add", *watched, *home, "--label", "ours"]) == 0
    for _ in range(2):
        capsys.readouterr()
        listed = str(tmp_path / "list.txt")
        assert main(["indicators", "import", listed, "--source", "a feed", *home]) == 0
        assert "2 notifications of the watchlist" in capsys.readouterr().out
    assert main(["intel", "import", str(tmp_path / "world.json"), "--source", "us", *home]) == 0
    capsys.readouterr()
    assert main(["watch", "hits", *home, "--json"]) == 0
    hits = {hit["value"]: hit for hit in json.loads(capsys.readouterr().out)}
    assert hits.keys() == {"203.0.113.9", "www.own.example", "mail.own.example"}
    assert "inside 203.0.113.0/24" in hits["203.0.113.9"]["how"]
    assert "below own.example" in hits["www.own.example"]["how"]
    assert "a feed names www.own.example" in hits["www.own.example"]["origin"]
