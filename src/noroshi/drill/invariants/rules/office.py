"""Leases, tunnels, the cloud, mail, tickets, backups and alerts agree with everything else."""

from __future__ import annotations

from noroshi.drill.invariants.invariant import Invariant

INVARIANTS = (
    Invariant(
        "lease-covers-use",
        "An address of a network with leases is used only under a lease of it (eight hours).",
        ("lease", "zconn"),
        r"""select c.src, c.time from (select src, time from zconn
          where regexp_replace(src, '\.\d+$', '') in
            (select regexp_replace(ip, '\.\d+$', '') from lease)) c
        where not exists (select 1 from lease l where l.ip = c.src
          and c.time between l.time - 1000000 and l.time + 8 * 3600000000 + 1000000)""",
        "select count(*) from zconn where src in (select ip from lease)",
        past=True,
    ),
    Invariant(
        "lease-one-holder",
        "An address is given to one machine, and a machine has one hardware address.",
        ("lease",),
        """select ip, string_agg(distinct mac) from lease group by ip
          having count(distinct mac) > 1
        union all select mac, string_agg(distinct host) from lease group by mac
          having count(distinct host) > 1""",
        "select count(*) from lease",
    ),
    Invariant(
        "tunnel-closed-after-opened",
        "A tunnel that closes was opened before, by the same account, and lasted as long as said.",
        ("vpn",),
        """select d.number, d.who, d.duration
        from (select * from vpn where action = 'tunnel-down') d
        anti join (select * from vpn where action = 'tunnel-up') u
          on u.number = d.number and u.who = d.who and u.ip = d.ip and u.remote = d.remote
          and abs(d.time - u.time - d.duration * 1000000) <= 1000000""",
        "select count(*) from vpn where action = 'tunnel-down'",
    ),
    Invariant(
        "tunnel-covers-use",
        "An address of the gateway's range is used only inside a tunnel that has it.",
        ("vpn", "zconn"),
        """with tunnels as (select u.ip, u.time as first, max(coalesce(d.time, u.time)) as last
          from (select * from vpn where action = 'tunnel-up') u left join vpn d
            on d.number = u.number and d.action = 'tunnel-down' group by all)
        select c.src, c.time from zconn c where c.src in (select ip from tunnels)
          and not exists (select 1 from tunnels t where t.ip = c.src
            and c.time between t.first and t.last)""",
        "select count(*) from zconn where src in (select ip from vpn)",
    ),
    Invariant(
        "tunnel-logon-is-its-user",
        "Who logs on from a tunnel's address does so while it is up, as the account that dialled.",
        ("vpn", "win"),
        """with tunnels as (select u.ip, u.who, u.time as first,
            max(coalesce(d.time, u.time)) as last
          from (select * from vpn where action = 'tunnel-up') u left join vpn d
            on d.number = u.number and d.action = 'tunnel-down' group by all)
        select l.host, l.target_user, l.src, l.time from logons l
        where l.src in (select ip from tunnels) and not exists (select 1 from tunnels t
          where t.ip = l.src and l.time between t.first and t.last
            and lower(t.who) = lower(l.target_user))""",
        "select count(*) from logons where src in (select ip from vpn)",
    ),
    Invariant(
        "radius-agrees-with-gateway",
        "RADIUS accounting tells of the same tunnels as the gateway.",
        ("vpn", "radius"),
        """select coalesce(v.number, r.number), v.action, r.status
        from (select * from vpn where action like 'tunnel%') v full join radius r
          on r.number = v.number and r.who = v.who and r.ip = v.ip and r.remote = v.remote
          and (r.status = 'Start') = (v.action = 'tunnel-up')
          and abs(r.time - v.time) <= 1000000 and r.elapsed = v.duration
        where r.number is null or v.number is null""",
        "select count(*) from radius",
    ),
    Invariant(
        "sign-in-in-audit-log",
        "Each sign-in is in the audit log, and each login of the audit log is a sign-in.",
        ("signin", "audit"),
        """select coalesce(s.who, a.who), coalesce(s.time, a.time) from signin s
        full join (select * from audit where operation in ('UserLoggedIn', 'UserLoginFailed')) a
          on a.who = s.who and a.src = s.src and abs(a.time - s.time) <= 1000000
          and (s.error = 0) = (a.operation = 'UserLoggedIn')
        where s.who is null or a.who is null""",
        "select count(*) from signin",
    ),
    Invariant(
        "office-sign-in-through-proxy",
        "Who signs in from the office's own address has just asked the proxy for the sign-in page.",
        ("signin", "proxy", "fw", "zconn"),
        """select s.who, s.src, s.time from signin s
        where s.error = 0 and s.src in (select snat from fw
            where snat is not null and src in (select dst from zconn where dport = 8080))
          and not exists (select 1 from proxy p where p.who = s.who and p.name like 'login.%'
            and s.time between p.time - p.took - 2000000 and p.time + 2000000)""",
        "select count(*) from signin where error = 0 "
        "and src in (select snat from fw where snat is not null)",
    ),
    Invariant(
        "home-address-is-one-persons",
        "A home address that dials in and signs in belongs to one account.",
        ("signin", "vpn"),
        """select s.src, s.who, v.who from signin s join vpn v on v.remote = s.src
          and v.action = 'tunnel-up' where v.who != s.who""",
        "select count(*) from signin where src in (select remote from vpn)",
    ),
    Invariant(
        "message-in-mail-log",
        "Each message of the journal went through the mail server, to each of its recipients.",
        ("mail", "mta"),
        """select m.id, m.recipient, m.src from mail m anti join mta t on t.id = m.id
          and t.recipient = m.recipient and t.sender = m.sender and t.src = m.src
          and t.status = 'sent' and abs(t.time - m.time) <= 5000000""",
        "select count(*) from mail",
    ),
    Invariant(
        "delivered-message-in-journal",
        "Each message that the mail server delivered is in the journal.",
        ("mail", "mta"),
        """select t.queue, t.id, t.recipient from mta t anti join mail m on m.id = t.id
          and m.recipient = t.recipient where t.status = 'sent'""",
        "select count(*) from mta where status = 'sent'",
    ),
    Invariant(
        "mailbox-on-the-wire",
        "Who opens a mailbox has a connection to the mail server.",
        ("imap", "zconn"),
        """select i.who, i.src, i.time from imap i anti join zconn c on c.src = i.src
          and c.dst = i.dst and c.dport = 993 and abs(c.time - i.time) <= 3000000""",
        "select count(*) from imap",
    ),
    Invariant(
        "ticket-confirmed-by-mail",
        "A ticket that came by mail was confirmed by mail, under its number.",
        ("ticket", "subject"),
        """select t.id from ticket t where t.channel = 'メール'
          and not exists (select 1 from subject s where contains(s.subject, t.id))""",
        "select count(*) from ticket where channel = 'メール'",
    ),
    Invariant(
        "ticket-closed-after-opened",
        "A ticket is closed after it was opened, and only a closed one is done.",
        ("ticket",),
        """select id, time, closed from ticket
        where closed < time or (state = '完了') != (closed is not null)""",
        "select count(*) from ticket",
    ),
    Invariant(
        "password-ticket-after-failures",
        "Who asks the help desk about a password failed to log on at that machine before.",
        ("ticket", "win"),
        """select t.id, t.host from ticket t where t.category = 'パスワード'
          and not exists (select 1 from win w where w.id = 4625 and w.host = t.host
            and w.time between t.time - 3600000000 and t.time + 1000000)""",
        "select count(*) from ticket where category = 'パスワード'",
    ),
    Invariant(
        "backup-job-opens-share",
        "A backup job that begins opens a share of its source.",
        ("backup", "win"),
        """select b.job, b.time from backup b where b.source is not null
          and not exists (select 1 from win w where w.id = 5140 and w.host = b.source
            and abs(w.time - b.time) <= 3000000)""",
        "select count(*) from backup where source is not null",
    ),
    Invariant(
        "backup-job-ends",
        "A backup job that begins ends, successfully or not.",
        ("backup",),
        """select b.job from backup b where b.source is not null and not exists (
          select 1 from backup e where e.job = b.job and e.time >= b.time
            and e.text like 'ジョブは%')""",
        "select count(*) from backup where source is not null",
    ),
    Invariant(
        "alert-process-exists",
        "An alert of the endpoint product names a process that started before, on that host.",
        ("edr", "win"),
        """select e.host, e.image, e.guid from edr e anti join starts s on s.guid = e.guid
          and s.host = e.host and s.image = e.image and cast(s.pid as bigint) = e.pid
          and s.time <= e.time""",
        "select count(*) from edr",
    ),
    Invariant(
        "alert-address-is-hosts",
        "An alert gives the host the address from which that host connects.",
        ("edr", "win"),
        """select e.host, e.ip, w.src from edr e join (select distinct host, src from win
          where id = 3) w on w.host = e.host where w.src != e.ip""",
        "select count(*) from edr where host in (select host from win where id = 3)",
    ),
    Invariant(
        "object-access-through-share",
        "A file touched over the network was reached through a share, in the same session.",
        ("object_access", "win"),
        """select o.host, o.name, o.time from object_access o anti join (select * from win
          where id = 5145) w on w.host = o.host and w.logon_id = o.logon_id
          and abs(w.time - o.time) <= 2000""",
        "select count(*) from object_access",
    ),
    Invariant(
        "resolver-query-heard",
        "What the resolver was asked was heard on the wire, from the same address and port.",
        ("named", "zdns"),
        """select coalesce(n.src, d.src), coalesce(n.name, d.name) from named n
        full join (select * from zdns where src != dst) d
          on d.src = n.src and d.sport = n.sport and d.name = n.name
        where d.src is null and n.src not in (select dst from zdns) or n.src is null""",
        "select count(*) from named",
    ),
    Invariant(
        "clock-offset-declared",
        "The resolver's clock differs from the network sensor's only as declared.",
        ("named", "zdns", "declared"),
        """with seen as (select median(n.time + 500000 - d.time) as ahead
          from named n join zdns d on d.src = n.src and d.sport = n.sport and d.name = n.name),
        said as (select coalesce(max(skew), 0) as skew from declared where sensor = 'resolver')
        select ahead, skew from seen, said where abs(ahead - skew) > 1500000""",
        "select count(*) from named",
    ),
    Invariant(
        "operation-is-process-start",
        "A program that the operation log saw start is in the machine's own log.",
        ("ops", "win"),
        """select o.host, o.target, o.time from ops o anti join starts s on s.host = o.host
          and s.image = o.target and s.time - o.time between -1000 and 1000000
        where o.action = 'アプリ起動'""",
        "select count(*) from ops where action = 'アプリ起動'",
    ),
    Invariant(
        "operation-user-at-desk",
        "Who does something at a desk by the operation log is logged on there.",
        ("ops", "win"),
        """select distinct o.host, o.who from ops o anti join logons l on l.host = o.host
          and lower(l.target_user) = lower(o.who) and l.logon_type in ('2', '10')""",
        "select count(*) from ops",
        past=True,
    ),
    Invariant(
        "translated-connection-behind",
        "A connection that the FortiGate translated is on the wire behind it, with as many bytes.",
        ("fgt", "zconn"),
        """select f.src, f.sport, f.dst, f.dport from fgt f anti join zconn c on c.src = f.src
          and c.sport = f.sport and c.dst = coalesce(f.dnat, f.dst) and c.dport = f.dport
          and abs(c.time - f.time) <= 1000 and c.sent = f.sent and c.received = f.received
        where f.action = 'close'""",
        "select count(*) from fgt where action = 'close'",
    ),
)
