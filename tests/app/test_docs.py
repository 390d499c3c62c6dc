"""What `make docs` writes is what lies in the repository."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from tests.conftest import ROOT

from noroshi.app.cli.docs import TITLES, column_reference, misp_reference, rule_titles


def test_column_reference_is_up_to_date() -> None:
    written = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert written == "\n".join(column_reference()) + "\n", "run make docs"


def test_rule_titles_are_up_to_date() -> None:
    written = (ROOT / TITLES).read_text(encoding="utf-8")
    assert written == "\n".join(rule_titles()) + "\n", "run make docs"


def test_misp_page_is_up_to_date() -> None:
    if find_spec("misp_stix_converter") is None:
        pytest.skip("the extra 'misp' is not installed")
    written = (ROOT / "docs" / "misp.md").read_text(encoding="utf-8")
    assert written == "\n".join(misp_reference()) + "\n", "run make docs"
