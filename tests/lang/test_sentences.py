"""What errors say is said in Japanese too, and nothing of it is lost on the way."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from io import BytesIO
from itertools import product
from pathlib import Path

import duckdb
import orjson
import pytest
import yaml
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from noroshi.lang import translated
from noroshi.lang.sentences import LONGEST, Sentence, recognised

SOURCE = Path(__file__).resolve().parents[2] / "src" / "noroshi"
CATALOGUES = sorted((SOURCE / "lang" / "ja" / "errors").glob("*.po"))
OTHERS = {"files.po", "sigma.po", "sql.po", "system.po", "usage.po"}
"""Hold what the system and libraries say; every other catalogue what is said in this source."""

TO_PEOPLE = {"Refused", "BadRecord", "RuleProblem"}
"""Calls that carry a reason to people without raising it."""
TO_MACHINES = {"Refusal", "HTTPException", "malformed", "missing", "AssertionError"}
"""Errors that no person reads in a terminal: answers of the TAXII server, and our own mistakes."""
TO_AUTHORS = {
    "{}: {} has no {}": "a collector's shape, wrong in the source",
    "{} events but {} native rows": "a batch put together wrongly in the source",
    "no such facts: {}": "a fact named wrongly in the source",
    "no such sensors: {}": "a sensor named wrongly in the source",
    "not a stored message: {}": "a stored finding that nobody but Noroshi writes",
    "two steps are called {}": "a library of steps, wrong in the source",
    "unknown severity {}; one of {}": "a severity named wrongly in the source",
}
"""Errors that only somebody who changes the source can meet."""

FILLED = {
    "there is no {} {}": (
        "machine", "account", "service", "part of the network", "person or party", "party",
    ),
    "{} cannot be the name of a {}: use 1 to 64 of a-z, 0-9, _ and -, with a letter or digit at "
    "both ends": ("collection", "member"),
    "no pack {} is installed; installed: {}": ("none",),
}  # fmt: skip
"""Words that the source puts into a hole, where Japanese needs a sentence for each."""

HOLE = re.compile(r"\{\w+\}")


def shape(template: str) -> str:
    """Return a template with nameless holes, those side by side being one."""
    return re.sub(r"(\{\})+", "{}", HOLE.sub("{}", template))


def variants(node: ast.expr, constants: dict[str, str]) -> list[str]:
    """Return the shapes that an expression can have, with a hole for whatever is not fixed."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Name(id=name) if name in constants:
            return [constants[name]]
        case ast.FormattedValue(value=value, conversion=-1):
            return variants(value, constants)
        case ast.JoinedStr(values=parts):
            every = product(*(variants(part, constants) for part in parts))
            return ["".join(chosen) for chosen in every]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            pairs = product(variants(left, constants), variants(right, constants))
            return ["".join(chosen) for chosen in pairs]
        case ast.IfExp(body=body, orelse=orelse):
            return [*variants(body, constants), *variants(orelse, constants)]
        case ast.BoolOp(op=ast.Or(), values=values):
            return [text for value in values for text in variants(value, constants)]
    return ["{}"]


