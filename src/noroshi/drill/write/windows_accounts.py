"""Security events about accounts, as the domain controller writes them down.

Field names are those of the events' manifests (4720, 4722, 4725, 4738, 4740).
"""

from __future__ import annotations

from collections.abc import Iterator

from noroshi.drill.kind.accounts import AccountChanged, Change
from noroshi.drill.write.windows_record import SECURITY, Record


def account_changed(event: AccountChanged) -> Iterator[Record]:
    """Yield the one record of a change."""
    account, session, dc = event.account, event.session, event.dc
    fields = {
        "TargetUserName": account.login,
        "TargetDomainName": event.caller or account.domain,
        "TargetSid": account.sid,
        "SubjectUserSid": session.account.sid if session else "S-1-5-18",
        "SubjectUserName": session.account.login if session else f"{dc.name}$",
        "SubjectDomainName": session.account.domain if session else dc.netbios,
        "SubjectLogonId": hex(session.logon_id) if session else "0x3e7",
    }
    if event.change in (Change.CREATED, Change.CHANGED):
        fields |= {
            "PrivilegeList": "-", "SamAccountName": account.login,
            "UserPrincipalName": f"{account.login}@{dc.domain}", "PrimaryGroupId": "513",
        }  # fmt: skip
    yield Record(dc, SECURITY, int(event.change), fields)
