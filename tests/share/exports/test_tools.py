"""What the programs themselves say to lists full of hostile values; skipped where they are not."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.share.exports.conftest import DAY, HOSTILE, NOW, written
from tests.share.exports.test_formats import WORLD

from noroshi.intel.indicators import Indicator, IndicatorType

EVERYTHING = [
    *WORLD,
    *(
        Indicator(kind, value, "a feed", NOW - DAY)
        for kind in (IndicatorType.DOMAIN, IndicatorType.URL)
        for value in HOSTILE
        if (kind, value) != (IndicatorType.DOMAIN, "evil.example")
    ),
    Indicator(IndicatorType.NETWORK, "2001:db8:1:2::/64", "a feed", NOW - DAY),
    Indicator(IndicatorType.NETWORK, "2001:db8:0:0:1::/80", "a feed", NOW - DAY),
]


def said_by(*command: str | Path) -> str:
    """Run a program of the machine and return all that it says; it must agree."""
    program = shutil.which(str(command[0]), path="/usr/sbin:/usr/bin:/sbin:/bin") or shutil.which(
        str(command[0])
    )
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(
        [program, *map(str, command[1:])], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_bind_loads_the_zone(tmp_path: Path) -> None:
    tally = written("rpz", EVERYTHING, tmp_path)
    told = said_by("named-checkzone", "-i", "none", "rpz.noroshi", tmp_path / "rpz.zone")
    assert "loaded serial 1779000000" in told
    assert told.strip().endswith("OK")
    owners = (tmp_path / "rpz.zone").read_text().count(" CNAME .\n")
    assert tally.written < owners <= 2 * tally.written


def test_unbound_reads_the_file(tmp_path: Path) -> None:
    written("unbound", EVERYTHING, tmp_path)
    config = tmp_path / "unbound.conf"
    config.write_text(
        f'server:\n    username: ""\n    chroot: ""\n    directory: "{tmp_path}"\n'
        f'    include: "{tmp_path / "noroshi.conf"}"\n'
    )
    assert "no errors" in said_by("unbound-checkconf", config)


def test_squid_reads_the_lists(tmp_path: Path) -> None:
    written("squid", EVERYTHING, tmp_path)
    rules = re.sub(r'"(\w+\.txt)"', rf'"{tmp_path}/\1"', (tmp_path / "noroshi.conf").read_text())
    (tmp_path / "noroshi.conf").write_text(rules)
    config = tmp_path / "squid.conf"
    config.write_text(
        f"include {tmp_path}/noroshi.conf\nhttp_port 127.0.0.1:3128\n"
        f"pid_filename {tmp_path}/squid.pid\nvisible_hostname noroshi.example\n"
    )
    told = said_by("squid", "-k", "parse", "-f", config)
    assert "ERROR" not in told
    assert "WARNING" not in told
