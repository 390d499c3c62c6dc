"""``noroshi share serve`` before it listens."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.app.cli import main


@pytest.mark.parametrize(("mode", "told"), ((0o644, True), (0o640, False), (0o600, False)))
def test_a_key_that_everybody_can_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], mode: int, told: bool
) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_text("no certificate")
    key.write_text("no key")
    key.chmod(mode)
    files = ["--cert", str(cert), "--key", str(key), "--home", str(tmp_path / "home")]
    assert main(["share", "serve", *files, "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert ("chmod 600" in said) is told
    assert "not a certificate" in said.replace("\n", " ")
