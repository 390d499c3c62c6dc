"""Backup jobs: what the agent's nightly run amounted to, and how one fails in a story."""

from __future__ import annotations

from noroshi.drill import software
from noroshi.drill.act.places import first
from noroshi.drill.day import Day
from noroshi.drill.event import Process, ProcessEnded, ProcessStarted, ShareOpened
from noroshi.drill.kind.office import BackedUp
from noroshi.drill.world import Host

_LOCKED = (
    "税務課\\収納消込_作業中.xlsx", "福祉課\\台帳_令和8年度.accdb", "建設課\\~$道路台帳.xlsx",
    "総務課\\予定表_共有.xlsx",
)  # fmt: skip


def backup_job(
    day: Day, job: str, server: Host, source: Host, begin: int, end: int, *, files: int, size: int,
    warnings: tuple[str, ...] = (), failed: str = "",
) -> BackedUp:  # fmt: skip
    """Let a backup job end; ``failed`` says why it failed, e.g. that its volumes were deleted."""
    event = BackedUp(
        time=end, job=job, server=server, source=source, started=begin, files=files, size=size,
        warnings=warnings, failed=failed,
    )  # fmt: skip
    day.add(event)
    return event


def nightly_jobs(day: Day) -> None:
    """Tell of each run of the backup agent what it copied; now and then a file was locked."""
    source = first(day.world, "files")
    ends = {event.process: event.time for event in day.events if isinstance(event, ProcessEnded)}
    runs = [
        event.process
        for event in day.events
        if isinstance(event, ProcessStarted) and event.process.program is software.BACKUP_AGENT
    ]
    for run in runs:
        if source is None or run not in ends:
            continue
        _job_of(day, run, ends[run], source)


def _job_of(day: Day, run: Process, end: int, source: Host) -> None:
    rng = day.stream("backup", run.host.name)
    login = run.session.account.login
    begins = sorted(
        {
            event.session.started
            for event in day.events
            if isinstance(event, ShareOpened) and event.session.host is source
            and event.session.account.login == login and run.started <= event.time <= end
        }
    )  # fmt: skip
    for number, begin in enumerate(begins, 1):
        following = begins[number] if number < len(begins) else end
        locked = rng.sample(_LOCKED, rng.choices((0, 1, 2), (55, 35, 10))[0])
        backup_job(
            day, f"夜間-{source.name}-{number}", run.host, source, begin,
            begin + (following - begin) * 3 // 4, files=rng.randrange(90_000, 240_000),
            size=9_400_000_000 // number, warnings=tuple(
                f"D:\\share\\{name}: 他のプロセスが使用中のため読み取れませんでした (0x80070020)"
                for name in locked
            ),
        )  # fmt: skip
