"""What the lines of well-known Unix programs say, one pattern a line.

Each pattern names the fields it finds. Text that a stranger chooses (a user name) stands between
fixed words and is bounded from the right, so that a name like ``x from 192.0.2.1`` cannot pass for
the address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pattern:
    """One thing a program says.

    Attributes:
        kind: kind of event, see :data:`noroshi.collect.syslog.shapes.LINUX`.
        start: text with which the message begins; checked first because it is cheap.
        pattern: its fields, as named groups; matched at the beginning.
        extra: fields that follow from the sentence itself.
    """

    kind: str
    start: str
    pattern: re.Pattern[str]
    extra: dict[str, str] = field(default_factory=dict)


def _say(kind: str, start: str, pattern: str, **extra: str) -> Pattern:
    return Pattern(kind, start, re.compile(re.escape(start) + pattern), extra)


_FROM = r" from (?P<src_ip>\S+) port (?P<src_port>\d+)"
_LOGIN = {"activity": "Logon"}

_SSHD = (
    _say("authentication", "Accepted ", rf"(?P<method>\S+) for (?P<user>.*){_FROM}",
         outcome="success", **_LOGIN),
    _say("authentication", "Failed ", rf"(?P<method>\S+) for invalid user (?P<user>.*){_FROM}",
         outcome="failure", reason="invalid user", **_LOGIN),
    _say("authentication", "Failed ", rf"(?P<method>\S+) for (?P<user>.*){_FROM}",
         outcome="failure", **_LOGIN),
    _say("authentication", "Invalid user ",
         r"(?P<user>.*) from (?P<src_ip>\S+)(?: port (?P<src_port>\d+))?$",
         outcome="failure", reason="invalid user", **_LOGIN),
    _say("authentication", "error: maximum authentication attempts exceeded for ",
         rf"(?:invalid user )?(?P<user>.*){_FROM}",
         outcome="failure", reason="maximum authentication attempts exceeded", **_LOGIN),
    _say("authentication", "Connection closed by invalid user ",
         r"(?P<user>.*) (?P<src_ip>\S+) port (?P<src_port>\d+)",
         outcome="failure", reason="connection closed", **_LOGIN),
    _say("authentication", "Connection closed by authenticating user ",
         r"(?P<user>.*) (?P<src_ip>\S+) port (?P<src_port>\d+)",
         outcome="failure", reason="connection closed", **_LOGIN),
    _say("authentication", "Disconnected from user ",
         r"(?P<user>.*) (?P<src_ip>\S+) port (?P<src_port>\d+)$", activity="Logoff"),
    _say("flow", "Connection from ",
         r"(?P<src_ip>\S+) port (?P<src_port>\d+) on (?P<dst_ip>\S+) port (?P<dst_port>\d+)",
         activity="Open", service="ssh"),
)  # fmt: skip

_PAM = (
    _say("authentication", "pam_",
         r"\w+\([^)]{1,64}\): authentication failure;(?: logname=(?P<by_user>\S*))?.*? "
         r"rhost=(?P<src_ip>\S*)\s*(?: user=(?P<user>.*))?$",
         outcome="failure", reason="authentication failure", **_LOGIN),
    _say("authentication", "pam_",
         r"\w+\([^)]{1,64}\): session opened for user (?P<user>[^\s(]+)(?:\(uid=(?P<uid>\d+)\))?"
         r"(?: by (?P<by_user>[^\s(]+)?(?:\(uid=\d+\))?)?",
         outcome="success", activity="Session opened"),
    _say("authentication", "pam_",
         r"\w+\([^)]{1,64}\): session closed for user (?P<user>[^\s(]+)", activity="Logoff"),
    _say("account", "pam_",
         r"\w+\([^)]{1,64}\): password changed for (?P<user>\S+)",
         outcome="success", activity="Password Change"),
)  # fmt: skip

_SUDO = (
    _say("authentication", "",
         r"\s*(?P<by_user>\S+) : (?P<reason>\d+ incorrect password attempts?|"
         r"user NOT in sudoers|user NOT authorized on host|command not allowed) ; "
         r"(?:TTY=(?P<TTY>\S+) ; )?(?:PWD=(?P<PWD>.*?) ; )?USER=(?P<USER>\S+) ; "
         r"COMMAND=(?P<COMMAND>.*)$",
         outcome="failure", activity="Elevate"),
    _say("process", "",
         r"\s*(?P<by_user>\S+) : (?:TTY=(?P<TTY>\S+) ; )?PWD=(?P<PWD>.*?) ; "
         r"USER=(?P<USER>\S+) ; (?:GROUP=(?P<GROUP>\S+) ; )?(?:ENV=.*? ; )?"
         r"COMMAND=(?P<COMMAND>.*)$",
         outcome="success", activity="Launch"),
)  # fmt: skip

_SU = (
    _say("authentication", "(to ", r"(?P<user>[^)\s]+)\) (?P<by_user>\S+) on (?P<tty>\S+)",
         outcome="success", activity="Elevate"),
    _say("authentication", "FAILED SU (to ",
         r"(?P<user>[^)\s]+)\) (?P<by_user>\S+) on (?P<tty>\S+)",
         outcome="failure", activity="Elevate"),
    _say("authentication", "Successful su for ", r"(?P<user>\S+) by (?P<by_user>\S+)",
         outcome="success", activity="Elevate"),
    _say("authentication", "FAILED su for ", r"(?P<user>\S+) by (?P<by_user>\S+)",
         outcome="failure", activity="Elevate"),
)  # fmt: skip

_CRON = (
    _say("job", "(", r"(?P<user>[^)]{1,64})\) CMD \((?P<command>.*)\)\s*$", activity="Launch"),
    _say("job", "(",
         r"(?P<user>[^)]{1,64})\) (?P<activity>REPLACE|LIST|DELETE|BEGIN EDIT|END EDIT|RELOAD) "
         r"\((?P<unit>[^)]*)\)"),
)  # fmt: skip

_ACCOUNT = (
    _say("account", "new user: name=",
         r"(?P<user>[^,\s]+), UID=(?P<uid>\d+), GID=(?P<gid>\d+)(?:, home=(?P<home>[^,]*))?"
         r"(?:, shell=(?P<shell>[^,\s]*))?",
         activity="Create", outcome="success"),
    _say("account", "new group: name=", r"(?P<group>[^,\s]+)(?:, GID=(?P<gid>\d+))?",
         activity="Create Group", outcome="success"),
    _say("account", "group added to ", r"\S+: name=(?P<group>[^,\s]+)(?:, GID=(?P<gid>\d+))?",
         activity="Create Group", outcome="success"),
    _say("account", "add '", r"(?P<user>[^']+)' to (?:shadow )?group '(?P<group>[^']+)'",
         activity="Add To Group", outcome="success"),
    _say("account", "user ", r"(?P<user>\S+) added by (?P<by_user>\S+) to group (?P<group>\S+)",
         activity="Add To Group", outcome="success"),
    _say("account", "user ", r"(?P<user>\S+) removed by (?P<by_user>\S+) from group (?P<group>\S+)",
         activity="Remove From Group", outcome="success"),
    _say("account", "change user '", r"(?P<user>[^']+)' (?P<reason>.*)$",
         activity="Modify", outcome="success"),
    _say("account", "delete user '", r"(?P<user>[^']+)'", activity="Delete", outcome="success"),
    _say("account", "delete '", r"(?P<user>[^']+)' from (?:shadow )?group '(?P<group>[^']+)'",
         activity="Remove From Group", outcome="success"),
    _say("account", "removed group '", r"(?P<group>[^']+)'",
         activity="Delete Group", outcome="success"),
    _say("account", "password for ", r"'(?P<user>[^']+)' changed by '(?P<by_user>[^']+)'",
         activity="Password Change", outcome="success"),
)  # fmt: skip

_SYSTEMD = (
    _say("job", "Started ", r"(?P<unit>.{1,256})\.$", activity="Start", outcome="success"),
    _say("job", "Stopped ", r"(?P<unit>.{1,256})\.$", activity="Stop", outcome="success"),
    _say("job", "Failed to start ", r"(?P<unit>.{1,256})\.$", activity="Start", outcome="failure"),
)

_LOGIND = (
    _say("authentication", "New session ", r"'?(?P<session>\w+)'? "
         r"of user '?(?P<user>[^'\s]{1,128}?)'?\.?$",
         outcome="success", activity="Session opened"),
)  # fmt: skip

_NETFILTER = (
    _say("flow", "",
         r"(?:\[\s*[\d.]+\]\s*)?(?:\[?(?P<prefix>[^\[\]=]{0,64}?)\]?:?\s*)?"
         r"IN=(?P<IN>\S*) OUT=(?P<OUT>\S*) (?:PHYSIN=\S* )?(?:PHYSOUT=\S* )?(?:MAC=(?P<MAC>\S*) )?"
         r"SRC=(?P<src_ip>\S+) DST=(?P<dst_ip>\S+) (?:[^=]{0,64}=\S* |[A-Z]{1,8} ){0,16}?"
         r"PROTO=(?P<protocol>\S+)(?: SPT=(?P<src_port>\d+) DPT=(?P<dst_port>\d+))?"),
)  # fmt: skip

_DNSMASQ = (
    _say("dns", "", r"(?:\d+ \S+ )?query\[(?P<record_type>[^\]]{1,16})\] (?P<query>\S+) "
         r"from (?P<src_ip>\S+)", activity="Query"),
    _say("dns", "", r"(?:\d+ \S+ )?(?P<activity>reply|cached|config) (?P<query>\S+) "
         r"is (?P<answer>.{1,512})$"),
)  # fmt: skip

_NAMED = (
    _say("dns", "", r"(?:queries: )?(?:info: )?client (?:@0x[0-9a-f]{1,16} )?"
         r"(?P<src_ip>[0-9A-Fa-f.:%]{1,64})#(?P<src_port>\d{1,5})(?: \([^)]{0,255}\))?: "
         r"(?:view [^:\s]{1,64}: )?query: (?P<query>\S{1,255}) (?P<query_class>[A-Z]{1,8}) "
         r"(?P<record_type>[A-Z0-9]{1,16})(?: \S+(?: \((?P<dst_ip>[^)]{1,64})\))?)?",
         activity="Query"),
)  # fmt: skip

_UNBOUND = (
    _say("dns", "[", r"\d{1,10}:\d{1,4}\] info: (?P<src_ip>[0-9A-Fa-f.:]{2,45}) "
         r"(?P<query>\S{1,255}) (?P<record_type>[A-Z0-9]{1,16}) (?P<query_class>[A-Z]{1,8})"
         r"(?: (?P<rcode>[A-Z]{3,16}) .*)?$", activity="Query"),
)  # fmt: skip

_DOVECOT = (
    _say("authentication", "imap-login: Login: user=<", r"(?P<user>[^>]{0,256})>, "
         r"method=(?P<method>[^,]{1,32}), rip=(?P<src_ip>[^,]{2,45}), lip=(?P<dst_ip>[^,]{2,45})",
         outcome="success", **_LOGIN),
    _say("authentication", "imap-login: ", r"(?P<reason>[^<>]{0,256}?auth failed[^<>]{0,256}?): "
         r"user=<(?P<user>[^>]{0,256})>, method=(?P<method>[^,]{1,32}), "
         r"rip=(?P<src_ip>[^,]{2,45}), lip=(?P<dst_ip>[^,]{2,45})", outcome="failure", **_LOGIN),
    _say("authentication", "pop3-login: Login: user=<", r"(?P<user>[^>]{0,256})>, "
         r"method=(?P<method>[^,]{1,32}), rip=(?P<src_ip>[^,]{2,45}), lip=(?P<dst_ip>[^,]{2,45})",
         outcome="success", **_LOGIN),
)  # fmt: skip

_DHCPD = (
    _say("dhcp", "DHCP",
         r"(?P<activity>[A-Z]{1,12}) (?:on|of) (?P<src_ip>\S+) (?:to|from) "
         r"(?P<mac>[0-9a-fA-F:]{17})(?: \((?P<client>[^)]{1,255})\))?"),
    _say("dhcp", "DHCP",
         r"(?P<activity>REQUEST) for (?P<src_ip>\S+)(?: \(\S+\))? from (?P<mac>[0-9a-fA-F:]{17})"
         r"(?: \((?P<client>[^)]{1,255})\))?"),
    _say("dhcp", "DHCP",
         r"(?P<activity>DISCOVER) from (?P<mac>[0-9a-fA-F:]{17})(?: \((?P<client>[^)]{1,255})\))?"),
    _say("dhcp", "DHCP",
         r"(?P<activity>[A-Z]{1,12})\([^)]{1,32}\) (?:(?P<src_ip>[0-9a-fA-F.:]{3,45}) )?"
         r"(?P<mac>[0-9a-fA-F:]{17})(?: (?P<client>\S{1,255}))?"),
)  # fmt: skip

_CLIENT = r"(?P<client>[^\s\[]{1,255})\[(?P<src_ip>[^\]\s]{1,64})\]"
_POSTFIX = (
    _say("mail", "", r"(?P<queue_id>[0-9A-Za-z]{6,32}): to=<(?P<to>[^>]{0,512})>, (?:orig_to=<[^>]"
         r"{0,512}>, )?relay=(?P<relay>[^\s\[,]{1,255})(?:\[(?P<relay_ip>[^\]]{1,64})\])?\S*, .*?"
         r"status=(?P<action>\w+)(?: \((?P<reason>.*)\))?", activity="Send"),
    _say("mail", "", r"(?P<queue_id>[0-9A-Za-z]{6,32}): from=<(?P<from>[^>]{0,512})>, "
         r"size=(?P<size>\d+)", activity="Queue"),
    _say("mail", "", r"(?P<queue_id>[0-9A-Za-z]{6,32}): client=" + _CLIENT
         + r"(?:, sasl_method=(?P<sasl_method>[^,]{1,32}), sasl_username=(?P<sasl_username>\S+))?",
         activity="Receive"),
    _say("mail", "", r"(?P<queue_id>[0-9A-Za-z]{6,32}): message-id=<?(?P<message_id>[^>]{1,998})>?",
         activity="Scan"),
    _say("mail", "", r"(?P<queue_id>[0-9A-Za-z]{6,32}): reject: \S+ from " + _CLIENT
         + r": (?P<reason>.*?); from=<(?P<from>[^>]{0,512})>(?: to=<(?P<to>[^>]{0,512})>)?",
         action="reject", outcome="failure", activity="Receive"),
    _say("authentication", "", r"(?:warning: )?" + _CLIENT
         + r": SASL (?P<method>\S{1,32}) authentication failed(?:: (?P<reason>[^,]{0,256}))?"
         r"(?:, sasl_username=(?P<user>\S+))?", outcome="failure", activity="Logon"),
    _say("generic", "connect from ", _CLIENT, activity="Open"),
)  # fmt: skip

_PROGRAMS: dict[str, Sequence[Pattern]] = {
    "sudo": (*_SUDO, *_PAM),
    "su": (*_SU, *_PAM),
    "systemd": _SYSTEMD,
    "systemd-logind": (*_LOGIND, *_PAM),
    "kernel": _NETFILTER,
    "ulogd": _NETFILTER,
    "dnsmasq": _DNSMASQ,
    "named": _NAMED,
    "unbound": _UNBOUND,
    "dovecot": _DOVECOT,
    "dhcpd": _DHCPD,
    "dnsmasq-dhcp": _DHCPD,
    "login": _PAM,
}
_FAMILIES: dict[str, Sequence[Pattern]] = {
    "sshd": (*_SSHD, *_PAM),
    "cron": _CRON,
    "account": (*_ACCOUNT, *_PAM),
    "auth": _PAM,
}

MAX_MESSAGE = 8_192
"""Longest message that is matched against patterns, in characters; longer ones stay lines."""

_REPEATED = re.compile(r"message repeated (?P<count>\d{1,9}) times: \[ ?(?P<text>.*?)\]?$")


def patterns_of(program: str, family: str) -> Sequence[Pattern]:
    """Return what a program is known to say."""
    if program.startswith("postfix/"):
        return _POSTFIX
    return _PROGRAMS.get(program) or _FAMILIES.get(family, ())


def read_message(program: str, family: str, text: str) -> tuple[str, dict[str, str | None]] | None:
    """Return (kind of event, fields) of a message, or None where it says nothing known."""
    patterns = patterns_of(program, family)
    if not patterns or len(text) > MAX_MESSAGE:
        return None
    extra: dict[str, str | None] = {}
    if text.startswith("message repeated ") and (repeated := _REPEATED.match(text)):
        text, extra = repeated["text"], {"repeated": repeated["count"]}
    for pattern in patterns:
        if text.startswith(pattern.start) and (found := pattern.pattern.match(text)):
            fields = found.groupdict()
            fields |= pattern.extra
            if "COMMAND" in fields:
                fields |= {"user": fields["USER"], "command": fields["COMMAND"]}
            elif "IN" in fields:
                fields |= _verdict(fields)
            return pattern.kind, fields | extra
    return None


def _verdict(fields: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return what a netfilter line's prefix and interfaces tell."""
    verdict = _VERDICT.search(fields["prefix"] or "")
    inside, outside = fields["IN"], fields["OUT"]
    return {
        "action": verdict[0].lower() if verdict else None,
        "direction": "forward" if inside and outside else "in" if inside else "out",
    }


_VERDICT = re.compile(r"(?i)block|drop|deny|denied|reject|accept|allow|audit|limit")