def constants_of(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def texts_to_people(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Raise(exc=ast.Call(args=[text, *_]) as call) if name_of(call) not in TO_MACHINES:
            return [text]
        case ast.Call(args=texts) if name_of(node) in TO_PEOPLE:
            return texts
    return []


def raised() -> Iterator[tuple[str, str]]:
    """Yield the shape of everything that is raised at people, and where."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = constants_of(tree)
        for node in ast.walk(tree):
            for text in texts_to_people(node):
                for one in variants(text, constants):
                    where = f"{path.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}"
                    yield shape(one), where


def written() -> set[str]:
    """Return the shape of every text in the source, and each as it is added behind another."""
    found: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = constants_of(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
                found.update(map(shape, variants(node, constants)))
    filled = {
        one
        for text, words in FILLED.items()
        if text in found
        for word in words
        if word in found
        for one in (text.replace("{}", word, 1), word.join(text.rsplit("{}", 1)))
    }
    # The source puts a guess behind the target: two holes, and so one.
    guessed = {f"{one}; did you mean {{}}?" for one in found | filled if one.startswith("there is")}
    return found | {shape("{}" + text) for text in found} | filled | guessed


def entries(path: Path) -> list[Sentence]:
    with path.open("rb") as file:
        return [Sentence.of(str(one.id), str(one.string)) for one in read_po(file) if one.id]


SENTENCES = [one for path in CATALOGUES for one in entries(path)]


def said(sentence: Sentence, values: list[str]) -> str:
    pieces = [*sum(zip(sentence.pieces, values, strict=False), ()), sentence.pieces[-1]]
    return "".join(pieces)


def test_every_error_has_a_japanese_sentence() -> None:
    known = {shape(one.template) for one in SENTENCES} | TO_AUTHORS.keys()
    missing = {
        f"{where}: {text}"
        for text, where in raised()
        # Of nothing but holes and punctuation, the sentence is in the hole.
        if re.search("[A-Za-z]", text.replace("{}", "")) and text not in known
    }
    assert not missing, "without Japanese in lang/ja/errors:\n" + "\n".join(sorted(missing))


def test_every_japanese_sentence_is_of_an_error_that_there_is() -> None:
    there = written()
    gone = [
        f"{path.name}: {one.template}"
        for path in CATALOGUES
        if path.name not in OTHERS
        for one in entries(path)
        if shape(one.template) not in there
    ]
    assert not gone, "no longer said by the source:\n" + "\n".join(gone)


def test_errors_for_authors_are_there() -> None:
    assert TO_AUTHORS.keys() <= {text for text, _ in raised()}


def test_no_two_sentences_have_the_same_shape() -> None:
    shapes = [shape(one.template) for one in SENTENCES]
    assert len(shapes) > 400
    assert sorted({text for text in shapes if shapes.count(text) > 1}) == []


def test_holes_can_be_told_apart() -> None:
    wrong = [
        one.template
        for one in SENTENCES
        if len(set(one.names)) < len(one.names) or "" in one.pieces[1:-1]
    ]
    assert wrong == []


def test_a_finished_sentence_gives_back_template_and_values() -> None:
    for sentence in SENTENCES:
        values = {name: f"value{number}" for number, name in enumerate(sentence.names)}
        found = recognised(said(sentence, list(values.values())))
        assert found is not None
        assert (found.template, dict(found.params)) == (sentence.template, values)


_VALUES = st.lists(
    st.text() | st.text(alphabet="{}:;%'\"()\n\\ 狼煙.,<>") | st.just("x" * 3_000),
    min_size=8,
    max_size=8,
)


@given(st.sampled_from(SENTENCES), _VALUES)
def test_no_value_is_lost_whatever_it_holds(sentence: Sentence, around: list[str]) -> None:
    values = [f"{text}№{number}№{text}" for number, text in enumerate(around)]
    used = values[: len(sentence.names)]
    text = said(sentence, used)
    told = translated(text, "ja")
    assert all(f"№{number}№" in told for number in range(len(used)))
    if len(text) > LONGEST:
        assert told == text


def test_a_long_text_and_an_unknown_one_stay_as_they_are() -> None:
    assert translated("the moon is made of cheese", "ja") == "the moon is made of cheese"
    long = "no object " + "x" * 4_000
    assert translated(long, "ja") == long
    assert translated(long[:100], "ja") != long[:100]


def test_english_stays_english() -> None:
    assert all(translated(one.template, "en") == one.template for one in SENTENCES)


def test_an_error_within_an_error_is_told_too() -> None:
    assert "[Errno" not in translated(
        "/a: cannot be read: [Errno 2] No such file or directory: '/a'", "ja"
    )
    assert translated("/a b: c: no such file or folder", "ja").startswith("/a b: c：ファイル")
    assert "ファイル" not in translated("no object No such file or directory", "ja"), "a value"


def test_errors_in_errors_without_end_are_given_up() -> None:
    text = "[Errno 1] " * 300 + "too long"
    told = translated(text, "ja")
    assert told.endswith("[エラー番号 1] [エラー番号 1] [エラー番号 1] [エラー番号 1]")
    assert told.count("[Errno 1]") == 296


@pytest.mark.parametrize(
    "number",
    [
        errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.EEXIST,
        errno.ENOTEMPTY, errno.ENOSPC, errno.EROFS, errno.EIO, errno.ENAMETOOLONG, errno.EMFILE,
        errno.ELOOP, errno.ENOMEM, errno.EBUSY, errno.EADDRINUSE, errno.EADDRNOTAVAIL,
        errno.ECONNREFUSED, errno.ECONNRESET, errno.ETIMEDOUT, errno.ENETUNREACH,
        errno.EHOSTUNREACH,
    ],
)  # fmt: skip
def test_what_the_system_says_is_known(number: int) -> None:
    error = OSError(number, os.strerror(number), "/a")
    assert recognised(os.strerror(number)) is not None
    assert os.strerror(number) not in translated(str(error), "ja")


class _Checked(BaseModel, extra="forbid"):
    count: int = Field(default=3, ge=1, le=9)
    share: float = Field(default=0.5, gt=0, lt=1)
    name: str = Field(default="abc", min_length=3, max_length=5, pattern="[a-z]+")
    open: bool = True
    names: list[str] = []
    places: tuple[str, ...] = ()
    more: dict[str, str] = {}


@pytest.mark.parametrize(
    "given",
    [
        {"count": "x"}, {"count": [1]}, {"count": 0}, {"count": 10}, {"share": "x"},
        {"share": []}, {"share": 0}, {"share": 1}, {"name": "a"}, {"name": "abcdef"},
        {"name": "123"}, {"name": 5}, {"open": []}, {"names": 1}, {"places": 1}, {"more": 1},
        {"other": 1},
    ],
    ids=str,
)  # fmt: skip
def test_what_pydantic_says_is_known(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as caught:
        _Checked.model_validate(given)
    assert recognised(caught.value.errors()[0]["msg"]) is not None


NO_JSON = (
    "", "{", '{"a" 1}', '{"a":1 "b"}', "1 2", "[1 2]", "{a:1}", "01", '"\\x"', '"\x01"', "[1,]",
    '"\\ud800"', "truth", "\ufeff{}", "<a>",
)  # fmt: skip


NO_SQL = (
    "selec 1", "select", "select (", "select * from nowhere", "select x from (select 1 as y)",
    "select foo(1)", "select cast('a' as integer)",
)  # fmt: skip
NO_RULE = (
    "{}", "title: 3", "title: x", "{title: x, logsource: {}, detection: {}}",
    "{title: x, logsource: {product: linux}, detection: {a: {b: c}}}",
    "{title: x, id: 7f, logsource: {product: linux}, detection: {a: {b: c}, condition: a}}",
    "{title: x, logsource: {product: linux}, detection: {a: {b|no: c}, condition: a}}",
)  # fmt: skip
SAID_BY_LIBRARIES = (
    ValueError, zipfile.BadZipFile, yaml.YAMLError, duckdb.Error, sqlite3.Error, SigmaError,
)  # fmt: skip


def _ask(sql: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(sql)


def _not_a_database() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(b"no database" * 100)
        connection.execute("select * from sqlite_master")


def _not_a_zip() -> None:
    zipfile.ZipFile(BytesIO(b"no zip"))


@pytest.mark.parametrize(
    "read",
    [
        *(partial(json.loads, text) for text in ("", "{", '{"a" 1}', '{"a": 1 "b"}', '"a', "1 2")),
        *(partial(orjson.loads, text) for text in NO_JSON),
        *(partial(yaml.safe_load, text) for text in ("a: [1", 'a: "x', "{a: b: c}", "[a}")),
        lambda: b"\x83\x65".decode("utf-8"),
        _not_a_zip,
        _not_a_database,
        *(partial(_ask, text) for text in NO_SQL),
        *(partial(SigmaRule.from_yaml, text) for text in NO_RULE),
    ],
)
def test_what_libraries_say_is_known(read: Callable[[], object]) -> None:
    with pytest.raises(SAID_BY_LIBRARIES) as caught:
        read()
    assert recognised(str(caught.value)) is not None
