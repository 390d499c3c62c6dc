"""Password spraying and brute force: many accounts from one source, many tries on one account.

Tries are grouped into *sessions*: tries of one source (or on one account) with no long pause
between them. So no attack is cut in two at midnight or at nine in the morning, Tokyo time.

Left out: machine accounts (``PC01$``: they retry by themselves) and logoffs. Somebody who mistypes
a password and then gets in from the same source counts as neither.

Source: MITRE ATT&CK T1110.001 "Password Guessing" and T1110.003 "Password Spraying".
"""

from __future__ import annotations

from ipaddress import ip_address

import ibis
import ibis.expr.types as ir

from noroshi.detect.registry import Row, Tables, Window, detector
from noroshi.detect.sample import evidence, numbered, sample
from noroshi.lang import N_, Message
from noroshi.model import Entity, EntityType, Finding, Severity, finding_id

MINUTE = 60_000_000

SPRAY_PAUSE = 60 * MINUTE
"""Sprayers wait out the lockout counter, 30 minutes as Windows ships, before the next round."""
SPRAY_ACCOUNTS = 10
"""Refused accounts from one source; a shared desk or a small office behind one address has fewer
people who all fail and never get in."""
GUESS_PAUSE = 10 * MINUTE
"""Programs that guess do not pause; a person who gives up and returns starts anew."""
GUESS_TRIES = 20
"""Nobody mistypes this often in one go, and the usual lockout limits (5 to 10) are passed."""
GUESS_PACE = MINUTE
"""Mean time between tries at most; a telephone or service with an old password is slower."""

_LOGOFF = 2
_SUCCESS, _FAILURE = 1, 2
_LOOPBACK = ("127.0.0.1", "::1")
_NOBODY = ("", "-", "anonymous logon", "anonymous")


def _tries(tables: Tables, window: Window) -> ir.Table:
    """Return logon attempts with source, account and host by normalised name."""
    t = tables["authentication"]
    host = t.device_hostname.lower()
    address = t.src_endpoint_ip.nullif("").nullif("-")
    name = t.src_endpoint_hostname.lower().nullif("").nullif("-")
    source = ibis.ifelse(address.isin(_LOOPBACK), host, ibis.coalesce(address, name))
    tries = t.filter(
        window.holds(t.time),
        t.status_id.isin([_SUCCESS, _FAILURE]),
        t.activity_id.fill_null(0) != _LOGOFF,
    ).select(
        "event_id",
        "time",
        host=ibis.coalesce(host, ""),
        source=source,
        account=t.user_name.lower(),
        failed=t.status_id == _FAILURE,
    )
    return tries.filter(
        tries.account.notnull(), ~tries.account.isin(_NOBODY), ~tries.account.endswith("$")
    )


def _sessions(tries: ir.Table, by: list[str], pause: int) -> ir.Table:
    """Number each group's sessions: a new one begins after a pause."""
    order = ["time", "event_id"]
    before = tries.time.lag().over(ibis.window(group_by=by, order_by=order))
    tries = tries.mutate(begins=(before.isnull() | (tries.time - before > pause)).cast("int64"))
    so_far = ibis.cumulative_window(group_by=by, order_by=order)
    return tries.mutate(session=tries.begins.sum().over(so_far))


def _one_by_one(tries: ir.Table, by: list[str], other: str) -> ir.Table:
    """Return, per session and counterpart, how often it failed and whether it then got in."""
    pairs = tries.group_by([*by, "session", other]).aggregate(
        failures=tries.failed.cast("int64").sum(),
        first=tries.time.min(where=tries.failed),
        last=tries.time.max(),
        success=tries.time.max(where=~tries.failed),
    )
    return pairs.mutate(
        entered=((pairs.failures > 0) & (pairs.success > pairs["first"])).fill_null(False)
    )


def _with_evidence(
    found: ir.Table, pairs: ir.Table, tries: ir.Table, by: list[str], other: str
) -> ir.Table:
    """Add a sample of the tries of those that failed; successes first, they matter most."""
    keys = [*by, "session"]
    failed = pairs.filter(pairs.failures > 0).semi_join(found, keys)
    events = numbered(tries.semi_join(failed, [*keys, other]), keys, ["failed"])
    samples = events.group_by(keys).aggregate(sample=sample(events, [other, "failed"]))
    return found.join(samples, keys)


def _spraying(row: Row) -> Finding:
    source, entered = row["source"], row["entered"]
    events = evidence(row["sample"], "authentication")
    words = {
        "source": source,
        "accounts": row["accounts"],
        "failures": row["failures"],
        "entered": entered,
    }
    explanation = (
        Message(
            N_(
                "From {source}, {failures} logons failed on {accounts} accounts that never got in "
                "from there, and {entered} accounts got in after failing: a password may have "
                "been found."
            ),
            words,
        )
        if entered
        else Message(
            N_(
                "From {source}, {failures} logons failed on {accounts} accounts, and none of "
                "these accounts ever got in from there."
            ),
            words,
        )
    )
    return Finding(
        id=finding_id("password_spraying", "password_spraying", source, str(row["first"])),
        analytic="password_spraying",
        rule_id="password_spraying",
        title=N_("Password spraying: one source tries many accounts"),
        severity=Severity.HIGH if entered else Severity.MEDIUM,
        score=min(0.95, 0.5 + 0.02 * row["accounts"] + (0.2 if entered else 0.0)),
        subject=source,
        first=row["first"],
        last=row["last"],
        count=row["failures"],
        explanation=explanation,
        disproof=Message(
            N_(
                "The source is a gateway, proxy or terminal server behind which many people "
                "work, or a vulnerability scanner that was announced."
            )
        ),
        next_steps=(
            Message(N_("Find out what {source} is and whether it should log on here."), words),
            Message(N_("Reset the passwords of accounts that got in, and end their sessions.")),
            Message(N_("Look for what these accounts did after the first success.")),
        ),
        techniques=("T1110.003",),
        tactics=("credential-access",),
        hosts=tuple(sorted({event.host for event in events if event.host})),
        entities=tuple(
            sorted({_source_entity(source), *_accounts(row["sample"])} | _hosts(row["sample"]))
        ),
        evidence=events,
        references=("https://attack.mitre.org/techniques/T1110/003/",),
    )


