"""What `make docs` writes is what lies in the repository."""

from __future__ import annotations

from tests.conftest import ROOT

from noroshi.app.cli.docs import TITLES, column_reference, rule_titles


def test_column_reference_is_up_to_date() -> None:
    written = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert written == "\n".join(column_reference()) + "\n", "run make docs"


def test_rule_titles_are_up_to_date() -> None:
    written = (ROOT / TITLES).read_text(encoding="utf-8")
    assert written == "\n".join(rule_titles()) + "\n", "run make docs"
