"""The network: hosts, Zeek, proxy, firewall and web server saw the same connections."""

from __future__ import annotations

from noroshi.drill.invariants.invariant import Invariant

INVARIANTS = (
    Invariant(
        "connection-uid-unique",
        "A connection has an id of its own.",
        ("zconn",),
        "select uid, count(*) from zconn group by uid having count(*) > 1",
        "select count(*) from zconn",
        once="select uid from zconn",
    ),
    Invariant(
        "ports-not-shared",
        "No two connections between the same ends overlap.",
        ("zconn",),
        """with ordered as (select *, lead(time) over (
          partition by src, sport, dst, dport, proto order by time) as next from zconn)
        select uid, src, sport, dst, dport, time, next from ordered
        where next < time + coalesce(duration, 0)""",
        "select count(*) from zconn",
    ),
    Invariant(
        "bytes-fit-packets",
        "A direction's bytes fit into its packets.",
        ("zconn",),
        "select uid, sent, out, received, back from zconn "
        "where sent > out * 1460 or received > back * 1460",
        "select count(*) from zconn where sent is not null",
    ),
    Invariant(
        "refused-carries-nothing",
        "A connection that got no answer carries no data.",
        ("zconn",),
        "select uid, state, sent, received from zconn "
        "where state = 'S0' and coalesce(sent, 0) + coalesce(received, 0) > 0",
        "select count(*) from zconn where state = 'S0'",
    ),
    Invariant(
        "outside-is-documentation",
        "Every address is private or reserved for documentation.",
        ("zconn",),
        "select uid, src, dst from zconn where not (inside(src) or documentation(src)) "
        "or not (inside(dst) or documentation(dst))",
        "select count(*) from zconn",
    ),
    Invariant(
        "query-has-connection",
        "A name query travels in a connection that the sensor saw.",
        ("zconn", "zdns"),
        "select d.uid, d.name from zdns d anti join zconn c on c.uid = d.uid "
        "and c.src = d.src and c.sport = d.sport and c.dst = d.dst",
        "select count(*) from zdns",
    ),
    Invariant(
        "host-query-on-the-wire",
        "A query that a host logs is on the wire, from that host's address, at that time.",
        ("win", "zdns"),
        """with address as (select distinct host, src from win where id = 3)
        select w.host, w.query, w.time from (select * from win where id = 22) w
        join address a on a.host = w.host
        anti join zdns d on d.name = w.query and d.src = a.src
          and abs(d.time - w.time) <= 2000000
        where exists (select 1 from zdns z where z.src = a.src)""",
        "select count(*) from win where id = 22",
    ),
    Invariant(
        "host-connection-on-the-wire",
        "A connection that a host logs is on the wire with the same ends and time.",
        ("win", "zconn"),
        """select w.host, w.image, w.src, w.sport, w.dst, w.dport, w.time
        from (select * from win where id = 3) w
        anti join zconn c on c.src = w.src and c.sport = w.sport and c.dst = w.dst
          and c.dport = w.dport and abs(c.time - w.time) <= 2000000
        where w.src != w.dst""",
        "select count(*) from win where id = 3",
    ),
    Invariant(
        "host-address-constant",
        "A host connects from one address, and that address is one host's.",
        ("win",),
        """with pairs as (select distinct host, src from win where id = 3)
        select host, string_agg(src) from pairs group by host having count(*) > 1
        union all select src, string_agg(host) from pairs group by src having count(*) > 1""",
        "select count(*) from win where id = 3",
    ),
    Invariant(
        "name-before-connection",
        "A host connects to a name only after somebody resolved it for that host.",
        ("win", "zdns"),
        """select w.host, w.dst_name, w.time from (select * from win where id = 3
          and dst_name not in ('-', '') and dst_name is not null) w
        where not exists (select 1 from zdns d where d.src = w.src and d.name = w.dst_name
          and d.time <= w.time)
        and exists (select 1 from zdns d where d.src = w.src)""",
        "select count(*) from win where id = 3 and dst_name not in ('-', '')",
    ),
    Invariant(
        "name-answer-constant",
        "A connection goes to the address that the name was last resolved to.",
        ("win", "zdns"),
        """select w.host, w.dst_name, w.dst, d.answer
        from (select * from win where id = 3 and dst_name not in ('-', '')) w
        asof join (select * from zdns where kind = 'A' and answer is not null) d
          on d.src = w.src and d.name = w.dst_name and d.time <= w.time
        where d.answer != w.dst""",
        "select count(*) from win where id = 3 and dst_name not in ('-', '')",
    ),
    Invariant(
        "proxy-inner-connection",
        "A request in the proxy's log has a connection from that client to a proxy port.",
        ("proxy", "zconn"),
        """select p.src, p.url, p.time from proxy p anti join zconn c on c.src = p.src
          and c.dport in (8080, 3128) and abs(c.time - (p.time - p.took)) <= 2 * 1000000""",
        "select count(*) from proxy",
    ),
    Invariant(
        "proxy-outer-connection",
        "A request in the proxy's log has a connection to where it was sent: to site or parent.",
        ("proxy", "zconn"),
        """select p.dst, p.url, p.time from proxy p
        asof left join (select dst, time from zconn where dport in (80, 443, 8080)) c
          on c.dst = p.dst and c.time >= p.time - p.took - 2 * 1000000
        where p.dst not in ('-', '')
          and coalesce(c.time > p.time - p.took + 2 * 1000000, true)""",
        "select count(*) from proxy",
    ),
    Invariant(
        "proxy-name-resolved",
        "The proxy goes to the address that the name was resolved to, unless a parent does.",
        ("proxy", "zdns"),
        """with told as (select distinct name, answer from zdns where answer is not null)
        select p.name, p.dst, p.time from proxy p
        where p.name != p.dst and p.dst not in ('-', '') and not inside(p.dst)
          and not exists (select 1 from told t where t.name = p.name and t.answer = p.dst)""",
        "select count(*) from proxy",
    ),
    Invariant(
        "proxy-user-logged-on",
        "Who browses is logged on at the machine that browses.",
        ("proxy", "win"),
        """with address as (select distinct host, src from win where id = 3),
        desks as (select a.src, lower(l.target_user) as name, l.time,
            coalesce(min(e.time), 9223372036854775807) as until
          from (select * from win where id = 4624) l join address a on a.host = l.host
          left join (select * from win where id in (4634, 4647)) e
            on e.host = l.host and e.target_logon_id = l.target_logon_id
          group by a.src, name, l.time)
        select p.src, p.who, p.time from proxy p anti join desks d
          on d.src = p.src and d.name = lower(p.who)
          and p.time - p.took between d.time and d.until
        where p.who != '-' and p.src in (select src from address)""",
        "select count(*) from proxy where who != '-'",
        past=True,
    ),
    Invariant(
        "firewall-outward-on-the-wire",
        "What the firewall lets out, the sensor behind it saw, with the same number of bytes.",
        ("fw", "zconn"),
        """select f.src, f.sport, f.dst, f.dport, f.time from fw f
        anti join zconn c on c.src = f.src and c.sport = f.sport and c.dst = f.dst
          and c.dport = f.dport and abs(c.time - f.time) <= 1000000
          and c.sent = f.sent and c.received = f.received
        where f.act = 'accept' and inside(f.src)""",
        "select count(*) from fw where act = 'accept' and inside(src)",
    ),
    Invariant(
        "border-crossing-in-firewall",
        "What the sensor saw crossing the border, the firewall let through or refused.",
        ("fw", "zconn"),
        """select c.uid, c.src, c.dst, c.dport, c.time from zconn c
        anti join fw f on c.src = f.src and c.sport = f.sport and c.dport = f.dport
          and abs(c.time - f.time) <= 1000000 and c.dst in (f.dst, coalesce(f.dnat, ''))
        where inside(c.src) != inside(c.dst)""",
        "select count(*) from zconn where inside(src) != inside(dst)",
    ),
    Invariant(
        "translation-constant",
        "Translation is fixed: an inside address leaves as one public address, and a public one "
        "leads to one inside address.",
        ("fw",),
        """select src, string_agg(distinct snat) from fw where snat is not null group by src
        having count(distinct snat) > 1
        union all select dst, string_agg(distinct dnat) from fw where dnat is not null
        group by dst having count(distinct dnat) > 1""",
        "select count(*) from fw where snat is not null or dnat is not null",
    ),
    Invariant(
        "denied-not-behind",
        "What the firewall stops at its outer side is not seen behind it.",
        ("fw", "zconn"),
        """select f.src, f.sport, f.dst, f.dport, f.time from fw f
        join zconn c on c.src = f.src and c.sport = f.sport and c.dport = f.dport
          and abs(c.time - f.time) <= 1000000
        where f.act = 'deny' and not inside(f.src)""",
        "select count(*) from fw where act = 'deny' and not inside(src)",
    ),
    Invariant(
        "web-request-on-the-wire",
        "A request in the web server's log came over a connection from that client.",
        ("web", "zconn"),
        """select w.src, w.path, w.time from web w anti join zconn c on c.src = w.src
          and c.dport in (80, 443)
          and w.time between c.time - 1000000 and c.time + coalesce(c.duration, 0) + 1000000
        where not inside(w.src)""",
        "select count(*) from web",
    ),
    Invariant(
        "secure-shell-on-the-wire",
        "A client that sshd names had a connection from that port.",
        ("ssh", "zconn"),
        """select s.written, s.src, s.sport from ssh s anti join zconn c
          on c.src = s.src and c.sport = s.sport and c.dport = 22""",
        "select count(*) from ssh",
    ),
    Invariant(
        "mail-on-the-wire",
        "A message that was taken in came over a connection from that server.",
        ("mail", "zconn"),
        """select m.id, m.src, m.time from mail m anti join zconn c on c.src = m.src
          and c.dport = 25 and abs(c.time - m.time) <= 60 * 1000000
        where m.src is not null and not inside(m.src)""",
        "select count(*) from mail",
    ),
    Invariant(
        "mail-not-before-sent",
        "A message is not taken in before it was sent.",
        ("mail",),
        "select id, sent, time from mail where sent > time",
        "select count(*) from mail",
    ),
    Invariant(
        "opened-attachment-was-delivered",
        "An attachment that Outlook opens was delivered to that person before.",
        ("mail", "win"),
        """select w.host, w.file, w.who, w.time from win w anti join mail m
          on m.attachment is not null and ends_with(w.file, m.attachment)
          and lower(split_part(m.recipient, '@', 1)) = lower(split_part(w.who, '\\', 2))
          and m.time <= w.time
        where w.id = 11 and w.file like '%Content.Outlook%'""",
        "select count(*) from win where id = 11 and file like '%Content.Outlook%'",
    ),
    Invariant(
        "network-logon-on-the-wire",
        "A logon over the network came over a connection from that address and port.",
        ("win", "zconn"),
        """select w.host, w.id, w.target_user, w.src, w.sport, w.time
        from (select * from win where id in (4624, 4625) and logon_type in ('3', '10')) w
        anti join zconn c on c.src = w.src and c.sport = w.sport
          and abs(c.time - w.time) <= 10 * 1000000
        where w.src not in ('-', '127.0.0.1', '::1') and w.sport > 0""",
        "select count(*) from win where id in (4624, 4625) and logon_type in ('3', '10')",
    ),
    Invariant(
        "ticket-on-the-wire",
        "A ticket is asked for over a connection to the domain controller's port 88.",
        ("win", "zconn"),
        """select w.id, w.target_user, w.src, w.sport, w.time
        from (select * from win where id in (4768, 4769)) w
        anti join zconn c on c.src = w.src and c.sport = w.sport and c.dport = 88
          and abs(c.time - w.time) <= 1000000
        where w.src not in ('-', '::1', '127.0.0.1')
          and w.src not in (select distinct v.src from win v where v.id = 3 and v.host = w.host)""",
        "select count(*) from win where id in (4768, 4769)",
    ),
    Invariant(
        "suricata-flow-is-zeek-connection",
        "Suricata and Zeek count the same packets of the same connections.",
        ("eve_flow", "zconn"),
        """select coalesce(e.src, c.src), coalesce(e.sport, c.sport), e.out, c.out
        from eve_flow e full join (select * from zconn where service is distinct from 'dns') c
          on c.src = e.src and c.sport = e.sport and c.dst = e.dst and c.dport = e.dport
          and c.time = e.first
        where e.out is distinct from c.out or e.back is distinct from c.back""",
        "select count(*) from eve_flow",
    ),
    Invariant(
        "suricata-query-is-zeek-query",
        "Suricata and Zeek heard the same names asked for.",
        ("eve_dns", "zdns"),
        """select coalesce(e.src, d.src), coalesce(e.name, d.name)
        from (select * from eve_dns where kind = 'query') e
        full join zdns d on d.src = e.src and d.sport = e.sport and d.name = e.name
          and d.number = e.number where e.name is null or d.name is null""",
        "select count(*) from eve_dns",
    ),
    Invariant(
        "server-name-was-asked-for",
        "A server name in a TLS greeting is one that the proxy was asked for, or our own, or a "
        "service's to which the LGWAN network breaks out.",
        ("eve_tls", "proxy"),
        """select t.src, t.dst, t.name from eve_tls t
        anti join (select distinct name, dst from proxy) p
          on p.name = t.name and (p.dst = t.dst or p.dst = t.src)
        where t.name is not null and not inside(t.dst) and not starts_with(t.src, '10.60.')""",
        "select count(*) from eve_tls where name is not null",
    ),
)
