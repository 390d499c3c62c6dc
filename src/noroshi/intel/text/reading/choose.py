"""Which format a report has; its content decides, its name only helps."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from noroshi.intel.text.document import Document, Limits, cut
from noroshi.intel.text.errors import ReportError
from noroshi.intel.text.reading.docx import is_docx, read_docx
from noroshi.intel.text.reading.encoding import decode
from noroshi.intel.text.reading.html import read_html
from noroshi.intel.text.reading.mail import read_mail
from noroshi.intel.text.reading.pdf import read_pdf
from noroshi.lang import N_, Message

_HEAD = 4096
_HTML = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_TAGS = re.compile(rb"</(?:p|div|a|li|td|tr|h[1-6]|span|table)>", re.IGNORECASE)
_HEADER = re.compile(
    rb"(?:received|return-path|message-id|date|subject|mime-version|delivered-to|from|to|x-[\w-]+"
    rb"|content-type|dkim-signature|authentication-results|reply-to|cc):[ \t]",
    re.IGNORECASE,
)


def read_file(path: Path, limits: Limits | None = None) -> Document:
    """Read a report of any known format.

    Raises:
        ReportError: the file cannot be opened or read.
    """
    limits = limits or Limits()
    try:
        with path.open("rb") as handle:
            data = handle.read(limits.input_bytes + 1)
    except OSError as error:
        raise ReportError(f"{path}: cannot read the report: {error}") from error
    return read_bytes(data, str(path), limits)


def read_bytes(
    data: bytes, name: str = "report", limits: Limits | None = None, depth: int = 0
) -> Document:
    """Read a report from its bytes. Never fails: what cannot be read is said in ``problems``."""
    limits = limits or Limits()
    too_long = len(data) > limits.input_bytes
    document = _read(data[: limits.input_bytes], name, limits, depth)
    problems = list(document.problems)
    if too_long:
        problems.insert(0, cut(name, limits.input_bytes, "bytes"))
    text = document.text
    if len(text) > limits.characters:
        text = text[: limits.characters]
        problems.append(cut(name, limits.characters, "characters"))
    return replace(document, text=text, problems=tuple(problems))


def _read(data: bytes, name: str, limits: Limits, depth: int) -> Document:
    head, low = data[:_HEAD], name.lower()
    if b"%PDF-" in head[:1024]:
        return read_pdf(data, name, limits)
    if data.startswith(b"PK\x03\x04"):
        if is_docx(data):
            return read_docx(data, name, limits)
        reason = Message(N_("{name}: an archive or office file of another kind"), {"name": name})
        return Document(name, "", "unknown", problems=(reason,))
    if _is_mail(head, low):
        return read_mail(data, name, limits, depth, read_bytes)
    text, problems = decode(data, name)
    if _HTML.search(head) or len(_TAGS.findall(head)) >= 5 or low.endswith((".html", ".htm")):
        return read_html(text, name, problems)
    kind = "markdown" if low.endswith((".md", ".markdown", ".adoc")) else "text"
    # A file of another kind than text: NUL bytes separate nothing and mean nothing here.
    return Document(name, text, kind, places=((0, 0),), problems=problems)


def _is_mail(head: bytes, low: str) -> bool:
    lines = head.lstrip(b"\r\n").split(b"\n", 6)[:6]
    headers = sum(_HEADER.match(line) is not None for line in lines)
    if lines and lines[0].startswith(b"From ") and headers:
        return True
    first = bool(lines) and _HEADER.match(lines[0]) is not None
    return first and (headers >= 3 or (low.endswith(".eml") and headers >= 1))
