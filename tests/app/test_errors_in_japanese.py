"""What goes wrong is told in the reader's language, on every way by which it reaches them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from noroshi.app.cli import main
from noroshi.app.cli.output import make_output
from noroshi.lang import Message
from noroshi.lang import sentences as told

WRONG = {
    ("case", "show", "zzzz"): "エラー：'zzzz' で始まる ID の事案はありません",
    ("hunt", "drop table events"): "1 行 1 列：使えるのは SELECT と WITH だけ",
    ("indicators", "import", "{missing}"): "読めません（ファイルまたはフォルダーがありません",
    ("packs", "add", "{missing}"): "ファイルまたはフォルダーがありません",
    ("drill", "grade", "{missing}"): "演習はありません",
    ("watch", "add", "::/0"): "  ::/0：::/0 は広すぎて、",
    ("feeds", "pull", "nobody"): "'nobody' というフィードはありません",
}
MISUSED = {
    ("case", "show"): "引数 'case' がありません。",
    ("case", "show", "x", "--nowhere"): "--nowhere というオプションはありません",
    ("feeds", "lst"): "'lst' というコマンドはありません。'list' のことですか？",
    ("hunt", "--limit", "0", "x"): "'--limit' の値が正しくありません：1 以上にしてください",
    ("hunt", "--limit", "x", "x"): "'--limit' の値が正しくありません：整数を指定してください",
    ("run", "x", "--home"): "オプション '--home' には値が必要です。",
    ("lake", "stats", "x"): "余分な引数があります（x）",
    ("lake", "expire", "--before", "2026"): "値が正しくありません：'2026' は YYYY-MM-DD の形では",
    ("cases", "--jsno"): "--jsno というオプションはありません（近いもの：--json）",
    ("watch", "add"): "値が正しくありません：監視するものを指定するか、",
    ("drill", "act", "x", "y", "z"): "'kind' の値が正しくありません：'y' は選べません。",
}


@pytest.mark.parametrize("call", WRONG, ids=" ".join)
def test_what_went_wrong_is_told_in_japanese(
    call: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [word.format(missing=tmp_path / "missing") for word in call]
    home = ["--home", str(tmp_path / "home")] if call[0] != "drill" else []
    assert main([*given, *home, "--lang", "ja"]) == 1
    assert WRONG[call] in capsys.readouterr().err


@pytest.mark.parametrize("call", MISUSED, ids=" ".join)
def test_wrong_usage_is_told_in_japanese(
    call: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOROSHI_LANG", "ja")
    assert main(call) == 2
    assert MISUSED[call] in capsys.readouterr().err


def test_evidence_that_is_not_read_is_told_in_japanese_and_to_scripts_in_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["run", str(tmp_path / "missing"), "--home", str(tmp_path / "home"), "--lang", "ja"]
    main(run)
    assert "：ファイルまたはフォルダーがありません" in capsys.readouterr().err
    main([*run, "--json"])
    skipped = json.loads(capsys.readouterr().out)["skipped"]
    assert [one["reason"] for one in skipped] == ["no such file or folder"]


def test_records_that_are_not_read_are_told_in_japanese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "zeros.evtx").write_bytes(b"ElfFile\0" + bytes(8000))
    log = str(tmp_path / "zeros.evtx")
    main(["ingest", log, "--home", str(tmp_path / "home"), "--lang", "ja"])
    assert f"{log}：1 件のレコードを読めませんでした" in capsys.readouterr().err


def test_a_stored_reason_is_told_in_japanese() -> None:
    message = Message("failed: {reason}", {"reason": "no whole answer in 30 seconds"})
    out = make_output("ja")
    assert out.message(message) == "失敗: 30 秒以内に応答が終わりませんでした"
    assert out.plain(message) == out.message(message)
    assert make_output("en").message(message) == "failed: no whole answer in 30 seconds"


def test_the_sentences_are_read_only_where_something_went_wrong() -> None:
    told._sentences.cache_clear()
    out = make_output("ja")
    out.text("Removed {name}.", name="x")
    make_output("en").text("Error: {error}", error="no object x")
    assert told._sentences.cache_info().misses == 0
    out.text("Error: {error}", error="no object x")
    assert told._sentences.cache_info().misses == 1
