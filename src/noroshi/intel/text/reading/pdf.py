"""PDF to text, in a child process with a limit on CPU time and memory.

The parser (pypdf, the extra ``text``) is a large program in the face of hostile input; in a
child it can fail, hang or grow without harm, and the pages read so far are kept.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from noroshi.intel.text.document import Document, Limits, cut
from noroshi.lang import N_, Message


def read_pdf(data: bytes, name: str, limits: Limits) -> Document:
    """Return the text of a PDF, page by page."""
    if importlib.util.find_spec("pypdf") is None:
        problem = Message(N_("{name}: not read: install noroshi[text] to read PDF"), {"name": name})
        return Document(name, "", "pdf", problems=(problem,))
    lines, failure = _child(data, limits)
    pieces: list[str] = []
    pages: list[tuple[int, int]] = []
    problems: list[Message] = []
    length = 0
    for line in lines:
        page = _line(line)
        if page is None or "end" in page:
            failure = "" if page is not None else failure
            if page is not None and page["end"] == "pages":
                problems.append(cut(name, limits.pages, "pages"))
            continue
        if page.get("error"):
            what = {"name": name, "page": str(page["page"]), "reason": page["error"]}
            problems.append(Message(N_("{name}: page {page} cannot be read: {reason}"), what))
        pages.append((length, int(page["page"])))
        pieces.append(str(page["text"]).rstrip("\n") + "\n")
        length += len(pieces[-1])
    if failure:
        how_far: dict[str, str | int | float] = {"name": name, "pages": len(pages)}
        template = N_("{name}: stopped after {pages} pages: {reason}")
        problems.append(Message(template, how_far | {"reason": failure}))
    return Document(name, "".join(pieces), "pdf", pages=tuple(pages), problems=tuple(problems))


def _line(line: bytes) -> dict[str, str] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _child(data: bytes, limits: Limits) -> tuple[list[bytes], str]:
    """Run the reader over the bytes; return its lines and why it stopped early, if it did."""
    arguments = [limits.pages, limits.seconds, limits.memory_bytes, limits.characters]
    script = Path(__file__).with_name("pdf_pages.py")
    command = [sys.executable, "-I", str(script), *map(str, arguments)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as given:
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and our own file
                command,
                stdin=given,
                stdout=out,
                stderr=subprocess.DEVNULL,
                timeout=limits.seconds * 4,
                check=False,
            )
            reason = "" if done.returncode == 0 else f"exit {done.returncode}"
        except (subprocess.TimeoutExpired, OSError) as error:
            reason = type(error).__name__
        out.seek(0)
        return out.read(limits.characters * 6).splitlines(), reason or "unfinished"
