"""Processes: born once, of a living parent, in a living session, seen alike by both logs."""

from __future__ import annotations

from noroshi.drill.invariants.invariant import Invariant

_WIN = ("win",)

INVARIANTS = (
    Invariant(
        "process-guid-unique",
        "A process starts once: no two start events carry the same GUID.",
        _WIN,
        "select guid, count(*) from starts group by guid having count(*) > 1",
        "select count(*) from starts",
        once="select guid from starts",
    ),
    Invariant(
        "process-acts-after-start",
        "A process does nothing before it has started.",
        _WIN,
        "select a.host, a.guid, a.id, a.time, s.time from acts a join starts s "
        "on a.guid = s.guid where a.time < s.time",
        "select count(*) from acts",
    ),
    Invariant(
        "process-acts-before-end",
        "A process does nothing after it has ended.",
        _WIN,
        "select a.host, a.guid, a.id, a.time, e.time from acts a join ends e "
        "on a.guid = e.guid where a.time > e.time",
        "select count(*) from ends",
    ),
    Invariant(
        "process-ends-once",
        "A process ends once, after it has started.",
        _WIN,
        "select e.host, e.guid, count(*) from ends e group by all having count(*) > 1 "
        "union all select e.host, e.guid, e.time from ends e join starts s "
        "on e.guid = s.guid where e.time < s.time",
        "select count(*) from ends",
    ),
    Invariant(
        "process-image-constant",
        "A GUID names one program with one process id on one host.",
        _WIN,
        "select guid, count(distinct image), count(distinct pid), count(distinct host) from win "
        "where guid is not null and id != 10 group by guid "
        "having count(distinct image) > 1 or count(distinct pid) > 1 or count(distinct host) > 1",
        "select count(distinct guid) from win where guid is not null",
    ),
    Invariant(
        "parent-started-before",
        "A parent has started before its child, on the same host.",
        _WIN,
        "select c.host, c.guid, p.guid from starts c join starts p "
        "on c.parent_guid = p.guid where p.time > c.time or p.host != c.host",
        "select count(*) from starts c join starts p on c.parent_guid = p.guid",
    ),
    Invariant(
        "parent-not-ended",
        "A child is not started by a parent that has ended.",
        _WIN,
        "select c.host, c.guid, e.guid, c.time, e.time from starts c join ends e "
        "on c.parent_guid = e.guid where e.time < c.time",
        "select count(*) from starts",
    ),
    Invariant(
        "parent-image-agrees",
        "What a child says of its parent is what the parent said of itself.",
        _WIN,
        "select c.host, c.guid, c.parent_image, p.image from starts c join starts p "
        "on c.parent_guid = p.guid where c.parent_image != p.image or c.parent_pid != p.pid",
        "select count(*) from starts c join starts p on c.parent_guid = p.guid",
    ),
    Invariant(
        "process-id-not-shared",
        "Two processes that live at the same time on a host have different process ids; a start of "
        "the machine ends what ran before.",
        _WIN,
        """with lives as (
          select s.host, s.pid, s.guid, s.time as first,
            coalesce(e.time, b.time, 9223372036854775807) as last
          from starts s left join ends e on s.guid = e.guid
          asof left join boots b on s.host = b.host and b.time > s.time),
        following as (
          select *, lead(first) over (partition by host, pid order by first) as next from lives)
        select host, pid, guid, last, next from following where next < last""",
        "select count(*) from starts",
    ),
    Invariant(
        "sysmon-start-in-security-log",
        "Each process start in Sysmon's log is in the security log too.",
        _WIN,
        "select s.host, s.guid, s.image from starts s anti join "
        "(select * from win where id = 4688) t on s.host = t.host and s.image = t.new_image "
        "and cast(s.pid as bigint) = cast(t.new_pid as bigint) and abs(s.time - t.time) <= 50000 "
        "where s.host in (select host from win where id = 4688)",
        "select count(*) from starts",
    ),
    Invariant(
        "security-start-in-sysmon-log",
        "Each process start in the security log is in Sysmon's log too.",
        _WIN,
        "select t.host, t.new_pid, t.new_image from (select * from win where id = 4688) t "
        "anti join starts s on s.host = t.host and s.image = t.new_image "
        "and cast(s.pid as bigint) = cast(t.new_pid as bigint) and abs(s.time - t.time) <= 50000 "
        "where t.host in (select host from win where id = 1)",
        "select count(*) from win where id = 4688",
    ),
    Invariant(
        "program-hash-constant",
        "A program in the system's own folders has the same digests wherever it starts.",
        _WIN,
        "select image, count(distinct hashes) from starts where image like 'C:\\Windows\\%' "
        "group by image having count(distinct hashes) > 1",
        "select count(*) from starts",
    ),
    Invariant(
        "script-has-interpreter",
        "A block of PowerShell is logged while a PowerShell runs on that host.",
        _WIN,
        """select b.host, b.time from (select * from win where id = 4104) b
        where not exists (select 1 from starts s left join ends e on s.guid = e.guid
          where s.host = b.host and s.image like '%powershell%' and s.time <= b.time
            and coalesce(e.time, b.time) >= b.time)""",
        "select count(*) from win where id = 4104",
    ),
    Invariant(
        "service-program-starts",
        "What a new service is to run was written to that host or is part of the system.",
        _WIN,
        r"""select s.host, s.service, s.service_path from (select * from win where id = 7045) s
        anti join (select host, lower(file) as file, time from win where id = 11) f
        on f.host = s.host and f.time <= s.time
          and contains(replace(lower(s.service_path), '%systemroot%', 'c:\windows'), f.file)
        where s.service_path not ilike '%\system32\%'""",
        "select count(*) from win where id = 7045",
    ),
)
