"""Suricata 7: rules, with the data sets and reputation lists that they read.

Source: Suricata User Guide 7.0, "Rules Format", "Datasets" (strings in base64, digests in hex, one
a line), "IP Reputation" (``address,category,score``; ``number,short name,words``), "File Keywords".
A data set matches a whole name: sub-domains are matched where a rule of its own asks for them. A
path of a URL can only be seen in plain HTTP, so that others are left out.
"""

from __future__ import annotations

import base64
import hashlib
from contextlib import ExitStack

from noroshi.intel.indicators import IndicatorType
from noroshi.intel.objects.bundle import Writable
from noroshi.lang import N_
from noroshi.share.exports.format import Format, Job, comments
from noroshi.share.exports.row import Row
from noroshi.share.exports.safe import host_name, plain_words, split_url
from noroshi.share.exports.writing import Target

RULES = "noroshi.rules"
DOMAINS = "noroshi-domains.lst"
HASHES = {32: "noroshi-md5.lst", 40: "noroshi-sha1.lst", 64: "noroshi-sha256.lst"}
CATEGORIES, REPUTATION = "noroshi-categories.txt", "noroshi-reputation.list"
_LISTS = (DOMAINS, *HASHES.values(), REPUTATION)
_CATEGORY = "Noroshi"
_SID = 1_900_000_000
"""First signature id of the fixed rules; rules of URLs follow the digest of their URL."""

_URL_SIDS = (1_910_000_000, 2_000_000_000)
_FIXED = (
    ("dns", "name in a DNS query", f"dns.query; {{set}}{DOMAINS}"),
    ("tls", "name in a TLS handshake", f"tls.sni; {{set}}{DOMAINS}"),
    ("http", "host of an HTTP request", f"http.host; {{set}}{DOMAINS}"),
    ("http", "digest of a file", f"filemd5:{HASHES[32]}"),
    ("http", "digest of a file", f"filesha1:{HASHES[40]}"),
    ("http", "digest of a file", f"filesha256:{HASHES[64]}"),
    ("smtp", "digest of a file", f"filesha256:{HASHES[64]}"),
    ("ip", "destination address", f"iprep:dst,{_CATEGORY},>,0"),
    ("ip", "source address", f"iprep:src,{_CATEGORY},>,0"),
)
_SET = "dataset:isset,noroshi-domains,type string,load "
_LONGEST = 255
"""Bytes of one ``content``."""

_MOST = 127
"""The highest reputation."""


def write(job: Job, target: Target) -> None:
    """Write the lists, the rules that read them, and a rule for each URL."""
    with ExitStack() as stack:
        rules = stack.enter_context(target.file(RULES))
        lists = {name: stack.enter_context(target.file(name)) for name in _LISTS}
        with target.file(CATEGORIES) as sink:
            sink.write(f"1,{_CATEGORY},Indicators from Noroshi\n".encode())
        rules.write(comments(job.head()))
        for number, (protocol, words, condition) in enumerate(_FIXED):
            condition = condition.replace("{set}", _SET)
            rules.write(_rule(protocol, words, condition, _SID + number))
        sids: set[int] = set()
        for row in job.rows:
            if not _written(row, rules, lists, sids):
                job.refuse(row.value)
        rules.write(comments(job.tail()))


def _written(row: Row, rules: Writable, lists: dict[str, Writable], sids: set[int]) -> bool:
    if row.kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
        reputation = max(1, round(row.score / 100 * _MOST))
        lists[REPUTATION].write(f"{row.value},1,{reputation}\n".encode())
        return True
    if row.kind is IndicatorType.DOMAIN:
        if host_name(row.value):
            lists[DOMAINS].write(base64.b64encode(row.value.encode()) + b"\n")
        return host_name(row.value)
    if row.kind is IndicatorType.HASH:
        name = HASHES.get(len(row.value))
        if name is not None:
            lists[name].write(f"{row.value}\n".encode())
        return name is not None
    rule = _url_rule(row, sids)
    rules.write(rule)
    return bool(rule)


def _url_rule(row: Row, sids: set[int]) -> bytes:
    parts = split_url(row.value)
    if parts is None or parts.scheme != "http" or parts.username is not None:
        return b""
    path = row.value.removeprefix(f"http://{parts.netloc}")
    if len(path) > _LONGEST:
        return b""
    host = parts.hostname or ""
    condition = (
        f'http.host; content:"{_content(host)}"; bsize:{len(host)}; '
        f'http.uri.raw; content:"{_content(path)}"; bsize:{len(path)}'
    )
    words = f"URL, score {row.score:g}, named by {plain_words(', '.join(row.sources))}"
    return _rule("http", words, condition, _sid(row.value, sids))


def _rule(protocol: str, words: str, condition: str, sid: int) -> bytes:
    return (
        f'alert {protocol} any any -> any any (msg:"Noroshi indicator, {words}"; '
        f"{condition}; classtype:trojan-activity; sid:{sid}; rev:1;)\n"
    ).encode()


def _content(text: str) -> str:
    """Return a text for ``content``: whatever is no letter, digit, dot, slash … in hex."""
    return "".join(c if c.isalnum() or c in "./-_" else f"|{ord(c):02X}|" for c in text)


def _sid(value: str, taken: set[int]) -> int:
    """Return the same number for the same URL, the next one where it is taken already."""
    first, end = _URL_SIDS
    digest = hashlib.blake2b(value.encode(), digest_size=8).digest()
    sid = first + int.from_bytes(digest) % (end - first)
    while sid in taken:
        sid = sid + 1 if sid + 1 < end else first
    taken.add(sid)
    return sid


FORMAT = Format(
    "suricata", N_("Suricata 7: rules, data sets and reputation (folder)"),
    frozenset((IndicatorType.ADDRESS, IndicatorType.NETWORK, IndicatorType.DOMAIN,
               IndicatorType.URL, IndicatorType.HASH)),
    write,
)  # fmt: skip
