"""The whole of ordinary life beyond machines and packets, put over a day that was lived through."""

from __future__ import annotations

from noroshi.drill.act.backups import nightly_jobs
from noroshi.drill.act.cloud import cloud_work, evening_cloud
from noroshi.drill.act.endpoint import desk_life, watched
from noroshi.drill.act.help_desk import help_desk_life
from noroshi.drill.act.leases import morning_leases
from noroshi.drill.act.mailboxes import mail_life
from noroshi.drill.act.places import desks
from noroshi.drill.act.tunnels import evening_tunnels
from noroshi.drill.act.vendor import monthly_report
from noroshi.drill.clock import HOUR
from noroshi.drill.day import Day


def everyday(day: Day) -> None:
    """Add leases, mailboxes, the cloud, tunnels, tickets, calls, sticks, alerts and backup jobs.

    Call it once, after the acts of staff, services and story: it looks at what they did. It needs
    no argument beyond the day, for any organisation; what an organisation does not have is left
    out.
    """
    at_work = desks(day)
    morning_leases(day)
    mail_life(day, at_work)
    for desk in at_work:
        cloud_work(day, desk)
    for tunnel in evening_tunnels(day, at_work):
        evening_cloud(day, tunnel)
    help_desk_life(day, at_work)
    desk_life(day, at_work)
    nightly_jobs(day)
    if at_work:
        monthly_report(day, at_work[0].session.started + 2 * HOUR)
    watched(day)
