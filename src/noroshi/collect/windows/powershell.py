"""PowerShell: module and script-block logging, and the classic log.

Source: provider manifests of Microsoft-Windows-PowerShell and PowerShellCore. The classic provider
``PowerShell`` has no manifest: its events carry a list of texts, the last of ``name=value`` lines.
"""

from __future__ import annotations

from noroshi.collect.mapping import Expression, account_domain, account_name, integer
from noroshi.collect.windows.kind import Columns, Kind, Kinds, activity
from noroshi.collect.windows.values import any_value, header, present
from noroshi.model.classes.system import SCRIPT_ACTIVITY


def _context(name: str) -> Expression:
    return header(name, "ContextInfo")


def _classic(name: str) -> Expression:
    return header(name, any_value("Data"))


_HOST: Columns = activity(1, "Execute") | {
    "actor_process_pid": integer("Execution_ProcessID"),
    "actor_user_uid": "Security_UserID",
}

_SCRIPT_BLOCK: Columns = {
    **_HOST,
    "script_content": "ScriptBlockText",
    "script_name": present("Path"),
    "script_uid": "ScriptBlockId",
}

_MODULE: Columns = {
    **_HOST,
    "script_content": "Payload",
    "script_name": _context("Script Name"),
    "actor_process_cmd_line": _context("Host Application"),
    "actor_user_name": account_name(_context("User")),
    "actor_user_domain": account_domain(_context("User")),
}

_CLASSIC: Columns = activity(1, "Execute") | {
    "script_content": any_value("Data"),
    "script_name": _classic("ScriptName"),
    "actor_process_cmd_line": _classic("HostApplication"),
    "actor_user_name": account_name(_classic("UserId")),
    "actor_user_domain": account_domain(_classic("UserId")),
}

_ENGINE: Columns = activity(1, "Execute") | {
    "script_content": _classic("CommandLine"),
    "script_name": _classic("ScriptName"),
    "actor_process_cmd_line": _classic("HostApplication"),
}

_CONSOLE: Columns = _HOST

KINDS: Kinds = {
    4100: Kind("powershell/4100", SCRIPT_ACTIVITY, _MODULE),
    4103: Kind("powershell/4103", SCRIPT_ACTIVITY, _MODULE, ("ps_module",)),
    4104: Kind("powershell/4104", SCRIPT_ACTIVITY, _SCRIPT_BLOCK, ("ps_script",)),
    4105: Kind("powershell/4105", SCRIPT_ACTIVITY, {**_HOST, "script_uid": "ScriptBlockId"}),
    4106: Kind("powershell/4106", SCRIPT_ACTIVITY, {**_HOST, "script_uid": "ScriptBlockId"}),
    40961: Kind("powershell/40961", SCRIPT_ACTIVITY, _CONSOLE),
    40962: Kind("powershell/40962", SCRIPT_ACTIVITY, _CONSOLE),
}

CLASSIC_KINDS: Kinds = {
    400: Kind("powershell-classic/400", SCRIPT_ACTIVITY, _ENGINE, ("ps_classic_start",)),
    403: Kind("powershell-classic/403", SCRIPT_ACTIVITY, _ENGINE),
    600: Kind("powershell-classic/600", SCRIPT_ACTIVITY, _ENGINE, ("ps_classic_provider_start",)),
    800: Kind("powershell-classic/800", SCRIPT_ACTIVITY, _CLASSIC, ("ps_classic_script",)),
}
