"""The whole of ordinary life beyond machines and packets, put over a day that was lived through."""

from __future__ import annotations

from noroshi.drill.act.backups import nightly_jobs
from noroshi.drill.act.cloud import cloud_work, evening_cloud
from noroshi.drill.act.counter import counter_life
from noroshi.drill.act.endpoint import desk_life, watched
from noroshi.drill.act.groupware import groupware_life
from noroshi.drill.act.help_desk import help_desk_life
from noroshi.drill.act.leases import leases
from noroshi.drill.act.mailboxes import mail_life
from noroshi.drill.act.oddities import oddities
from noroshi.drill.act.places import desks
from noroshi.drill.act.sanitiser import sanitiser_life
from noroshi.drill.act.second import second_terminals
from noroshi.drill.act.transfers import transfers
from noroshi.drill.act.tunnels import evening_tunnels
from noroshi.drill.act.vendor import monthly_report
from noroshi.drill.clock import HOUR
from noroshi.drill.day import Day
from noroshi.drill.staff import Desk


def everyday(day: Day) -> None:
    """Add :func:`ordinary` life and the alerts of the endpoint product.

    Call it once, after the acts of staff, services and story: it looks at what they did. It needs
    no argument beyond the day, for any organisation; what an organisation does not have is left
    out.
    """
    ordinary(day)
    watched(day)


def ordinary(day: Day, at_work: list[Desk] | None = None) -> None:
    """Add leases, mailboxes, the cloud, tunnels, tickets, calls, sticks and backup jobs.

    Args:
        day: after the acts of staff and services.
        at_work: who sits at a desk; told from the day where it is left out.
    """
    at_work = desks(day) if at_work is None else at_work
    leases(day)
    mail_life(day, at_work)
    for desk in at_work:
        cloud_work(day, desk)
    counter_life(day, at_work)
    groupware_life(day, at_work)
    sanitiser_life(day, at_work)
    second_terminals(day, at_work)
    for tunnel in evening_tunnels(day, at_work):
        evening_cloud(day, tunnel)
    help_desk_life(day, at_work)
    desk_life(day, at_work)
    nightly_jobs(day)
    admin = next((d for d in at_work if f"adm-{d.person.login}" in day.world.accounts), None)
    if day.period.workday(day.number):
        oddities(day, at_work, admin)
        if admin:
            transfers(day, admin)
    if at_work and _reported(day):
        monthly_report(day, at_work[0].begins + 2 * HOUR)


_REPORT_DAY = 20


def _reported(day: Day) -> bool:
    """Whether the supplier's report is due: on the first workday from the 20th on."""
    today = day.period.date(day.number)
    earlier = range(1, today.day - _REPORT_DAY + 1)
    return (
        today.day >= _REPORT_DAY
        and day.period.workday(day.number)
        and not any(day.period.workday(day.number - back) for back in earlier)
    )
