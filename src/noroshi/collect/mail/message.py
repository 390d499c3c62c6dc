"""One mail to native fields. What people wrote to each other is read for URLs and then dropped."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email._policybase import Compat32
from email.message import Message
from email.utils import getaddresses, mktime_tz, parsedate_tz
from typing import Any

from noroshi.collect.mail.encodings import decode_header, decode_text
from noroshi.collect.mail.links import LinkReader, urls_in_text
from noroshi.collect.mail.route import originating
from noroshi.collect.record import Value

MAX_PARTS = 512
MAX_HEADERS = 512
MAX_NAMES = 256
SECOND = 1_000_000
_LATEST = 7_258_118_400
"""The year 2200 in seconds; a zone of many digits moves a date anywhere."""

_ADDRESS_HEADERS = ("from", "to", "cc", "bcc", "reply-to", "sender", "return-path")
_SINGLE = (
    "date", "message-id", "in-reply-to", "x-mailer", "user-agent", "x-originating-ip",
    "list-unsubscribe", "x-priority", "importance", "mime-version", "x-spam-status",
    "x-spam-score", "content-type", "content-language", "thread-topic", "delivered-to",
    "envelope-to", "x-original-to", "dkim-signature", "received-spf", "auto-submitted",
)  # fmt: skip
_MANY = ("received", "authentication-results", "arc-authentication-results")


class _RawHeaders(Compat32):
    """Gives header values as they are written, undecodable bytes as surrogates."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Return the value itself."""
        return value


def message_fields(data: bytes) -> tuple[dict[str, Value], int | None]:
    """Return the fields of a message and its date in µs since 1970 UTC."""
    message = message_from_bytes(data, policy=_RawHeaders())
    fields: dict[str, Value] = {"size": len(data)}
    headers = _headers(message)
    fields["subject"] = decode_header(headers.get("subject", [""])[0]) or None
    for name in _SINGLE:
        if name in headers:
            fields[name] = decode_header(headers[name][0])
    for name in _MANY:
        if name in headers:
            fields[name] = [*(decode_header(value) for value in headers[name])]
    for name in _ADDRESS_HEADERS:
        if name in headers:
            fields |= _addresses(name, headers[name])
    others = sorted(name for name in headers if name.startswith("x-") and name not in fields)
    for name in others[:64]:
        fields[name] = decode_header(headers[name][0][:1_024])
    fields |= _body_fields(message)
    fields["originating_ip"] = originating(
        headers.get("x-originating-ip", []), headers.get("received", [])
    )
    if message.defects:
        fields["defects"] = [*(type(defect).__name__ for defect in message.defects)]
    return fields, _date(headers)


def _headers(message: Message) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in message.items():
        headers.setdefault(name.lower()[:128], []).append(str(value)[:65_536])
        if len(headers) >= MAX_HEADERS:
            break
    return headers


def _addresses(name: str, values: list[str]) -> dict[str, Value]:
    """Addresses in lower case under the header's name, display names under ``<header>.name``.

    Names are decoded after the addresses are split off: a decoded name may hold a comma or an
    address of its own, which is a trick to show another sender.
    """
    pairs = getaddresses([value.replace("\x00", "") for value in values])[:MAX_NAMES]
    bare = [address.strip().lower() for _, address in pairs if "@" in address]
    names = [decode_header(shown) for shown, _ in pairs if shown]
    found: dict[str, Value] = {name: [*bare] if name in ("to", "cc", "bcc") else _first(bare)}
    if names:
        found[f"{name}.name"] = [*names] if len(names) > 1 else names[0]
    if not bare:
        found[name] = decode_header(values[0]) or None
    return found


def _first(values: list[str]) -> str | None:
    return values[0] if values else None


def _date(headers: dict[str, list[str]]) -> int | None:
    """Return the Date header's moment, or that of the last hop where the former cannot be read."""
    candidates = headers.get("date", [])[:1]
    candidates += [value.rpartition(";")[2] for value in headers.get("received", [])[:1]]
    for text in candidates:
        parsed = parsedate_tz(text[:128])
        if parsed is None:
            continue
        try:
            seconds = int(mktime_tz(parsed))
        except (OverflowError, ValueError):
            continue
        if 0 <= seconds < _LATEST:
            return seconds * SECOND
    return None


def _body_fields(message: Message) -> dict[str, Value]:
    urls: dict[str, None] = {}
    mismatches: list[str] = []
    attachments: list[dict[str, Any]] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        name = _file_name(part)
        if name is None and kind in ("text/plain", "text/html"):
            text = decode_text(_payload(part), _charset(part))
            if kind == "text/plain":
                urls |= dict.fromkeys(urls_in_text(text))
            else:
                links = LinkReader(text)
                urls |= links.urls
                mismatches += links.mismatches
        elif name is not None or part.get_content_maintype() != "text":
            attachments.append(_attachment(part, name or "", kind))
    fields: dict[str, Value] = {}
    if urls:
        fields["urls"] = [*list(urls)[:MAX_NAMES]]
    if mismatches:
        fields["link_mismatch"] = [*mismatches[:MAX_NAMES]]
    if attachments:
        for key in ("name", "size", "mime_type", "sha256", "sha1", "md5"):
            fields[f"attachment.{key}"] = [attachment[key] for attachment in attachments]
        inside = [name for attachment in attachments for name in attachment["members"]]
        if inside:
            fields["attachment.members"] = [*inside[:MAX_NAMES]]
    return fields


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that have no parts, a bounded number of them; no recursion."""
    pending: list[Message] = [message]
    count = 0
    while pending and count < MAX_PARTS:
        part = pending.pop()
        count += 1
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list):
            pending.extend(item for item in reversed(payload) if isinstance(item, Message))
        else:
            yield part


def _attachment(part: Message, name: str, kind: str) -> dict[str, Any]:
    content = _payload(part)
    return {
        "name": name,
        "size": len(content),
        "mime_type": kind,
        "sha256": hashlib.sha256(content).hexdigest(),
        "sha1": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "members": _members(content),
    }


def _members(content: bytes) -> list[str]:
    """Names inside a ZIP (Office documents are ZIPs too); nothing is unpacked."""
    if not content.startswith(b"PK\x03\x04"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()[:MAX_NAMES]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return []
    return [name.encode("utf-8", "replace").decode("utf-8") for name in names]


def _payload(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        payload = None
    if isinstance(payload, bytes):
        return payload
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def _charset(part: Message) -> str:
    found = part.get_param("charset")
    if isinstance(found, tuple):
        found = found[2]
    return found if isinstance(found, str) else ""


def _file_name(part: Message) -> str | None:
    """Return the attachment's name: RFC 2231, RFC 2047 inside quotes, or raw bytes."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            found = part.get_param(parameter, header=header)
        except (ValueError, LookupError, TypeError):
            continue
        if isinstance(found, tuple):
            charset, _, text = found
            data = text.encode("latin-1", "replace") if text.isascii() else _to_bytes(text)
            return decode_text(data, charset or "")
        if isinstance(found, str) and found:
            return decode_header(found)
    disposition = str(part.get("content-disposition", "")).lower()
    return "" if disposition.startswith("attachment") else None


def _to_bytes(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")
