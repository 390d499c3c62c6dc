from __future__ import annotations

from typing import Any

import pytest

from noroshi.collect.windows.native import braced, flat_event


def an_event(system: dict[str, Any] | None = None, **bodies: Any) -> dict[str, Any]:
    parts = {
        "Provider": {
            "#attributes": {"Name": "Sample", "Guid": "0A1B2C3D-1111-4222-8333-444455556666"}
        },
        "EventID": {"#attributes": {"Qualifiers": 16384}, "#text": 7045},
        "TimeCreated": {"#attributes": {"SystemTime": "2026-04-01T01:00:00.123456Z"}},
        "Correlation": None,
        "Execution": {"#attributes": {"ProcessID": 4, "ThreadID": 8, "KernelTime": 1}},
        "Channel": "System",
        "Computer": "KIKAKU-PC07",
        "Security": {"#attributes": {"UserID": "S-1-5-18"}},
    }
    return {"#attributes": {"xmlns": "x"}, "System": parts | (system or {}), **bodies}


def test_system_parts_become_flat_names() -> None:
    assert flat_event(an_event()) == {
        "Provider_Name": "Sample",
        "Provider_Guid": "{0A1B2C3D-1111-4222-8333-444455556666}",
        "EventID": 7045,
        "Qualifiers": 16384,
        "TimeCreated": "2026-04-01T01:00:00.123456Z",
        "Execution_ProcessID": 4,
        "Execution_ThreadID": 8,
        "Execution_KernelTime": 1,
        "Channel": "System",
        "Computer": "KIKAKU-PC07",
        "Security_UserID": "S-1-5-18",
    }


def test_event_data_keeps_its_names_and_types() -> None:
    flat = flat_event(
        an_event(EventData={"Initiated": True, "ProcessId": 7, "Empty": "", "None": None})
    )

    assert flat["Initiated"] is True
    assert flat["ProcessId"] == 7
    assert flat["Empty"] == ""
    assert "None" not in flat


def test_unnamed_data_is_a_list() -> None:
    flat = flat_event(an_event(EventData={"Data": {"#text": ["a", "b"]}, "Binary": None}))

    assert flat["Data"] == ["a", "b"]


def test_a_single_unnamed_datum_is_text() -> None:
    assert flat_event(an_event(EventData={"Data": {"#text": "only"}}))["Data"] == "only"


def test_user_data_loses_its_inner_element() -> None:
    flat = flat_event(
        an_event(UserData={"EventXML": {"#attributes": {"xmlns": "x"}, "Param1": "p"}})
    )

    assert flat["Param1"] == "p"
    assert not [name for name in flat if "EventXML" in name or "xmlns" in name]


def test_the_cleared_log_is_the_channel_that_rules_ask_about() -> None:
    flat = flat_event(an_event(UserData={"LogFileCleared": {"Channel": "Windows PowerShell"}}))

    assert flat["Channel"] == "Windows PowerShell"
    assert flat["System_Channel"] == "System"


def test_another_name_that_system_has_is_prefixed() -> None:
    flat = flat_event(an_event(EventData={"Computer": "other", "EventID": 1}))

    assert (flat["Computer"], flat["EventData_Computer"]) == ("KIKAKU-PC07", "other")
    assert (flat["EventID"], flat["EventData_EventID"]) == (7045, 1)


def test_blanks_in_names_are_dropped() -> None:
    assert flat_event(an_event(EventData={"Threat Name": "x"}))["ThreatName"] == "x"


def test_nested_data_is_kept() -> None:
    flat = flat_event(an_event(EventData={"Outer": {"Inner": {"#text": "x"}, "n": [1, 2]}}))

    assert flat["Outer.Inner.#text"] == "x"
    assert flat["Outer.n"] == [1, 2]


def test_no_system_is_an_error() -> None:
    with pytest.raises(ValueError, match="System"):
        flat_event({"EventData": {}})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0CCE9211-69AE-11D9-BED3-505054503030", "{0CCE9211-69AE-11D9-BED3-505054503030}"),
        ("5f0c1d9e-3a2b-4c5d-8e6f-7a8b9c0d1e2f", "5f0c1d9e-3a2b-4c5d-8e6f-7a8b9c0d1e2f"),
        ("A SENTENCE OF THIRTY-SIX CHARACTERS!", "A SENTENCE OF THIRTY-SIX CHARACTERS!"),
    ],
)
def test_binary_guids_get_their_braces(text: str, shown: str) -> None:
    assert braced(text) == shown
