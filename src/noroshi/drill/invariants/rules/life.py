"""Many days: machines are on when they say something, and go off when their people leave."""

from __future__ import annotations

from noroshi.drill.invariants.invariant import Invariant

INVARIANTS = (
    Invariant(
        "nothing-from-a-machine-that-is-off",
        "A machine says nothing between the logoff of the last who sat there and its next start.",
        ("win",),
        """with empty as (select e.host, e.time from logoffs e where e.id = 4634
          and e.logon_type = '2' and not exists (select 1 from logons l
            where l.host = e.host and l.logon_type = '2' and l.time < e.time
              and l.target_logon_id != e.target_logon_id
              and not exists (select 1 from logoffs o where o.host = l.host
                and o.target_logon_id = l.target_logon_id and o.time <= e.time)))
        select w.host, w.id, w.image, w.time, e.time from win w
        asof join empty e on w.host = e.host and w.time > e.time
        asof left join boots b on w.host = b.host and w.time >= b.time - 2000000
        where coalesce(b.time, 0) < e.time""",
        "select count(*) from logoffs where logon_type = '2'",
    ),
    Invariant(
        "started-before-logged-on",
        "Who logs on at a desk sits at a machine that was started after it went off.",
        ("win",),
        """with empty as (select e.host, e.time from logoffs e where e.id = 4634
          and e.logon_type = '2' and not exists (select 1 from logons l
            where l.host = e.host and l.logon_type = '2' and l.time < e.time
              and l.target_logon_id != e.target_logon_id
              and not exists (select 1 from logoffs o where o.host = l.host
                and o.target_logon_id = l.target_logon_id and o.time <= e.time)))
        select l.host, l.target_user, l.time, e.time from (
          select * from logons where logon_type = '2') l
        asof join empty e on l.host = e.host and l.time > e.time
        asof left join boots b on l.host = b.host and l.time >= b.time
        where coalesce(b.time, 0) < e.time""",
        "select count(*) from logons where logon_type = '2'",
    ),
)
