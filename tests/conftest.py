"""Fixtures for every room."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from noroshi.lake.engine import Engine, open_engine

# Machines that test are busy ones: how long an example takes says nothing about the code.
# What decides a landing tries the same examples every time; at a desk they differ from run to run.
settings.register_profile(
    "noroshi",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("noroshi")


ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real data set beside the project; the test is skipped where it is absent."""
    folder = Path(os.environ.get("NOROSHI_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data set at {folder} (set NOROSHI_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the project's own samples."""
    return ROOT / "tests" / "samples"


@pytest.fixture(scope="session")
def duckdb_engine() -> Iterator[Engine]:
    """The default engine."""
    with open_engine("duckdb") as engine:
        yield engine


@pytest.fixture(scope="session")
def spark_engine() -> Iterator[Engine]:
    """A real Spark with two executor processes, started once."""
    pytest.importorskip("pyspark")
    with open_engine("local-cluster[2,1,1024]") as engine:
        yield engine


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn: a test that takes this runs on all of them."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found
