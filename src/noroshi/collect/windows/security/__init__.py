"""The Security log: Microsoft-Windows-Security-Auditing.

Source: event schemas of the provider's manifest (``wevtutil gp``).
"""

from __future__ import annotations

from noroshi.collect.windows.kind import Kinds
from noroshi.collect.windows.security.accounts import ACCOUNTS
from noroshi.collect.windows.security.logons import LOGONS
from noroshi.collect.windows.security.network import NETWORK
from noroshi.collect.windows.security.objects import OBJECTS
from noroshi.collect.windows.security.processes import PROCESSES

KINDS: Kinds = dict([*LOGONS, *ACCOUNTS, *PROCESSES, *OBJECTS, *NETWORK])
