"""First-seen, rare parent -> child process pairs.

Programs are launched by few others, and by the same ones every day. A word processor that starts
a shell for the first time in weeks, on one host of many, deserves a look; the same pair on thirty
hosts is a software roll-out.

The analytic speaks about a host only when the host had events on :data:`HISTORY_DAYS` days of the
month before: of a machine hardly ever seen, everything is new. It names at most :data:`PER_DAY`
pairs a day, the rarest first.
"""

from __future__ import annotations

from math import log10

import ibis
import ibis.expr.types as ir

from noroshi.detect.registry import Row, Tables, Window, detector
from noroshi.detect.sample import evidence, numbered, sample
from noroshi.lang import N_, Message
from noroshi.model import Entity, EntityType, Finding, Severity, finding_id

HISTORY_DAYS = 7
"""Days with events of the host before a pair may count as new: a week holds the weekly tasks."""
LOOKBACK_DAYS = 30
"""How far back these days may lie; a month holds month-end closing and patch days."""
MAX_HOSTS = 2
"""A pair on more hosts is spreading software, not a single break-in."""
PARENT_EVENTS = 20
"""Launches by the parent; of a program hardly ever seen, every child is new."""
RARE = 20
"""A pair is rare if it is at most one in this many launches by the parent."""
PER_DAY = 10
"""Pairs a day that somebody can look at."""

_LAUNCH = 1
_DAY = 86_400_000_000
INTERPRETERS = frozenset(
    {
        "bash",
        "sh",
        "dash",
        "zsh",
        "python",
        "python#",
        "perl",
        "powershell.exe",
        "pwsh.exe",
        "cmd.exe",
        "wscript.exe",
        "cscript.exe",
        "mshta.exe",
        "rundll#.exe",
        "regsvr#.exe",
        "certutil.exe",
        "bitsadmin.exe",
        "msbuild.exe",
        "wmic.exe",
    }
)
"""Children that run what they are told, by normalised name: the finding weighs more."""


def image_name(path: ir.StringValue) -> ir.StringValue:
    """Return the file name of an image: lower case, long hex runs and numbers as ``#``.

    Versions and random parts (``setup-12.34.exe``, ``is-3F0A9C21.tmp``) would make every name new.
    """
    name = path.lower().replace("\\", "/").re_extract(r"([^/]*)$", 1)
    return name.re_replace("[0-9a-f]{8,}", "#").re_replace("[0-9]+", "#")


def _launches(tables: Tables, window: Window) -> ir.Table:
    t = tables["process_activity"]
    launches = t.filter(
        (t.time > 0) & (t.time < window.end), t.activity_id == _LAUNCH, t.device_hostname.notnull()
    ).select(
        "event_id",
        "time",
        "day",
        date=t.time // _DAY,
        host=t.device_hostname.lower(),
        parent=image_name(
            ibis.coalesce(t.process_parent_process_file_path, t.process_parent_process_name)
        ),
        child=image_name(ibis.coalesce(t.process_file_path, t.process_name)),
        user=t.process_user_name,
        command=t.process_cmd_line,
    )
    return launches.filter(launches.parent != "", launches.child != "")


def _finding(row: Row) -> Finding:
    parent, child = row["parent"], row["child"]
    pair = f"{parent} -> {child}"
    events = evidence(row["sample"], "process_activity")
    hosts = tuple(sorted({event.host for event in events}))
    users = {item["user"].lower() for item in row["sample"] if item["user"]}
    runs_code = child in INTERPRETERS
    words = {
        "parent": parent,
        "child": child,
        "hosts": row["hosts"],
        "all_hosts": row["all_hosts"],
        "events": row["events"],
        "parent_events": row["parent_events"],
        "history": row["history"],
    }
    return Finding(
        id=finding_id("rare_parent_child", "rare_parent_child", pair, row["day"]),
        analytic="rare_parent_child",
        rule_id="rare_parent_child",
        title=N_("Rare parent and child process, first seen"),
        severity=Severity.MEDIUM if runs_code else Severity.LOW,
        score=min(0.7, 0.3 + 0.1 * log10(row["parent_events"] / row["events"])),
        subject=hosts[0],
        first=row["first"],
        last=max(event.time for event in events),
        count=row["events"],
        explanation=Message(
            N_(
                "{parent} started {child}, which it had never done before: {events} of "
                "{parent_events} launches by that parent, on {hosts} of {all_hosts} hosts. The "
                "host had events on {history} days of the month before."
            ),
            words,
        ),
        disproof=Message(
            N_(
                "New or updated software, or an administrator's work at that time, explains why "
                "{parent} starts {child}."
            ),
            words,
        ),
        next_steps=(
            Message(N_("Read the command line of {child} and see what it started in turn."), words),
            Message(N_("Ask the user or administrator of the host what was done at that time.")),
            Message(N_("Look for the same command line and file hash on other hosts.")),
        ),
        techniques=("T1059",) if runs_code else (),
        tactics=("execution",),
        hosts=hosts,
        entities=tuple(
            sorted(
                {Entity(EntityType.HOST, host) for host in hosts}
                | {Entity(EntityType.USER, user) for user in users}
            )
        ),
        evidence=events,
        references=("https://attack.mitre.org/techniques/T1059/",),
    )


@detector(
    name="rare_parent_child",
    title=N_("Rare parent and child process, first seen"),
    techniques=("T1059",),
    severity=Severity.LOW,
    reads=("process_activity",),
    finding=_finding,
    lookback_days=LOOKBACK_DAYS,
    history_days=HISTORY_DAYS,
)
def rare_parent_child(tables: Tables, window: Window) -> ir.Table:
    """The rarest pairs among those that appear for the first time within the window."""
    launches = _launches(tables, window)
    parents = launches.group_by("parent").aggregate(parent_events=launches.count())
    fleet = launches.aggregate(all_hosts=launches.host.nunique())
    pairs = launches.group_by(["parent", "child"]).aggregate(
        day=launches.day.min(),
        date=launches.date.min(),
        host=launches.host.min(),
        first=launches.time.min(),
        hosts=launches.host.nunique(),
        events=launches.count(),
    )
    new = pairs.filter(window.holds(pairs["first"]), pairs.hosts <= MAX_HOSTS)
    new = new.join(parents, "parent").cross_join(fleet)
    new = new.filter(new.parent_events >= PARENT_EVENTS, new.events * RARE <= new.parent_events)
    new = _with_history(new, launches)
    new = new.filter(new.history >= HISTORY_DAYS)
    rarest = ibis.window(
        group_by="day",
        order_by=["hosts", "events", ibis.desc("parent_events"), "parent", "child"],
    )
    kept = new.mutate(rank=ibis.row_number().over(rarest))
    kept = kept.filter(kept["rank"] < PER_DAY)
    keys = ["parent", "child"]
    # What the pair did weeks later, on another host perhaps, is not what was new on its first day.
    events = numbered(launches.semi_join(kept, [*keys, "day"]), keys)
    samples = events.group_by(keys).aggregate(sample=sample(events, ["user", "command"]))
    return kept.join(samples, keys)


def _with_history(new: ir.Table, launches: ir.Table) -> ir.Table:
    """Add on how many days of the month before a pair's first day its host had events."""
    seen = launches.select("host", seen=launches.date).distinct()
    past = new.select("parent", "child", "host", "date").join(seen, "host")
    past = past.filter(past.seen < past.date, past.date - past.seen <= LOOKBACK_DAYS)
    return new.join(
        past.group_by(["parent", "child"]).aggregate(history=past.count()), ["parent", "child"]
    )
