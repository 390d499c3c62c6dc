"""YAML from outside: what would take too long or too much is refused before it is composed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

import noroshi
from noroshi.detect.sigma.documents import documents
from noroshi.drill.scenario.schema import parse
from noroshi.intel.packs.manifest import read_manifest
from noroshi.intel.relevance.profile import read_profile
from noroshi.model.safe_yaml import DEEPEST, load_yaml, load_yaml_documents

LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]\n" for at in range(1, 9)
)
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{at}: &a{at} [*a{at - 1}]\n" for at in range(1, 100))
BAD = {
    "flow lists": ("[" * 100_000, "deep"),
    "flow mappings": ("{a: " * 100_000, "deep"),
    "block": ("- " * 100_000 + "x", "deep"),
    "closed": ("[" * 1_000 + "]" * 1_000, "deep"),
    "laughs": (LAUGHS, "expand to more than"),
    "chain": (CHAIN, "deep"),
    "itself": ("a: &a [*a]", "inside what it stands for"),
    "merged itself": ("a: &a {<<: *a}", "inside what it stands for"),
    "base 60": ("a: 1" + ":1" * 5_000, "digits"),
    "tagged": ('a: !!int "1' + ":1" * 5_000 + '"', "digits"),
}


@pytest.mark.parametrize(("text", "why"), BAD.values(), ids=BAD)
def test_what_is_too_much_is_refused(text: str, why: str) -> None:
    for read_it in (load_yaml, load_yaml_documents):
        with pytest.raises(yaml.YAMLError, match=f"line [0-9]+: .*{why}"):
            read_it(text)


READERS: dict[str, Callable[[Path, str], object]] = {
    "rule": lambda _, text: list(documents(text.encode())),
    "profile": lambda path, _: read_profile(path),
    "scenario": lambda _, text: parse(text, "x"),
    "pack": lambda path, _: read_manifest(path.parent),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", ["[" * 100_000, LAUGHS], ids=["deep", "laughs"])
def test_every_reader_refuses_it_with_its_own_error(tmp_path: Path, reader: str, text: str) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(text)
    with pytest.raises(Exception, match=r"nested more|expand to more") as error:
        READERS[reader](path, text)
    assert type(error.value).__module__.startswith("noroshi.")


def test_what_is_usual_is_read() -> None:
    deep = "[" * DEEPEST + "]" * DEEPEST
    assert load_yaml(deep) is not None
    shared = "base: &b {x: 1, y: [2]}\none: {<<: *b, z: 3}\ntwo: *b\n"
    one = {"x": 1, "y": [2]}
    assert load_yaml(shared) == {"base": one, "one": {**one, "z": 3}, "two": one}
    assert load_yaml_documents("a: 1\n---\nb: '" + "1" * 2_000 + "'\n") == [
        {"a": 1}, {"b": "1" * 2_000},
    ]  # fmt: skip
    assert load_yaml("") is None
    with pytest.raises(yaml.YAMLError):
        load_yaml("a: [")


def test_nobody_reads_yaml_another_way() -> None:
    source = Path(noroshi.__file__).parent
    found = {
        path.name
        for path in source.rglob("*.py")
        if re.search(r"yaml\.(?:safe_|full_|unsafe_)?load|yaml\.compose", path.read_text("utf-8"))
    }
    assert found == {"safe_yaml.py"}
