"""Networks kept apart: nothing crosses but by the roads of the three-layer separation.

The address plan is that of :mod:`noroshi.drill.world.networks`: 10.90 My-Number use, 10.60 LGWAN,
10.30 Internet, 10.20.252 the security cloud; 192.0.2.31 is the government cloud, 192.0.2.30, .44
and .45 are services allowed by name. Source of the separation: Ministry of Internal Affairs and
Communications, guideline on information security policy in local governments (October 2024
edition).
"""

from __future__ import annotations

from noroshi.drill.invariants.invariant import Invariant

INVARIANTS = (
    Invariant(
        "core-apart",
        "Nobody reaches the My-Number network, and it reaches the government cloud alone.",
        ("zconn",),
        """select src, dst, dport, time from zconn
        where starts_with(src, '10.90.') != starts_with(dst, '10.90.')
          and not (starts_with(src, '10.90.') and dst = '192.0.2.31')""",
        "select count(*) from zconn",
    ),
    Invariant(
        "lgwan-not-to-the-web",
        "From the LGWAN network the web is not reached, but for cloud services allowed by name.",
        ("zconn",),
        """select src, dst, dport, time from zconn where starts_with(src, '10.60.')
          and state != 'S0' and (dport = 8080
            or not inside(dst) and dst not in ('192.0.2.30', '192.0.2.44', '192.0.2.45'))""",
        "select count(*) from zconn",
    ),
    Invariant(
        "picture-only-between",
        "Between the LGWAN and the Internet network pass pictures and sanitised files only.",
        ("zconn",),
        """select src, dst, dport, time from zconn where state != 'S0' and dport not in (443, 8443)
          and (starts_with(src, '10.60.') and starts_with(dst, '10.30.')
            or starts_with(src, '10.30.') and starts_with(dst, '10.60.'))""",
        "select count(*) from zconn",
    ),
    Invariant(
        "web-by-the-security-cloud",
        "Where there is a security cloud, it alone goes to the web and takes in from it.",
        ("zconn",),
        """select src, dst, dport, time from zconn
        where exists (select 1 from zconn where starts_with(src, '10.20.252.'))
          and inside(src) != inside(dst) and state != 'S0'
          and not (starts_with(src, '10.20.252.') or starts_with(dst, '10.20.252.'))
          and not (starts_with(src, '10.90.') and dst = '192.0.2.31')
          and not (starts_with(src, '10.60.')
            and dst in ('192.0.2.30', '192.0.2.44', '192.0.2.45'))""",
        "select count(*) from zconn",
    ),
    Invariant(
        "breakout-sign-in-on-the-wire",
        "Who signs in to the cloud past the proxy has just connected to it past the proxy.",
        ("signin", "fw"),
        """select s.who, s.src, s.time from signin s where s.error = 0
          and s.src in (select snat from fw where starts_with(src, '10.60.'))
          and not exists (select 1 from fw f where f.snat = s.src
            and starts_with(f.src, '10.60.') and f.dst in ('192.0.2.30', '192.0.2.44', '192.0.2.45')
            and s.time between f.time - 1000000 and f.time + 6000000)""",
        "select count(*) from signin where error = 0",
    ),
    Invariant(
        "virtual-desktop-under-a-screen",
        "Who is logged on at a virtual desktop or session server looks at it through a connection.",
        ("win", "zconn"),
        """select l.host, l.target_user, l.time from logons l
        anti join zconn c on c.src = l.src and c.sport = l.sport and c.dport in (3389, 8443)
          and l.time between c.time and c.time + c.duration
        where l.logon_type = '10'""",
        "select count(*) from logons where logon_type = '10'",
    ),
)
