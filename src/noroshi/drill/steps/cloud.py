"""In the cloud tenant: consent, rules, new keys."""

from __future__ import annotations

from noroshi.drill.act.cloud import cloud_audit, forwarding_rule, sign_in
from noroshi.drill.clock import MINUTE, SECOND
from noroshi.drill.steps.act import Act
from noroshi.drill.steps.credentials import CITY, COUNTRY
from noroshi.drill.steps.step import Gift, Need, Tactic, step
from noroshi.lang import N_

_BORROWED = (Need.ACCOUNT, Need.OUTSIDE)


@step(
    "cloud-login",
    "T1078.004",
    Tactic.INITIAL_ACCESS,
    N_("A borrowed account signs in to the cloud from abroad"),
    needs=_BORROWED,
    leaves=("sign-in log",),
)
def cloud_login(act: Act) -> None:
    """A country in which that person has never been."""
    sign_in(act.day, act.who().login, act.time, address=act.where().ip, country=COUNTRY, city=CITY)
    act.ends = act.time + SECOND


@step(
    "consent",
    "T1528",
    Tactic.CREDENTIAL_ACCESS,
    N_("A false application is granted rights to the mailbox"),
    needs=(Need.PERSON, Need.MAILBOX, Need.OUTSIDE),
    gives=(Gift.ACCOUNT,),
    leaves=("cloud audit log", "proxy log"),
)
def consent(act: Act) -> None:
    """A page asks, somebody agrees."""
    desk = act.at_desk()
    act.day.fetch(desk.browser, act.where(), act.time, sent=1_900, received=52_000)
    cloud_audit(
        act.day,
        desk.person.login,
        act.time + 40 * SECOND,
        "Consent to application.",
        "AzureActiveDirectory",
        address="203.0.113.2",
        target=act.text("application", "Mail Backup Tool"),
    )
    act.ends = act.time + MINUTE


@step(
    "mailbox-rule",
    "T1564.008",
    Tactic.DEFENCE_EVASION,
    N_("A rule hides mail and sends copies outside"),
    needs=_BORROWED,
    harm=5.0,
    leaves=("cloud audit log",),
)
def mailbox_rule(act: Act) -> None:
    """A rule called by a full stop."""
    forwarding_rule(
        act.day,
        act.who().login,
        act.time,
        address=act.where().ip,
        to=f"copy@{act.text('to', 'webyubin.example')}",
        words=("振込", "請求", "口座"),
    )
    act.ends = act.time + SECOND


@step(
    "cloud-admin",
    "T1098.003",
    Tactic.PERSISTENCE,
    N_("An account is given an administrator's role in the cloud"),
    needs=_BORROWED,
    harm=8.0,
    leaves=("cloud audit log",),
)
def cloud_admin(act: Act) -> None:
    """A role for an account that never had one."""
    cloud_audit(
        act.day,
        act.who().login,
        act.time,
        "Add member to role.",
        "AzureActiveDirectory",
        address=act.where().ip,
        target="Global Administrator",
    )
    act.ends = act.time + SECOND
