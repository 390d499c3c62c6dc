"""``noroshi feeds`` as a person meets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.collect.feeds.conftest import Web, says, serving

from noroshi.app.cli import main


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as there:
        yield there


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_from_adding_to_a_notification(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path / "home"))
    web.said["/bad.txt"] = b"198.51.100.4\nevil.example.net\nco.jp\n"
    web.said["/down"] = says(b"", 500)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "profile.yaml").write_text("prefixes: [203.0.113.0/24]\n")
    watched = answer(capsys, "watch", "add", "198.51.100.0/24", "203.0.113.9", *home)
    assert watched["added"] == 2
    added = answer(capsys, "feeds", "add", "bad", web("/bad.txt"), "--every", "1d", *home)
    assert (added["kind"], added["new"]) == ("list", True)
    plan = answer(capsys, "feeds", "pull", "--dry-run", *home)
    assert [(one["name"], one["leaves"]) for one in plan] == [("bad", True)]
    assert web.asked == []
    answer(capsys, "feeds", "add", "down", web("/down"), "--kind", "stix", *home)
    pulled = {one["name"]: one for one in answer(capsys, "feeds", "pull", *home, code=1)}
    assert (pulled["bad"]["outcome"], pulled["bad"]["new"], pulled["bad"]["held"]) == ("done", 3, 1)
    assert pulled["down"]["outcome"] == "failed"
    [hit] = answer(capsys, "watch", "hits", *home)
    assert (hit["watched"], hit["value"]) == ("198.51.100.0/24", "198.51.100.4")
    assert "bad" in hit["origin"]
    assert answer(capsys, "feeds", "pull", "--due", *home) == []
    states = {one["name"]: one for one in answer(capsys, "feeds", "list", *home)}
    assert (states["bad"]["known"], states["bad"]["held"]) == (3, 1)
    assert states["down"]["failures"] == 1
    [held] = answer(capsys, "feeds", "quarantine", "list", *home)
    assert "co.jp" in held["why"]
    number = str(held["number"])
    assert answer(capsys, "feeds", "quarantine", "release", number, *home) == {"released": 1}
    assert answer(capsys, "feeds", "quarantine", "list", *home) == []
    assert answer(capsys, "indicators", "list", "co.jp", *home)[0]["value"] == "co.jp"
    assert answer(capsys, "feeds", "status", "bad", *home)["held"] == 0
    assert answer(capsys, "feeds", "remove", "down", *home) == {"removed": "down"}
    assert main(["feeds", "status", "down", *home]) == 1


def test_who_is_listed_themselves_hears_of_it_though_the_feed_is_not_believed(
    web: Web, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--home", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "profile.yaml").write_text("prefixes: [203.0.113.0/24]\n")
    web.said["/bad.txt"] = b"198.51.100.4\n203.0.113.9\n"
    answer(capsys, "watch", "add", "203.0.113.9", *home)
    answer(capsys, "feeds", "add", "bad", web("/bad.txt"), *home)
    [pulled] = answer(capsys, "feeds", "pull", *home)
    assert (pulled["new"], pulled["held"]) == (2, 1)
    [hit] = answer(capsys, "watch", "hits", *home)
    assert "held back" in hit["origin"]
    assert answer(capsys, "indicators", "list", "203.0.113.9", *home) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("x", "ftp://host.example/a"), "http"),
        (("x", "https://me:secret@host.example/bad.txt"), "--key"),
        (("../x", "https://host.example/bad.txt"), "name"),
        (("x", "https://host.example/what-is-this"), "--kind"),
        (("x", "https://host.example/bad.txt", "--every", "1s"), "too often"),
    ],
)
def test_settings_that_would_do_harm_are_refused(
    arguments: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feeds", "add", *arguments, "--home", str(tmp_path / "home")]) != 0
    assert told in capsys.readouterr().err


def test_a_key_that_is_not_there_is_told_and_the_others_go_on(
    web: Web,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = ("--home", str(tmp_path / "home"))
    web.said["/bad.txt"] = b"198.51.100.4\n"
    answer(capsys, "feeds", "add", "open", web("/bad.txt"), *home)
    answer(capsys, "feeds", "add", "locked", web("/bad.txt"), "--key", "A_FEED_KEY", *home)
    pulled = {one["name"]: one for one in answer(capsys, "feeds", "pull", *home, code=1)}
    assert "A_FEED_KEY" in pulled["locked"]["told"]
    assert pulled["open"]["outcome"] == "done"
    monkeypatch.setenv("A_FEED_KEY", "a token for tests")
    assert answer(capsys, "feeds", "pull", "locked", *home)[0]["outcome"] == "done"
    assert web.headers[-1]["authorization"] == "Bearer a token for tests"
