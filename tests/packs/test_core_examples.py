"""Every built-in rule against its own examples, through the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from noroshi.detect.sigma import SigmaMatcher, findings, load_rules
from noroshi.intel.packs import builtin_pack
from noroshi.model import EVENT_CLASSES, MATCH_SCHEMA, EventBatch, EventClass, LogSource

PACK = builtin_pack("noroshi-core")
RULESET = load_rules(PACK.places)
MATCHER = SigmaMatcher(RULESET)
FIRST = 1_779_235_200_000_000
CLASSES = {
    "email": "email_activity",
    "firewall": "network_activity",
    "dns": "dns_activity",
    "sshd": "authentication",
}


def examples() -> Iterator[Any]:
    for path in sorted((PACK.folder / "tests").glob("*.yaml")):
        data = yaml.safe_load(path.read_text("utf-8"))
        for number, example in enumerate(data["examples"]):
            yield pytest.param(data["rule"], example, id=f"{path.stem}-{number}")


def batch(event: dict[str, Any], time: int, number: int) -> EventBatch:
    source = event["logsource"]
    kind = CLASSES.get(source.get("category") or source.get("service"), "generic")
    event_class: EventClass = EVENT_CLASSES[kind]
    row: dict[str, Any] = dict.fromkeys(column.name for column in event_class.columns[:-1])
    row |= {"event_id": f"x:{number}", "source_id": "x", "time": time, "day": "2026-05-20"}
    native: dict[str, str | None] = {}
    for name, value in event["fields"].items():
        column = event_class.by_path.get(name)
        if column is None:
            native[name] = value
        else:
            row[column.name] = [value] if pa.types.is_list(column.kind.arrow) else value
    row["device_hostname"] = native.get("Computer") or "host"
    schema = pa.schema([column.field for column in event_class.columns[:-1]])
    return EventBatch(
        event_class,
        LogSource(
            source.get("product", ""),
            (source["service"],) if "service" in source else (),
            (source["category"],) if "category" in source else (),
        ),
        pa.RecordBatch.from_pylist([row], schema),
        pa.RecordBatch.from_pylist([native or {"x": None}]),
    )


def test_all_rules_load() -> None:
    assert RULESET.problems == ()


@pytest.mark.parametrize(("rule", "example"), list(examples()))
def test_example(rule: str, example: dict[str, Any]) -> None:
    tables = [MATCH_SCHEMA.empty_table()]
    number = 0
    for event in example["events"]:
        for turn in range(event.get("repeat", 1)):
            time = FIRST + (event["at"] + turn * event.get("every", 0)) * 1_000_000
            tables.append(MATCHER(batch(event, time, number)))
            number += 1
    found = {finding.rule_id for finding in findings(pa.concat_tables(tables), RULESET)}
    assert (rule in found) is example["match"], example["note"]


def test_building_blocks_say_nothing_themselves() -> None:
    blocks = {
        document["id"]
        for path in PACK.files(".yml")
        for document in yaml.safe_load_all(Path(path).read_text("utf-8"))
        if document.get("name")
    }
    assert blocks
    assert blocks <= RULESET.silent
