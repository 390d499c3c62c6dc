"""Sessions and accounts: logged on before used, not used after logoff, one owner each."""

from __future__ import annotations

from noroshi.drill.invariants.invariant import Invariant

_WIN = ("win",)

INVARIANTS = (
    Invariant(
        "session-id-unique",
        "A session id is given out once on a host, from one start of the machine to the next.",
        _WIN,
        """with since as (select l.host, l.target_logon_id, b.time as start from logons l
          asof left join boots b on b.host = l.host and b.time <= l.time)
        select host, target_logon_id, count(*) from since
        where target_logon_id not in ('0x3e7', '0x3e4', '0x3e5', '0x0')
        group by host, target_logon_id, start having count(*) > 1""",
        "select count(*) from logons",
    ),
    Invariant(
        "session-known-to-process",
        "A process starts in a session that was logged on before, on the same host.",
        _WIN,
        """select s.host, s.guid, s.logon_id from (select * from win where id = 1) s
        anti join logons l on l.host = s.host and l.target_logon_id = s.logon_id
          and l.time <= s.time
        where s.logon_id not in ('0x3e7', '0x3e4', '0x3e5', '0x0')""",
        "select count(*) from win where id = 1",
        past=True,
    ),
    Invariant(
        "session-user-agrees",
        "A process runs as the account whose session it is in.",
        _WIN,
        """select s.host, s.guid, s.who, l.target_user from (select * from win where id = 1) s
        join logons l on l.host = s.host and l.target_logon_id = s.logon_id
        where s.logon_id not in ('0x3e7', '0x3e4', '0x3e5', '0x0')
          and lower(split_part(s.who, '\\', 2)) != lower(l.target_user)""",
        "select count(*) from win where id = 1",
    ),
    Invariant(
        "session-not-used-after-logoff",
        "Nothing starts in a session after its logoff.",
        _WIN,
        """select s.host, s.guid, s.logon_id from (select * from win where id = 1) s
        join logoffs e on e.host = s.host and e.target_logon_id = s.logon_id
        where s.logon_id not in ('0x3e7', '0x3e4', '0x3e5', '0x0') and s.time > e.time""",
        "select count(*) from logoffs",
    ),
    Invariant(
        "logoff-after-logon",
        "A logoff ends a session that was logged on before.",
        _WIN,
        """select e.host, e.target_logon_id, e.time from logoffs e
        anti join logons l on l.host = e.host and l.target_logon_id = e.target_logon_id
          and l.time <= e.time""",
        "select count(*) from logoffs",
        past=True,
    ),
    Invariant(
        "share-session-known",
        "Who opens a share, installs a service or clears a log is logged on there.",
        _WIN,
        """select u.host, u.id, u.logon_id from uses u
        anti join logons l on l.host = u.host and l.target_logon_id = u.logon_id
          and l.time <= u.time
        where u.logon_id not in ('0x3e7', '0x3e4', '0x3e5', '0x0')""",
        "select count(*) from uses",
    ),
    Invariant(
        "share-session-open",
        "Nobody opens a share in a session that was logged off.",
        _WIN,
        """select u.host, u.id, u.logon_id from uses u
        join logoffs e on e.host = u.host and e.target_logon_id = u.logon_id
        where u.time > e.time""",
        "select count(*) from uses",
    ),
    Invariant(
        "share-user-agrees",
        "A share is opened as the account, and from the address, of its session.",
        _WIN,
        """select u.host, u.logon_id, u.subject_user, l.target_user, u.src, l.src
        from (select * from win where id in (5140, 5145)) u
        join logons l on l.host = u.host and l.target_logon_id = u.logon_id
        where lower(u.subject_user) != lower(l.target_user) or u.src != l.src
          or u.sport != l.sport""",
        "select count(*) from win where id in (5140, 5145)",
    ),
    Invariant(
        "account-sid-agrees",
        "An account has one security identifier, and that identifier one account.",
        _WIN,
        """with pairs as (
          select lower(target_user) as name, target_sid as sid from win
          where id in (4624, 4634) and target_sid like 'S-1-5-21-%'
          union select lower(subject_user), subject_sid from win
          where subject_sid like 'S-1-5-21-%' and subject_user not like '%$')
        select name, string_agg(sid) from pairs group by name having count(distinct sid) > 1
        union all
        select sid, string_agg(name) from pairs group by sid having count(distinct name) > 1""",
        "select count(*) from win where target_sid like 'S-1-5-21-%'",
    ),
    Invariant(
        "first-ticket-before-logon",
        "Before a domain account logs on at a desk, its machine has asked for a first ticket.",
        _WIN,
        """select l.host, l.target_user, l.time from logons l
        anti join (select * from win where id = 4768) t
        on lower(t.target_user) = lower(l.target_user)
          and t.time between l.time - 600000000 and l.time
        where l.logon_type in ('2', '10', '11') and l.target_sid like 'S-1-5-21-%'""",
        "select count(*) from logons where logon_type in ('2', '10', '11')",
    ),
    Invariant(
        "first-ticket-before-others",
        "Who asks for a service ticket from an address got a first ticket there, or works there.",
        _WIN,
        """with first as (select lower(target_user) as name, src, min(time) as time from win
          where id = 4768 group by all)
        select s.target_user, s.src, s.time from (select * from win where id = 4769) s
        join first f on split_part(lower(s.target_user), '@', 1) = f.name and s.src = f.src
        where s.time < f.time and s.src != '::1' and f.name not in (
          select lower(target_user) from logons where channel = 'before the evidence')""",
        "select count(*) from win where id = 4769",
    ),
    Invariant(
        "record-numbers-run-on",
        "A log's record numbers run on without a gap.",
        _WIN,
        """with ordered as (select host, channel, number,
          lag(number) over (partition by host, channel order by number) as before from win)
        select host, channel, before, number from ordered where number != before + 1""",
        "select count(*) from win",
    ),
    Invariant(
        "record-times-run-on",
        "A later record of a log is not of an earlier time.",
        _WIN,
        """with ordered as (select host, channel, number, time,
          lag(time) over (partition by host, channel order by number) as before from win)
        select host, channel, number, before, time from ordered where time < before""",
        "select count(*) from win",
    ),
    Invariant(
        "sysmon-time-agrees",
        "The time inside a Sysmon event is the time of its record.",
        _WIN,
        """select host, id, time, utc_time from win where utc_time is not null
        and abs(epoch_us(cast(utc_time as timestamp)) - time) > 1000000""",
        "select count(*) from win where utc_time is not null",
    ),
)
