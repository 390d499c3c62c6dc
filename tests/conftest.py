"""Fixtures for every room."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Machines that test are busy ones: how long an example takes says nothing about the code.
settings.register_profile("noroshi", deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
