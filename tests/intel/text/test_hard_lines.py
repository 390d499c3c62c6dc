"""Everything on the hard lines is found, nothing else, and the quotes are the text's own."""

from __future__ import annotations

import pytest

from noroshi.app.made_up.hard_kinds import HARD_KINDS
from noroshi.app.made_up.hard_lines import FILES, HARD_LINES, HardLine
from noroshi.intel.text import Document, ValueType, extract

LOCAL = {ValueType.FILE_NAME, ValueType.FILE_PATH, ValueType.REGISTRY_KEY}


def found(line: HardLine) -> set[tuple[ValueType, str]]:
    values = extract(Document("line", line.text)).indicators
    for value in values:
        assert line.text[slice(*value.span)] == value.quote
    return {(value.type, value.value) for value in values}


@pytest.mark.parametrize("line", HARD_LINES, ids=lambda line: line.text[:40])
def test_a_hard_line_gives_its_values(line: HardLine) -> None:
    values = {f"{kind}:{value}" for kind, value in found(line) if kind not in LOCAL}
    assert values == line.values


@pytest.mark.parametrize("line", HARD_KINDS, ids=lambda line: line.text[:40])
def test_every_kind_is_found_in_its_hard_forms(line: HardLine) -> None:
    assert {f"{kind}:{value}" for kind, value in found(line)} == line.values


@pytest.mark.parametrize("line", FILES, ids=lambda line: line.text[:40])
def test_no_file_name_is_taken_for_a_domain(line: HardLine) -> None:
    assert not {kind for kind, _ in found(line)} & {ValueType.DOMAIN, ValueType.URL}
