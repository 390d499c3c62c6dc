"""Everything said to people is said in Japanese too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from noroshi.lang import Message, render

SOURCE = Path(__file__).resolve().parents[2] / "src" / "noroshi"
CATALOGUES = sorted((SOURCE / "lang" / "ja").rglob("*.po"))
MARKERS = {"Message", "N_", "word"}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def _in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node) in MARKERS and node.args:
            template = node.args[0]
            if isinstance(template, ast.Constant) and isinstance(template.value, str):
                yield template.value


def _in_template(path: Path) -> Iterator[str]:
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            template = call.args[0]
            assert isinstance(template, nodes.Const), f"{path.name}: t() needs a literal"
            yield str(template.value)


def templates() -> dict[str, str]:
    """Return every template with a file that uses it."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        found.update(dict.fromkeys(_in_python(path), path.name))
    for path in sorted(SOURCE.rglob("*.j2")):
        found.update(dict.fromkeys(_in_template(path), path.name))
    return found


def _entries(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def japanese() -> dict[str, str]:
    words: dict[str, str] = {}
    for path in CATALOGUES:
        words |= _entries(path)
    return words


def test_every_template_has_a_japanese_translation() -> None:
    words = japanese()
    # A template of nothing but placeholders and punctuation reads the same in every language.
    said = {t: f for t, f in templates().items() if re.search(r"[A-Za-z]", PLACEHOLDER.sub("", t))}
    missing = [f"{file}: {template}" for template, file in said.items() if not words.get(template)]
    assert not missing, "\n".join(missing)


def test_translations_keep_the_placeholders() -> None:
    wrong = [
        template
        for template, translation in japanese().items()
        if set(PLACEHOLDER.findall(template)) != set(PLACEHOLDER.findall(translation))
    ]
    assert wrong == []


def test_translations_are_japanese() -> None:
    """``{title} on {host}`` may become ``{title}（{host}）``; real words may not stay English."""
    plain = [
        template
        for template, translation in japanese().items()
        if re.search("[A-Za-z]{4}", PLACEHOLDER.sub("", template))
        and not re.search("[぀-ヿ一-鿿]", translation)
    ]
    assert plain == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_catalogues_do_not_contradict_each_other(path: Path) -> None:
    others: dict[str, str] = {}
    for other in CATALOGUES:
        if other != path:
            others |= _entries(other)
    mine = _entries(path)
    assert {key: mine[key] for key in mine.keys() & others.keys()} == {
        key: others[key] for key in mine.keys() & others.keys()
    }


def test_extraction_finds_python_and_template_texts() -> None:
    found = templates()
    assert found["Most severe finding is critical: {title}"] == "rank.py"
    assert found["What happened"] == "report.html.j2"


def test_a_missing_parameter_does_not_break_a_sentence() -> None:
    assert render(Message("On {host}: {what}", {"host": "pc01"}), "en") == "On pc01: {what}"
