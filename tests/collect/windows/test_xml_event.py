from __future__ import annotations

import pytest

from noroshi.collect.windows.xml_event import event_data, flat_xml_event

SYSTEM = (
    '<System><Provider Name="Sample" Guid="{0a1b2c3d-1111-4222-8333-444455556666}"/>'
    '<EventID Qualifiers="0">1040</EventID><TimeCreated SystemTime="2026-04-01T01:00:00.1234567Z"/>'
    "<Correlation/><Channel>Application</Channel><Computer>PC</Computer></System>"
)


def xml(body: str) -> str:
    return f'<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">{SYSTEM}{body}</Event>'


def test_names_are_those_of_evtx() -> None:
    flat = flat_xml_event(xml('<EventData><Data Name="a">1</Data><Data Name="e"/></EventData>'))

    assert flat == {
        "Provider_Name": "Sample",
        "Provider_Guid": "{0a1b2c3d-1111-4222-8333-444455556666}",
        "EventID": "1040",
        "Qualifiers": "0",
        "TimeCreated": "2026-04-01T01:00:00.1234567Z",
        "Channel": "Application",
        "Computer": "PC",
        "a": "1",
        "e": "",
    }


def test_unnamed_data_is_a_list() -> None:
    assert flat_xml_event(xml("<EventData><Data>a</Data><Data>b</Data></EventData>"))["Data"] == [
        "a",
        "b",
    ]


def test_user_data_and_rendering() -> None:
    flat = flat_xml_event(
        xml(
            "<UserData><Cleared xmlns='x'><Channel>Security</Channel></Cleared></UserData>"
            "<RenderingInfo><Message>It was cleared.</Message></RenderingInfo>"
        )
    )

    assert (flat["Channel"], flat["System_Channel"]) == ("Security", "Application")
    assert flat["Message"] == "It was cleared."


def test_values_that_a_careless_writer_left_raw() -> None:
    flat = flat_xml_event(
        xml('<EventData><Data Name="c">a 2>&1 <b> && x &amp; \x01</Data></EventData>')
    )

    assert flat["c"] == "a 2>&1 <b> && x & \ufffd"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no xml",
        "<Event>",
        "<Other/>",
        "<Event><EventData/></Event>",
        '<!DOCTYPE x [<!ENTITY a "b">]><Event>&a;</Event>',
    ],
)
def test_what_is_no_event_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"XML|System|event"):
        flat_xml_event(text)


def test_event_data_alone() -> None:
    assert event_data('<EventData xmlns="x"><Data Name="a">1</Data></EventData>') == {"a": "1"}
