"""Many days: machines are on when they say something, and go off when their people leave."""

from __future__ import annotations

from noroshi.drill.invariants.invariant import Invariant

INVARIANTS = (
    Invariant(
        "nothing-from-a-machine-that-is-off",
        "A machine that one person uses says nothing between its last logoff and its next start.",
        ("win",),
        """with shared as (select host from logons where logon_type = '2' group by host
          having count(distinct target_user) > 1)
        select w.host, w.id, w.image, w.time, e.time from win w
        asof join goings e on w.host = e.host and w.time > e.time
        asof left join boots b on w.host = b.host and w.time >= b.time - 2000000
        where coalesce(b.time, 0) < e.time
          and w.host not in (select host from shared)""",
        "select count(*) from logoffs where logon_type = '2'",
    ),
    Invariant(
        "started-before-logged-on",
        "Who logs on at a machine of their own, sits at one that was started after it went off.",
        ("win",),
        """with shared as (select host from logons where logon_type = '2' group by host
          having count(distinct target_user) > 1)
        select l.host, l.target_user, l.time, e.time from (
          select * from logons where logon_type = '2') l
        asof join goings e on l.host = e.host and l.time > e.time
        asof left join boots b on l.host = b.host and l.time >= b.time
        where coalesce(b.time, 0) < e.time
          and l.host not in (select host from shared)""",
        "select count(*) from logons where logon_type = '2'",
    ),
)
