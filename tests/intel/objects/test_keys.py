"""Keys are short, and no two texts share one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from noroshi.intel.objects.keys import artefact_key, packed_id, unpacked_id

UUID = "2f7a5f0c-0b0b-5b0b-8b0b-0b0b0b0b0b0b"


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
@example(f"indicator--{UUID}")
@example(f"indicator--{UUID.upper()}")
@example(f"x-our-thing--{UUID}")
@example(f"indicator--{UUID}\n")
@example("\x0f/z_\x0c\x0b\x0b[\x0b\x8b\x0b")
@example("")
def test_an_id_comes_back_as_it_was(text: str) -> None:
    assert unpacked_id(packed_id(text)) == text


def test_ids_of_the_specification_take_seventeen_bytes() -> None:
    for kind in ("artifact", "indicator", "x509-certificate"):
        assert len(packed_id(f"{kind}--{UUID}")) == 17


def test_keys_at_rest_never_change() -> None:
    assert packed_id(f"artifact--{UUID}").hex().startswith("012f7a5f0c")
    assert packed_id(f"indicator--{UUID}")[0] == 15
    assert packed_id(f"x509-certificate--{UUID}")[0] == 42
    assert artefact_key("value", "c2.example") == ARTEFACT


ARTEFACT = -4050878914189270169


@pytest.mark.parametrize("other", [("name", "c2.example"), ("value", "c2.example."), ("value", "")])
def test_kind_and_value_both_make_the_key(other: tuple[str, str]) -> None:
    assert artefact_key(*other) != artefact_key("value", "c2.example")
