"""The report as one HTML file that asks nothing of the network and runs nothing."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from noroshi.case.report.view import View
from noroshi.case.report.words import Words

_TEMPLATES = files("noroshi.case.report").joinpath("templates")


def to_html(view: View, words: Words) -> str:
    """Return the page. Every string in it is escaped by the template engine."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(_read),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    say: Callable[..., str] = words.word
    page = environment.get_template("report.html.j2")
    return page.render(view=view, t=say, lang=words.language)


def _read(name: str) -> str:
    return _TEMPLATES.joinpath(name).read_text(encoding="utf-8")
