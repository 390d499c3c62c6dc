"""Whose address was whose, and who logged on from where to where."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from noroshi.case import Ground, correlate, survey_ground
from noroshi.case.ground import DAY, HOUR, Movement
from noroshi.lake import Lake, day_of
from noroshi.lake.engine import Engine
from noroshi.lang import Message
from noroshi.model import EVENT_CLASSES, Finding, Severity

NOON = 1_779_260_400_000_000
FLOW = {"connection_info_direction": "outbound", "log_product": "windows"}
LOGON = {"status_id": 1, "logon_type_id": 3, "log_product": "windows"}


def finding(rule: str, host: str, time: int, subject: str = "") -> Finding:
    return Finding(
        id=f"{rule}@{host or subject}@{time}",
        analytic="sigma",
        rule_id=rule,
        title=rule,
        severity=Severity.HIGH,
        score=0.7,
        subject=subject or host,
        first=time,
        last=time,
        count=1,
        explanation=Message("x"),
        disproof=Message("x"),
        hosts=(host,) if host else (),
    )


def lake_of(folder: Path, **tables: list[dict[str, object]]) -> Lake:
    lake = Lake(folder)
    for name, rows in tables.items():
        dated = [row | {"day": day_of(int(str(row["time"])))} for row in rows]
        lake.append(name, pa.Table.from_pylist(dated, schema=EVENT_CLASSES[name].schema))
    return lake


def evidence(tmp_path: Path, account: str = "adm-ota", status: int = 1) -> Lake:
    flows: list[dict[str, object]] = [
        FLOW
        | {
            "device_hostname": host,
            "src_endpoint_ip": address,
            "src_endpoint_ip_n": 1,
            "time": NOON - HOUR,
        }
        for host, address in (("pc1", "10.0.0.1"), ("pc2", "10.0.0.2"))
    ]
    logon: dict[str, object] = LOGON | {
        "status_id": status,
        "device_hostname": "fs1",
        "src_endpoint_ip": "10.0.0.1",
        "src_endpoint_ip_n": 1,
        "user_name": account,
        "time": NOON,
    }
    return lake_of(tmp_path, network_activity=flows, authentication=[logon])


BOTH_SIDES = [finding("dump", "pc1", NOON - 2 * HOUR), finding("service", "fs1", NOON + HOUR // 4)]


def test_an_address_belongs_to_the_host_that_spoke_from_it(tmp_path: Path, engine: Engine) -> None:
    ground = survey_ground(engine, evidence(tmp_path).files, BOTH_SIDES)
    assert ground.owner("10.0.0.2", NOON) == "pc2"
    assert ground.owner("10.0.0.2", NOON + DAY) == "pc2"
    assert ground.owner("10.0.0.2", NOON + 3 * DAY) is None
    assert ground.movements == (Movement("pc1", "fs1", "adm-ota", NOON),)


def test_a_finding_about_an_address_is_about_its_host() -> None:
    ground = Ground({("10.0.0.2", NOON // DAY): "pc2"})
    upload = finding("upload", "", NOON, subject="10.0.0.2")
    assert ground.placed(upload).hosts == ("pc2",)
    assert ground.placed(finding("upload", "", NOON, subject="10.0.0.3")).hosts == ()
    cases = correlate([upload, finding("dump", "pc2", NOON + HOUR)], ground)
    assert [case.hosts for case in cases] == [("pc2",)]


def test_a_logon_joins_what_was_found_on_both_its_sides(
    tmp_path: Path, duckdb_engine: Engine
) -> None:
    ground = survey_ground(duckdb_engine, evidence(tmp_path).files, BOTH_SIDES)
    assert len(correlate(BOTH_SIDES)) == 2
    (case,) = correlate(BOTH_SIDES, ground)
    assert set(case.hosts) == {"pc1", "fs1"}
    assert Movement("pc1", "fs1", "adm-ota", NOON).message in [r.message for r in case.reasons]


def test_an_everyday_logon_joins_nothing(tmp_path: Path, duckdb_engine: Engine) -> None:
    late = [BOTH_SIDES[0], finding("service", "fs1", NOON + 3 * HOUR)]
    early = [finding("dump", "pc1", NOON - 20 * HOUR), BOTH_SIDES[1]]
    for found in (late, early):
        ground = survey_ground(duckdb_engine, evidence(tmp_path / "x").files, found)
        assert len(correlate(found, ground)) == 2


def test_machines_and_failures_are_no_movements(tmp_path: Path, duckdb_engine: Engine) -> None:
    for number, (account, status) in enumerate((("pc1$", 1), ("system", 1), ("adm-ota", 2))):
        files = evidence(tmp_path / str(number), account, status).files
        assert survey_ground(duckdb_engine, files, BOTH_SIDES).movements == ()


def test_no_findings_ask_nothing(tmp_path: Path, duckdb_engine: Engine) -> None:
    assert survey_ground(duckdb_engine, Lake(tmp_path).files, []) == Ground()
