"""What others really publish, through the doors, from a server on loopback."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.collect.feeds.conftest import Desk, Web

from noroshi.intel.flaws import facts_about
from noroshi.intel.objects import Clearance

pytestmark = pytest.mark.shared_data


def test_known_exploited_vulnerabilities(desk: Desk, web: Web, shared_data: Path) -> None:
    path = shared_data / "telescope" / "kev" / "kev.csv"
    web.said["/kev.csv"] = path.read_bytes()
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["cveID"]: row for row in csv.DictReader(file)}
    desk.add("kev", "kev", web("/kev.csv"))
    pulled = desk.pull("kev")
    assert (pulled.outcome, pulled.new, pulled.held, pulled.refused) == ("done", len(rows), 0, 0)
    assert len(desk.objects("vulnerability")) == len(rows)
    for cve, row in list(rows.items())[:50]:
        [fact] = facts_about(desk.workspace.objects, cve, Clearance())
        assert (fact.known_exploited, fact.exploited_since) == (True, row["dateAdded"])
        assert fact.ransomware == (row["knownRansomwareCampaignUse"] == "Known")
        assert row["product"].split()[0] in fact.products[0]
    assert desk.pull("kev").new == 0


def test_phishing_addresses(desk: Desk, web: Web, shared_data: Path) -> None:
    folder = shared_data / "intel" / "jpcert-phishurl"
    for path in sorted(folder.rglob("*.csv")):
        web.said[f"/{path.name}"] = path.read_bytes()
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        name = path.stem
        desk.add(name, "list", web(f"/{path.name}"))
        pulled = desk.pull(name)
        assert pulled.outcome == "done"
        assert pulled.entries + pulled.refused + pulled.repeated == len(rows)
        assert pulled.refused < len(rows) / 100
        one = next(one for one in desk.workspace.indicators.search(limit=1))
        assert one.valid_from > 1_700_000_000_000_000
        assert desk.pull(name).new == 0


@pytest.mark.parametrize(
    ("folder", "kind", "least"),
    [
        ("intel/eset-malware-ioc", "misp", 40),
        ("intel/stix21-examples/examples", "stix", 200),
    ],
)
def test_folders_of_events_and_bundles(
    desk: Desk, shared_data: Path, folder: str, kind: str, least: int
) -> None:
    desk.add("x", kind, shared_data / folder)
    pulled = desk.pull("x")
    assert pulled.outcome == "done", pulled.told
    assert pulled.new >= least
    assert pulled.held <= pulled.new / 20
    again = desk.pull("x")
    assert (again.outcome, again.size, again.new) == ("done", 0, 0)
