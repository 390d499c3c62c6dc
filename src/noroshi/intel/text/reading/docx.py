"""DOCX to text: a zip of XML (ECMA-376 part 1, WordprocessingML), read as a stream.

A document type declaration ends the reading of a part, so that no entity is ever expanded, and
the bytes that a part unpacks to are counted while it is unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from noroshi.intel.text.document import Document, Limits, cut
from noroshi.lang import N_, Message

_PARTS = re.compile(r"word/(?:document|footnotes|endnotes|comments|header\d*|footer\d*)\d*\.xml\Z")
_CHUNK = 1 << 16
_MEMBERS = 10_000
_DEPTH = 200
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


class _StopError(Exception):
    """A part must not be read any further."""


def is_docx(data: bytes) -> bool:
    """Whether a zip file is a word-processing document."""
    return b"word/document.xml" in data or b"word\\document.xml" in data


def read_docx(data: bytes, name: str, limits: Limits) -> Document:
    """Return the text of a DOCX file, its notes and comments after the body."""
    text = _Text(limits.inflated_bytes)
    problems: list[Message] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()[:_MEMBERS]
            parts = sorted(
                (item for item in members if _PARTS.match(item.filename)),
                key=lambda item: ("document" not in item.filename, item.filename),
            )
            read = (_read_part(archive, part, text, name, limits) for part in parts)
            problems.extend(problem for problem in read if problem is not None)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        what = {"name": name, "reason": str(error)[:200]}
        problems.append(Message(N_("{name}: damaged: {reason}"), what))
    return Document(name, "".join(text.out), "docx", problems=tuple(problems))


def _read_part(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, text: _Text, name: str, limits: Limits
) -> Message | None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = text.start
    parser.EndElementHandler = text.end
    parser.CharacterDataHandler = text.characters
    parser.StartDoctypeDeclHandler = text.doctype
    text.begin_part()
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                text.budget -= len(chunk)
                if text.budget < 0:
                    return cut(name, limits.inflated_bytes, "bytes")
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, _StopError, zipfile.BadZipFile, zlib.error, OSError) as error:
        what = {"name": f"{name}/{part.filename[:80]}", "reason": str(error)[:200]}
        return Message(N_("{name}: damaged: {reason}"), what)
    except (RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        what = {"name": f"{name}/{part.filename[:80]}", "reason": str(error)[:200]}
        return Message(N_("{name}: cannot be unpacked: {reason}"), what)
    return None


class _Text:
    """Handlers that gather the runs of text."""

    def __init__(self, budget: int) -> None:
        self.out: list[str] = []
        self.budget = budget
        self._in_text = 0
        self._depth = 0

    def begin_part(self) -> None:
        self._in_text = self._depth = 0
        if self.out:
            self.out.append("\n")

    def doctype(self, *_: object) -> None:
        raise _StopError("it declares a document type, which no office program writes")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            raise _StopError("nested too deep")
        namespace, _, local = tag.partition(" ")
        if namespace not in (_SPACE, _STRICT):
            return
        if local in ("t", "delText", "instrText"):
            self._in_text += 1
        elif local == "tab":
            self.out.append("\t")
        elif local in ("br", "cr"):
            self.out.append("\n")
        elif local == "noBreakHyphen":
            self.out.append("-")
        elif local == "pStyle":
            style = attributes.get(f"{namespace} val", "").lower()
            if style.startswith(("heading", "title", "見出し")) or style.isdigit():
                self.out.append("# ")

    def end(self, tag: str) -> None:
        self._depth -= 1
        local = tag.rpartition(" ")[2]
        if local in ("t", "delText", "instrText"):
            self._in_text = max(0, self._in_text - 1)
        elif local == "tc":
            self._end_cell()
        elif local in ("p", "tr") and self.out and not self.out[-1].endswith("\n"):
            self.out.append("\n")

    def _end_cell(self) -> None:
        """A cell's last paragraph ended a line; the row goes on."""
        if self.out and self.out[-1] == "\n":
            self.out.pop()
        self.out.append(" | ")

    def characters(self, data: str) -> None:
        if self._in_text:
            self.out.append(data)
