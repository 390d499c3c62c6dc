"""The paging benchmark counts what it says it counts, against the real command."""

from __future__ import annotations

import pytest

pytest.importorskip("uvicorn", reason="the extra 'service' is not installed")

from noroshi.app.bench.taxii import run


def test_every_object_comes_once_by_cursor_and_by_date() -> None:
    found = run(2_500)
    for way in ("by_cursor", "by_date"):
        assert {name: found[way][name] for name in ("objects", "lost", "repeated")} == {
            "objects": 2_500, "lost": 0, "repeated": 0,
        }  # fmt: skip
        assert found[way]["objects_per_cpu_second"] > 0
