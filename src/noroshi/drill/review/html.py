"""The report as one page that asks nothing of the network and runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from noroshi.drill.review.blocks import Block
from noroshi.lang import Language

_TEMPLATES = files("noroshi.drill.review").joinpath("templates")


def to_html(blocks: Sequence[Block], title: str, language: Language) -> str:
    """Return the page. Every string in it is escaped by the template engine."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(_read),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    named = [(type(block).__name__, block) for block in blocks]
    page = environment.get_template("review.html.j2")
    return page.render(blocks=named, title=title, lang=language, css=_read("review.css"))


def _read(name: str) -> str:
    return _TEMPLATES.joinpath(name).read_text(encoding="utf-8")