@detector(
    name="password_spraying",
    title=N_("Password spraying: one source tries many accounts"),
    techniques=("T1110.003",),
    severity=Severity.MEDIUM,
    reads=("authentication",),
    finding=_spraying,
)
def password_spraying(tables: Tables, window: Window) -> ir.Table:
    """Sessions of a source in which many accounts failed and most of them never got in."""
    tries = _tries(tables, window)
    tries = _sessions(tries.filter(tries.source.notnull()), ["source"], SPRAY_PAUSE)
    pairs = _one_by_one(tries, ["source"], "account")
    refused = (pairs.failures > 0) & pairs.success.isnull()
    sessions = pairs.group_by(["source", "session"]).aggregate(
        accounts=refused.cast("int64").sum(),
        tried=pairs.count(),
        entered=pairs.entered.cast("int64").sum(),
        failures=pairs.failures.sum(),
        first=pairs["first"].min(),
        last=pairs["last"].max(),
    )
    found = sessions.filter(
        sessions.accounts >= SPRAY_ACCOUNTS,
        # Where most accounts get in, the source is a place where people work.
        sessions.accounts * 2 >= sessions.tried,
    )
    return _with_evidence(found, pairs, tries, ["source"], "account")


def _guessing(row: Row) -> Finding:
    account, host, entered = row["account"], row["host"], row["entered"]
    events = evidence(row["sample"], "authentication")
    sources = sorted({item["source"] for item in row["sample"] if item["source"]})
    words = {
        "account": account,
        "host": host,
        "failures": row["failures"],
        "sources": row["sources"],
    }
    explanation = (
        Message(
            N_(
                "{failures} logons as {account} failed on {host} in quick succession, from "
                "{sources} sources, and then one of these sources got in: the password was "
                "probably found."
            ),
            words,
        )
        if entered
        else Message(
            N_(
                "{failures} logons as {account} failed on {host} in quick succession, from "
                "{sources} sources. None of them got in."
            ),
            words,
        )
    )
    return Finding(
        id=finding_id(
            "password_guessing", "password_guessing", f"{account}@{host}", str(row["first"])
        ),
        analytic="password_guessing",
        rule_id="password_guessing",
        title=N_("Brute force: many tries on one account"),
        severity=Severity.HIGH if entered else Severity.MEDIUM,
        score=0.9 if entered else 0.6,
        subject=account,
        first=row["first"],
        last=row["last"],
        count=row["failures"],
        explanation=explanation,
        disproof=Message(
            N_(
                "A service, task or device of the account's owner still uses an old password: "
                "the tries come from a known machine at an even pace, and the owner knows of a "
                "recent change."
            )
        ),
        next_steps=(
            Message(N_("Ask the owner of {account} whether the tries were theirs."), words),
            Message(N_("Block the sources, or lock the account, while this is unclear.")),
            Message(N_("If one got in, reset the password and trace what the session did.")),
        ),
        techniques=("T1110.001",),
        tactics=("credential-access",),
        hosts=(host,) if host else (),
        entities=tuple(
            sorted(
                {Entity(EntityType.USER, account), *(_source_entity(item) for item in sources)}
                | _hosts(row["sample"])
            )
        ),
        evidence=events,
        references=("https://attack.mitre.org/techniques/T1110/001/",),
    )


@detector(
    name="password_guessing",
    title=N_("Brute force: many tries on one account"),
    techniques=("T1110.001",),
    severity=Severity.MEDIUM,
    reads=("authentication",),
    finding=_guessing,
)
def password_guessing(tables: Tables, window: Window) -> ir.Table:
    """Sessions on an account of a host in which very many tries failed at a program's pace."""
    by = ["account", "host"]
    tries = _tries(tables, window)
    tries = _sessions(tries.mutate(source=tries.source.fill_null("")), by, GUESS_PAUSE)
    pairs = _one_by_one(tries, by, "source")
    sessions = pairs.group_by([*by, "session"]).aggregate(
        sources=(pairs.failures > 0).cast("int64").sum(),
        entered=pairs.entered.cast("int64").sum(),
        failures=pairs.failures.sum(),
        first=pairs["first"].min(),
        last=pairs["last"].max(),
    )
    found = sessions.filter(
        sessions.failures >= GUESS_TRIES,
        sessions["last"] - sessions["first"] <= sessions.failures * GUESS_PACE,
    )
    return _with_evidence(found, pairs, tries, by, "source")


def _source_entity(source: str) -> Entity:
    try:
        ip_address(source)
    except ValueError:
        return Entity(EntityType.HOST, source)
    return Entity(EntityType.ADDRESS, source)


def _accounts(rows: list[Row]) -> set[Entity]:
    return {Entity(EntityType.USER, row["account"]) for row in rows}


def _hosts(rows: list[Row]) -> set[Entity]:
    return {Entity(EntityType.HOST, row["host"]) for row in rows if row["host"]}
