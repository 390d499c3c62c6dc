"""What the tests on real rules share."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.detect.sigma import RuleSet, load_rules


@pytest.fixture(scope="session")
def sigma_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for parsed rules."""
    return tmp_path_factory.mktemp("sigma-cache")


@pytest.fixture(scope="session")
def sigmahq(shared_data: Path, sigma_cache: Path) -> RuleSet:
    """The SigmaHQ rules."""
    return load_rules([shared_data / "logs" / "sigma-rules"], cache=sigma_cache)
