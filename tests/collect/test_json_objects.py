"""JSON in every shape that tools export, bounded and resynchronising."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.collect import BadRecord, Evidence, json_pieces
from noroshi.collect import json_objects as objects_module
from noroshi.collect.json_objects import json_objects
from noroshi.collect.json_pieces import first_object

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.text(min_size=1), JSON, max_size=4), min_size=1, max_size=6)


def evidence(data: bytes) -> Evidence:
    return Evidence("x.json", lambda: io.BytesIO(data))


def objects(data: bytes) -> list[dict[str, Any]]:
    found = list(json_objects(evidence(data)))
    assert not [item for item in found if isinstance(item, BadRecord)], found
    return [item[1] for item in found if not isinstance(item, BadRecord)]


@given(OBJECTS, st.booleans())
def test_all_layouts_give_the_same_objects(values: list[dict[str, Any]], ascii_only: bool) -> None:
    def dump(value: Any, indent: int | None = None) -> bytes:
        return json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()

    layouts = [
        b"\n".join(dump(value) for value in values),
        dump(values),
        dump(values, 2),
        dump({"count": len(values), "Records": values}),
        dump({"@odata.context": "x", "value": values}, 1),
        b"\n".join(dump(value, 2) for value in values if value) or dump(values),
    ]
    for layout in layouts[:-1]:
        assert objects(layout) == values
    assert objects(layouts[-1]) == [value for value in values if value] or not any(values)
    for layout in layouts[:-1]:
        assert first_object(layout) == values[0]


def test_one_broken_line_costs_itself() -> None:
    found = list(json_objects(evidence(b'{"a": 1}\n{"b": \n{"c": 3}\n[4]\n')))
    assert [item[1] for item in found if not isinstance(item, BadRecord)] == [{"a": 1}, {"c": 3}]
    bad = [item for item in found if isinstance(item, BadRecord)]
    assert [(item.offset, item.excerpt) for item in bad] == [(9, b'{"b": '), (25, b"[4]")]


def test_a_cut_array_keeps_its_whole_objects() -> None:
    *good, bad = json_objects(evidence(b'[{"a": 1},\n {"b": 2}, {"c": '))
    assert [item[1] for item in good if not isinstance(item, BadRecord)] == [{"a": 1}, {"b": 2}]
    assert isinstance(bad, BadRecord)
    assert bad.offset == 22


def test_utf16_export_and_byte_order_mark() -> None:
    text = '{"場所": "町役場"}\r\n{"b": 2}\r\n'
    for encoding in ("utf-16", "utf-8-sig"):
        assert objects(text.encode(encoding)) == [{"場所": "町役場"}, {"b": 2}]


def test_lone_surrogates_are_kept_as_they_are() -> None:
    (found,) = objects(b'{"a": "\\ud800x"}')
    assert found["a"].endswith("x")


def test_an_object_over_the_limit_is_reported_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "LINE_BYTES", 10_000)
    monkeypatch.setattr(objects_module, "CHUNK_BYTES", 1_000)
    data = b'[{"a": 1}, {"b": "' + b"x" * 50_000 + b'"}]'
    good, bad = json_objects(evidence(data))
    assert good == (1, {"a": 1})
    assert isinstance(bad, BadRecord)
    assert "10000 bytes" in bad.reason


@given(st.binary(max_size=400))
def test_any_bytes_end_without_an_exception(data: bytes) -> None:
    list(json_objects(evidence(data)))
    list(json_objects(evidence(b"{" + data)))
    list(json_objects(evidence(b"[{" + data)))


def test_deep_nesting_is_a_bad_record_or_an_object() -> None:
    depth = 200_000
    found = list(json_objects(evidence(b'{"a":' * depth + b"1" + b"}" * depth)))
    assert len(found) == 1


def test_offsets_point_at_the_object(tmp_path: Path) -> None:
    data = b'{"a": 1}\n\n  {"b": 2}\n'
    for item in json_objects(evidence(data)):
        assert not isinstance(item, BadRecord)
        assert json.loads(data[item[0] :].split(b"\n")[0]) == item[1]
