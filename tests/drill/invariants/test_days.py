"""Many days, one at a time: nothing that a whole reading finds is lost, nor what spans midnight."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from noroshi.app.cli import app
from noroshi.drill.generate import Plan, generate
from noroshi.drill.invariants import Result, check, check_tables, read_evidence
from noroshi.drill.invariants.carry import carry
from noroshi.drill.invariants.pieces import pieces
from noroshi.drill.invariants.tables import lay_out, load, opened

FORMATS = (
    "windows", "zeek", "proxy", "firewall", "dhcp-audit", "vpn", "radius", "operations",
    "backup", "mail-journal", "mail-server",
)  # fmt: skip
DAYS = ("20260520", "20260521", "20260522", "20260523")
PAST = {
    "lease-covers-use", "logoff-after-logon", "operation-user-at-desk", "proxy-user-logged-on",
    "session-known-to-process",
}  # fmt: skip
Record = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("days") / "evidence"
    plan = Plan(staff=14, first=date(2026, 5, 20), days=len(DAYS), seed=3, formats=FORMATS)
    generate(plan, found, workers=1)
    return found


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder, tmp_path / "copy", ignore=lambda *_: {".generate"})


def broken(results: list[Result]) -> dict[str, int]:
    return {each.invariant.id: each.violations for each in results if each.violations}


def records(folder: Path, day: str) -> list[Record]:
    text = (folder / f"windows/winlogbeat-{day}.ndjson").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def put(folder: Path, day: str, found: list[Record]) -> None:
    text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found)
    (folder / f"windows/winlogbeat-{day}.ndjson").write_text(text, "utf-8")


def data(record: Record) -> Record:
    found: Record = record["winlog"].get("event_data") or record["winlog"]["user_data"]
    return found


def code(record: Record) -> int:
    return int(record["winlog"]["event_id"])


def overnight(folder: Path) -> tuple[str, str]:
    """Return host and session of somebody whose machine was left on into the second day."""
    begun = {
        (each["winlog"]["computer_name"], data(each)["TargetLogonId"])
        for each in records(folder, DAYS[0])
        if code(each) == 4624 and data(each)["LogonType"] == "2"
    }  # fmt: skip
    used = {
        (each["winlog"]["computer_name"], data(each)["LogonId"])
        for each in records(folder, DAYS[1]) if code(each) == 1
    }  # fmt: skip
    return min(begun & used)


def test_day_by_day_gives_what_reading_at_once_gives(folder: Path) -> None:
    judged: list[tuple[str, int, int]] = []
    parted = check(folder, lambda piece, number, count: judged.append((piece.label, number, count)))
    assert judged == [
        (f"{day[:4]}-{day[4:6]}-{day[6:]}", number, 4) for number, day in enumerate(DAYS, 1)
    ]
    with read_evidence(folder) as connection:
        whole = list(check_tables(connection))
    assert broken(parted) == broken(whole) == {}
    assert not any(each.not_judged for each in parted)
    for one, other in zip(parted, whole, strict=True):
        assert bool(one.looked_at) == bool(other.looked_at), one.invariant.id
    looked_at = {each.invariant.id: each.looked_at for each in parted}
    whole_at = {each.invariant.id: each.looked_at for each in whole}
    for name in ("connection-uid-unique", "record-numbers-run-on", "process-guid-unique"):
        assert looked_at[name] == whole_at[name]


def test_a_start_that_is_kept_is_kept_with_its_end(folder: Path) -> None:
    """Else it would seem to run for ever, and its number never to be free again."""
    parts = pieces(folder)
    unended = "select guid from {0}.starts where guid not in (select guid from {0}.ends)"
    with opened(folder) as connection:
        lay_out(connection, parts[0].files)
        for part in parts[:2]:
            load(connection, part.files)
            running = set(connection.execute(unended.format("main")).fetchall())
            carry(connection, part)
        kept = connection.execute("select count(*) from before.starts").fetchall()[0][0]
        seem_to_run = set(connection.execute(unended.format("before")).fetchall())
    assert len(running) < kept
    assert seem_to_run <= running


def lose_last_number(folder: Path) -> None:
    day = records(folder, DAYS[0])
    host = day[-1]["winlog"]["computer_name"], day[-1]["winlog"]["channel"]
    assert any((e["winlog"]["computer_name"], e["winlog"]["channel"]) == host
               for e in records(folder, DAYS[1]))  # fmt: skip
    put(folder, DAYS[0], day[:-1])


def start_again(folder: Path) -> None:
    """Give a process of the third day the GUID of one that had ended on the first."""
    ended = {data(each)["ProcessGuid"] for each in records(folder, DAYS[0]) if code(each) == 5}
    guid = min(ended)
    day = records(folder, DAYS[2])
    next(data(each) for each in day if code(each) == 1)["ProcessGuid"] = guid
    put(folder, DAYS[2], day)


def forget_session(folder: Path) -> None:
    """Lose the logon of somebody whose machine was left on; the start of it stays."""
    host, session = overnight(folder)
    put(folder, DAYS[0], [
        each for each in records(folder, DAYS[0])
        if not (each["winlog"]["computer_name"] == host and code(each) in (4624, 1)
                and session in (data(each).get("TargetLogonId"), data(each).get("LogonId")))
    ])  # fmt: skip


def forget_leases(folder: Path) -> None:
    """Lose the leases of the first day, and on the second those of a machine left on till noon."""
    host = overnight(folder)[0].partition(".")[0].upper()
    for path in (folder / "dhcp").glob("*.log"):
        lines = path.read_text("cp932").splitlines(keepends=True)
        kept = [line for line in lines if host not in line.upper() or "05/22/26" in line]
        path.write_bytes("".join(kept).encode("cp932"))


def move_house(folder: Path) -> None:
    """Let a machine connect from another address on the second day."""
    day = records(folder, DAYS[1])
    host = min(each["winlog"]["computer_name"] for each in day if code(each) == 3)
    for each in day:
        if code(each) == 3 and each["winlog"]["computer_name"] == host:
            data(each)["SourceIp"] = "10.20.99.99"
    put(folder, DAYS[1], day)


def act_after_end(folder: Path) -> None:
    """Let a process that ended on the first day connect on the second."""
    ended = {data(e)["ProcessGuid"]: data(e) for e in records(folder, DAYS[0]) if code(e) == 5}
    started = {data(e)["ProcessGuid"] for e in records(folder, DAYS[0]) if code(e) == 1}
    guid = min(ended.keys() & started)
    day = records(folder, DAYS[1])
    data(next(each for each in day if code(each) == 3))["ProcessGuid"] = guid
    put(folder, DAYS[1], day)


@pytest.mark.parametrize(
    ("plant", "name"),
    [
        (lose_last_number, "record-numbers-run-on"),
        (start_again, "process-guid-unique"),
        (forget_session, "session-known-to-process"),
        (forget_leases, "lease-covers-use"),
        (move_house, "host-address-constant"),
        (act_after_end, "process-acts-before-end"),
    ],
)
def test_what_contradicts_the_day_before_is_found(
    plant: Callable[[Path], None], name: str, copied: Path
) -> None:
    plant(copied)
    assert name in broken(check(copied))


@pytest.fixture
def cut(copied: Path) -> Iterator[Path]:
    """The evidence without its first day."""
    for path in copied.rglob(f"*{DAYS[0]}*"):
        path.unlink()
    yield copied


def test_evidence_cut_out_of_the_middle_is_judged_from_its_second_day_on(cut: Path) -> None:
    found = check(cut)
    assert broken(found) == {}
    assert {e.invariant.id: e.not_judged for e in found if e.not_judged} == dict.fromkeys(
        PAST, ("2026-05-21",)
    )
    assert all(each.looked_at for each in found if each.invariant.id in PAST)


def test_a_contradiction_on_the_second_day_of_a_cut_is_found(cut: Path) -> None:
    day = records(cut, DAYS[2])
    data(next(each for each in day if code(each) == 1 and data(each)["LogonId"] != "0x3e7"))[
        "LogonId"
    ] = "0x77777"
    put(cut, DAYS[2], day)
    assert broken(check(cut))["session-known-to-process"] == 1


def test_the_command_tells_the_days_and_what_it_left_out(cut: Path) -> None:
    told = CliRunner().invoke(app, ["drill", "check", str(cut), "--lang", "en"])
    assert told.exit_code == 0
    assert "2026-05-22 is judged, 2 of 3." in told.output
    said = " ".join(told.output.split())
    assert "Life goes on from before 2026-05-21" in said
    assert all(name in said for name in PAST)


def job(folder: Path, day: str, *lines: str) -> None:
    path = folder / f"backup/jobs-{day}.csv"
    path.parent.mkdir(exist_ok=True)
    head = "日時,ホスト名,レベル,ジョブ名,メッセージ"
    path.write_text("\n".join([head, *lines, ""]), "utf-8")


BEGUN = "2026/05/20 23:50:00,BK01,情報,夜間,ジョブを開始しました。対象: \\\\FS01"
ENDED = "2026/05/21 00:10:00,BK01,情報,夜間,ジョブは正常に完了しました。3ファイル 9バイト"


def test_what_ends_after_midnight_is_no_violation(tmp_path: Path) -> None:
    job(tmp_path, DAYS[0], BEGUN)
    job(tmp_path, DAYS[1], ENDED)
    assert broken(check(tmp_path)) == {}


def test_what_never_ends_is_counted_once(tmp_path: Path) -> None:
    job(tmp_path, DAYS[0], BEGUN)
    for day in DAYS[1:]:
        job(tmp_path, day)
    found = check(tmp_path)
    assert broken(found) == {"backup-job-ends": 1}
    assert next(each for each in found if each.violations).examples == ("夜間",)
