"""Child process: PDF on standard input, one JSON line per page on standard output.

Run by file name, outside the package, so that it needs nothing but pypdf. Arguments: pages, CPU
seconds, memory bytes, characters.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys


def main() -> int:
    """Read pages until a limit is met; the last line says why it ended."""
    pages, seconds, memory, characters = (int(text) for text in sys.argv[1:5])
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # POSIX only

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()), strict=False)
    if reader.is_encrypted:
        reader.decrypt("")
    number = written = 0
    for number, page in enumerate(reader.pages, start=1):
        if number > pages or written > characters:
            return _end("pages" if number > pages else "characters")
        try:
            text, error = page.extract_text(), ""
        except Exception as failure:
            text, error = "", f"{type(failure).__name__}: {failure}"[:200]
        written += len(text)
        _write({"page": number, "text": text, "error": error})
    return _end("done")


def _end(why: str) -> int:
    _write({"end": why})
    return 0


def _write(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
