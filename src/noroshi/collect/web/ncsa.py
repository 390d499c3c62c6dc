r"""Lines of the NCSA family: common, combined, virtual host in front, fields of one's own behind.

Sources: Apache "mod_log_config", nginx "ngx_http_log_module" (``combined``). Quotes inside a quoted
field are ``\"`` (Apache) or ``\x22`` (nginx).
"""

from __future__ import annotations

import re

from noroshi.collect.clock import MONTHS, SECOND, iso
from noroshi.collect.record import Value
from noroshi.collect.url_fields import proxy_fields, split_url, webserver_query

_QUOTED = r'"((?:[^"\\]|\\.)*+)"'
LINE = re.compile(
    r"(?:(?P<vhost>[A-Za-z0-9_.-]{1,253}(?::\d{1,5})?) )?"
    r"(?P<client>[0-9A-Fa-f.:%\[\]]{2,64}|[A-Za-z0-9_.-]{1,253}) (?P<ident>\S{1,256}) "
    r"(?P<user>\S{1,256}|\"(?:[^\"\\]|\\.)*+\") "
    r"\[(?P<day>\d\d)/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4}):(?P<clock>\d\d:\d\d:\d\d)"
    r"(?: (?P<zone>[+-]\d{4}))?\] "
    + _QUOTED.replace("(", "(?P<request>", 1)
    + r" (?P<status>\d{3}|-) (?P<size>\d{1,18}|-)"
    + rf"(?: {_QUOTED.replace('(', '(?P<referer>', 1)}"
    + rf" {_QUOTED.replace('(', '(?P<agent>', 1)})?(?P<rest>.*)",
    re.DOTALL,
)
_REQUEST = re.compile(r"([A-Za-z_-]{1,32}) (.*?)(?: (HTTP/\d(?:\.\d)?))?$", re.DOTALL)
_EXTRA = re.compile(r'(?:([A-Za-z][A-Za-z0-9_-]{0,31})=)?("(?:[^"\\]|\\.)*+"|[^\s"]+)')
_PAIR = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,31})=(\S*)")
_PAIR_NAMES = {"cs_bytes": "cs-bytes", "sc_bytes": "sc-bytes", "proxy_action": "s-action"}
_SQUID_RESULT = re.compile(r"[A-Z]{2,6}_[A-Z_]{1,40}:[A-Z_]{1,40}")
_HEX = re.compile(r"\\x([0-9A-Fa-f]{2})|\\(.)")
_MAX_EXTRAS = 32


class TimeReader:
    """Reads the times of one log; days are remembered."""

    def __init__(self) -> None:
        self._last: tuple[tuple[str, ...], int | None] = ((), None)

    def read(self, found: re.Match[str]) -> int | None:
        """Return µs since 1970 UTC, or None for a day that does not exist."""
        key = found.group("day", "month", "year", "zone")
        if self._last[0] != key:
            self._last = (key, self._midnight(*key))
        midnight, clock = self._last[1], found["clock"]
        if midnight is None:
            return None
        seconds = int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:])
        return midnight + seconds * SECOND

    def _midnight(self, day: str, month: str, year: str, zone: str | None) -> int | None:
        if month not in MONTHS:
            return None
        return iso(f"{year}-{MONTHS[month]:02}-{day}T00:00:00{zone or ''}")


def fields_of(line: str, found: re.Match[str]) -> dict[str, Value]:
    """Return the fields of a line under the names of the W3C format and of Sigma's categories."""
    method, target, version = request_of(unquote(found["request"]))
    parts = split_url(target)
    path, query = parts.path or None, parts.query or None
    agent, referer = _text(found["agent"]), _text(found["referer"])
    fields: dict[str, Value] = {
        "message": line,
        "c-ip": found["client"].strip("[]"),
        "src_ip": found["client"].strip("[]"),
        "cs-username": _text(found["user"]),
        "cs-method": method,
        "cs-uri": target,
        "cs-uri-stem": path,
        "cs-uri-query": webserver_query(path or "", query or ""),
        "cs-version": version,
        "sc-status": _text(found["status"]),
        "sc-bytes": _text(found["size"]),
        "cs-referer": referer,
        "cs-user-agent": agent,
        "c-useragent": agent,
    }
    if found["vhost"]:
        fields["cs-host"] = found["vhost"].partition(":")[0].lower()
    if found["ident"] != "-":
        fields["ident"] = found["ident"]
    if found["rest"].strip():
        fields |= _extras(found["rest"])
    if method == "CONNECT" or (parts.host and "://" in target[:16]):
        fields |= proxy_fields(target) | {"cs-referrer": referer}
    return fields


def request_of(request: str) -> tuple[str | None, str, str | None]:
    """Split a request line into method, target and version; garbage is all target."""
    found = _REQUEST.match(request)
    if found is None:
        return None, request, None
    return found[1].upper(), found[2], found[3]


def unquote(text: str) -> str:
    r"""Undo ``\"``, ``\\`` and ``\xNN`` of a quoted field."""
    if "\\" not in text:
        return text
    return _HEX.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)


def _text(value: str | None) -> str | None:
    if value is None or value in ("-", ""):
        return None
    return unquote(value.strip('"') if value.startswith('"') else value)


def _extras(rest: str) -> dict[str, Value]:
    """Fields behind the combined ones: named ones by their name, others by their position.

    A number with a point is a time taken in seconds (nginx's ``$request_time``, Apache's ``%T``
    with fractions), a whole one is kept as it is.
    """
    extras: dict[str, Value] = {}
    for index, found in enumerate(_EXTRA.finditer(rest)):
        name, value = found[1], unquote(found[2].strip('"'))
        pairs = _PAIR.findall(value) if name is None and "=" in value else []
        if name:
            extras[name] = value
        elif pairs:
            extras |= {_PAIR_NAMES.get(key, key): text for key, text in pairs[:_MAX_EXTRAS]}
        elif _SQUID_RESULT.fullmatch(value):
            extras["s-action"], _, extras["s-hierarchy"] = value.partition(":")
        elif "time-taken" not in extras and value.replace(".", "", 1).isdecimal():
            extras["time-taken"] = value
        elif value != "-":
            extras[f"extra_{index}"] = value
        if len(extras) >= _MAX_EXTRAS:
            break
    return extras
