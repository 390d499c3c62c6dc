"""The command line: ``noroshi run evidence/`` and its parts."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from typer.main import get_command

from noroshi.app.cli import (
    bench,
    cases,
    demo,
    docs,
    doctor,
    drill,
    feeds,
    hunt,
    indicators,
    intel,
    lake,
    packs,
    rules,
    run,
    share,
    watch,
)
from noroshi.app.cli.failure import explain_failure
from noroshi.app.cli.output import language_from_environment, make_output
from noroshi.app.cli.translate import translate
from noroshi.case import printable
from noroshi.lang import Language, translated

app = typer.Typer(
    name="noroshi",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Noroshi (狼煙): raw security evidence in, explained cases out, offline.",
    epilog="Start with: noroshi demo, or noroshi run FOLDER. "
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but not all evidence could be read "
    "(with --strict).",
)
PARTS = (
    run, cases, hunt, rules, indicators, intel, feeds, watch, share, drill, packs, lake, doctor,
    bench,
    demo,
    docs,
)  # fmt: skip
for part in PARTS:
    part.register(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(given)
    command = get_command(app)
    translate(command, language)
    try:
        result = command.main(given, prog_name="noroshi", standalone_mode=False)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.TyperException as error:
        sys.stderr.write(f"{_usage(error, language)}\n")
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        make_output(language).warn("Stopped. Run the same command again to go on.")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        code = explain_failure(error, make_output(language))
        if code is None:
            raise
        return code
    return result if isinstance(result, int) else 0


def _usage(error: typer.TyperException, language: Language) -> str:
    """What was wrong with the call, and how to call."""
    context = getattr(error, "ctx", None)
    usage = f"{context.get_usage()}\n" if context else ""
    error.message = translated(error.message, language)
    return f"{usage}{printable(translated(error.format_message(), language))}"


def _language(arguments: Sequence[str]) -> Language:
    """Help and errors follow ``--lang`` wherever it stands."""
    for flag, value in zip(arguments, [*arguments[1:], ""], strict=True):
        if (flag == "--lang" and value in ("ja", "en")) or flag in ("--lang=ja", "--lang=en"):
            return "ja" if flag.endswith("ja") or value == "ja" else "en"
    return language_from_environment()
