"""A rule means the same in the source's own names, in Sigma's and in OCSF's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.detect.sigma import strategies
from tests.detect.sigma.batches import SOURCE, batch_of

from noroshi.detect.sigma import SigmaMatcher, load_documents
from noroshi.detect.sigma.taxonomy import Joined, sources
from noroshi.model import EVENT_CLASSES, EventBatch, LogSource

OCSF = {
    "Image": "process.file.path",
    "CommandLine": "process.cmd_line",
    "User": "process.working_directory",
    "Port": "process.integrity",
    "Data": "process.file.company",
}


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    document=strategies.rules(),
    records=st.lists(
        strategies.events().filter(lambda event: not isinstance(event.get("Data"), list)),
        min_size=1,
        max_size=6,
    ),
)
def test_native_and_ocsf_names_give_the_same(
    document: dict[str, Any], records: list[dict[str, str | None]]
) -> None:
    columns = {
        path.replace(".", "_"): [record.get(name) for record in records]
        for name, path in OCSF.items()
    }
    batch = batch_of(records, class_name="process_activity", columns=columns)
    renamed = document | {"detection": _renamed(document["detection"])}
    assert _events(document, batch) == _events(renamed, batch)


def _renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, inner in value.items():
        name, *modifiers = key.split("|")
        reference = "fieldref" in modifiers
        found["|".join((OCSF.get(name, name), *modifiers))] = (
            OCSF[inner] if reference else _renamed(inner)
        )
    return found


def _events(document: dict[str, Any], batch: EventBatch) -> list[str]:
    found: list[str] = SigmaMatcher(load_documents([document]))(batch)["event_id"].to_pylist()
    return found


@pytest.mark.parametrize(
    ("category", "class_name", "field", "columns"),
    [
        ("process_creation", "process_activity", "ParentImage",
         {"process_parent_process_file_path": ["/bin/sh"]}),
        ("process_creation", "process_activity", "User",
         {"process_user_domain": ["/bin"], "process_user_name": ["sh"]}),
        ("dns", "dns_activity", "query", {"query_hostname": ["/bin/sh"]}),
        ("dns_query", "dns_activity", "QueryName", {"query_hostname": ["/bin/sh"]}),
        ("proxy", "http_activity", "c-uri", {"http_request_url_url_string": ["/bin/sh"]}),
        ("webserver", "http_activity", "cs-user-agent", {"http_request_user_agent": ["/bin/sh"]}),
        ("network_connection", "network_activity", "Image",
         {"actor_process_file_path": ["/bin/sh"]}),
        ("file_event", "file_activity", "TargetFilename", {"file_path": ["/bin/sh"]}),
    ],
)  # fmt: skip
def test_generic_names_find_the_ocsf_column(
    category: str, class_name: str, field: str, columns: dict[str, list[str]]
) -> None:
    batch = batch_of([{"other": "x"}], LogSource("linux", (), (category,)), class_name=class_name,
                     columns=columns)  # fmt: skip
    pattern = "/bin\\\\sh" if field == "User" else "/bin/sh"
    rule = {
        "title": "t",
        "logsource": {"category": category},
        "detection": {"one": {field: pattern}, "condition": "one"},
    }
    assert len(_events(rule, batch)) == 1


def test_a_value_does_not_depend_on_the_other_events_of_the_batch() -> None:
    columns = {"process_file_path": ["a.exe", "b.exe"]}
    batch = batch_of([{"Image": "x.exe"}, {"Other": "y"}], columns=columns,
                     class_name="process_activity")  # fmt: skip
    rule = {
        "title": "t",
        "logsource": {"category": "process_creation"},
        "detection": {"one": {"Image": ["a.exe", "b.exe"]}, "condition": "one"},
    }
    assert _events(rule, batch) == [f"{'0' * 32}:1"]


def test_port_is_compared_as_text_and_as_a_number() -> None:
    batch = batch_of(
        [{"x": "y"}],
        LogSource("zeek", ("conn",), ("network_connection",)),
        class_name="network_activity",
        columns={"dst_endpoint_port": [4444]},
    )
    for selection in ({"DestinationPort": 4444}, {"DestinationPort|gte": 4444}):
        rule = {
            "title": "t",
            "logsource": {"category": "network_connection"},
            "detection": {"one": selection, "condition": "one"},
        }
        assert len(_events(rule, batch)) == 1


def test_every_column_of_the_taxonomy_exists() -> None:
    known = {name for kind in EVENT_CLASSES.values() for name in kind.by_name}
    from noroshi.detect.sigma import taxonomy

    for category, tables in taxonomy._BY_CATEGORY.items():
        for field in (name for table in tables for name in table):
            for source in sources(field, (category,)):
                wanted = {source.head, source.tail} if isinstance(source, Joined) else {source}
                assert wanted <= known, (category, field)


def test_the_log_source_decides() -> None:
    rule = {
        "title": "t",
        "logsource": {"product": "linux", "category": "process_creation"},
        "detection": {"one": {"Image": "a"}, "condition": "one"},
    }
    assert _events(rule, batch_of([{"Image": "a"}], SOURCE)) == []
    linux = LogSource("linux", (), ("process_creation",))
    assert len(_events(rule, batch_of([{"Image": "a"}], linux))) == 1
