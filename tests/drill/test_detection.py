"""The built-in rules over the demonstration, through the whole pipeline.

The list is exact from medium severity on: what it names must be found, and nothing else may be. So
the benign look-alikes (the asset agent's encoded PowerShell, the backup's copies, vendor telemetry,
mistyped passwords, the scanner, the prefecture's macro form) are held to be quiet by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from noroshi.collect.intake import ingest
from noroshi.detect.sigma import SigmaMatcher, findings, load_rules
from noroshi.drill import write_demo
from noroshi.drill.clock import HOUR, MIDNIGHT, ZONE
from noroshi.intel.packs import builtin_pack
from noroshi.lake import Lake
from noroshi.model import EVENT_CLASSES, Finding, Severity

CLERK, FILES, DC = "pc039.midorino.example", "fs01.midorino.example", "dc01.midorino.example"
Found: TypeAlias = list[Finding]
EXPECTED = {
    ("Macro-Enabled Attachment From a Sender That Fails the Checks", "192.0.2.88"),
    ("Office Program Starts a Script Host or Shell", CLERK),
    ("PowerShell Runs an Encoded Command", CLERK),
    ("Program or Script Fetched From a Bare IP Address", ""),
    ("Program or Script Fetched From a Bare IP Address", "10.20.10.49"),
    ("Program Runs From a Shared User Folder", CLERK),
    ("Program in a Shared User Folder Opens Network Connections", CLERK),
    ("Autostart Entry Points to a Script or a User Folder", CLERK),
    ("Several Reconnaissance Commands in a Row", CLERK),
    ("Process Opens LSASS With Right to Read Its Memory", CLERK),
    ("Service Created Over the Network", FILES),
    ("Service Installed From a User-Writable or Remote Path", FILES),
    ("Service Created Over the Network", DC),
    ("Service Installed From a User-Writable or Remote Path", DC),
    ("Password Hives or Directory Database Copied", DC),
    ("Archive With Password Made on the Command Line", FILES),
    ("Archive Fetched or Placed Through an Administrative Share", FILES),
    ("Large Upload to the Internet", "10.20.250.80"),
    ("Large Upload to the Internet", "10.20.10.49"),
    ("Event Log Cleared", FILES),
}
BACKGROUND = {
    "Attack Tool Names Itself in a Web Request",
    "SSH Passwords Guessed From One Address",
    "Remote Execution Service Started",
}
"""What happens everywhere on every day, and is reported below medium."""


@pytest.fixture(scope="module", params=[1, 2], ids=["seed-1", "seed-2"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """The findings of a day: evidence written, taken in, matched, correlated."""
    folder: Path = tmp_path_factory.mktemp("detect")
    demo = write_demo(folder / "evidence", request.param)
    ruleset = load_rules(builtin_pack("noroshi-core").places)
    lake = Lake(folder / "home")
    progress = ingest(
        [folder / "evidence"], lake, folder / "state", [SigmaMatcher(ruleset)], zone=ZoneInfo(ZONE)
    )
    assert progress.skipped == []
    assert progress.events == demo.records
    read = [part for name in EVENT_CLASSES for part in lake.columns(name, ["time"])]
    times = pa.chunked_array([part.column("time") for part in read])
    assert MIDNIGHT <= pc.min(times).as_py() < pc.max(times).as_py() < MIDNIGHT + 24 * HOUR
    return list(findings(lake.table("matches"), ruleset))


def test_planted_steps_are_found_and_look_alikes_are_not(found: Found) -> None:
    loud = {
        (item.title, item.subject if item.hosts or item.subject[0].isdigit() else "")
        for item in found
        if item.severity >= Severity.MEDIUM
    }
    assert loud == EXPECTED
    assert {item.title for item in found if item.severity < Severity.MEDIUM} <= BACKGROUND


def test_the_clocks_of_all_sources_agree(found: Found) -> None:
    """Mail, Windows and proxy each write time their own way; the story keeps its order."""
    at = {item.title: item.first for item in found}
    mail = at["Macro-Enabled Attachment From a Sender That Fails the Checks"]
    macro = at["Office Program Starts a Script Host or Shell"]
    fetched = at["Program or Script Fetched From a Bare IP Address"]
    assert 0 < macro - mail < 20 * 60_000_000
    assert 0 < fetched - macro < 60_000_000
