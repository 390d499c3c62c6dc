"""Nothing leaves by the HTTP door to a reader below its markings."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import TLP_IDS, Tlp
from noroshi.share.taxii import Grant, Member
from tests.intel.objects.conftest import made, related
from tests.share.conftest import SECRET, Site, make_site, running

UNKNOWN = "marking-definition--11111111-1111-4111-8111-111111111111"
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
STATEMENT = made("marking-definition", "s", definition_type="statement",
                 definition={"statement": "with care"})  # fmt: skip


@pytest.fixture(scope="module")
def levels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site with a reader of each level."""
    folder = tmp_path_factory.mktemp("levels")
    with Knowledge(folder / "k.sqlite") as knowledge:
        service = make_site(knowledge, folder / "logs")
        for level in Tlp:
            grants = {"shared": Grant(True, True)}
            service.members.add(Member(f"level{int(level)}", level, grants=grants), SECRET)
        with running(service) as port:
            ids = {one.name: one.id for one in service.collections.list()}
            site = Site(service, port, Path(folder / "logs"), ids)
            site.post([STATEMENT])
            yield site


def everything(site: Site, member: str, item: dict[str, Any]) -> list[bytes]:
    """What every door tells a member, headers too."""
    where = f"/api/collections/shared/objects/{item['id']}/"
    bodies = []
    for path in (
        f"/api/collections/shared/objects/?match[id]={item['id']}&match[version]=all",
        f"/api/collections/shared/manifest/?match[id]={item['id']}&match[version]=all",
        f"/api/collections/shared/objects/?match[type]=relationship,{item['type']}",
        f"/api/collections/shared/manifest/?match[type]={item['type']}",
        where, f"{where}?match[version]=first", f"{where}versions/",
    ):  # fmt: skip
        answer = site.ask(path, member)
        bodies.append(answer.body + repr(answer.headers).encode())
    return bodies


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    marks=st.lists(st.sampled_from([*TLP_IDS, STATEMENT["id"], UNKNOWN]), max_size=3, unique=True),
    granular=st.booleans(),
    reader=st.sampled_from(Tlp),
)
def test_no_door_tells_a_reader_below_the_level(
    levels: Site, marks: list[str], granular: bool, reader: Tlp
) -> None:
    secret = uuid.uuid4().hex
    item = made("malware", secret, description=f"d{secret}")
    other = made("tool", f"open {secret}") | {"name": "open"}
    link = related(other, "drops", item)
    if marks and granular:
        item["granular_markings"] = [
            {"marking_ref": mark, "selectors": ["description"]} for mark in marks
        ]
    elif marks:
        item["object_marking_refs"] = marks
    levels.post([item, other, link])
    strictest = [TLP_IDS.get(mark, Tlp.RED) for mark in marks if mark != STATEMENT["id"]]
    visible = max(strictest, default=Tlp.CLEAR) <= reader
    told = everything(levels, f"level{int(reader)}", item)
    hidden = [f"d{secret}"] if granular else [secret, item["name"], link["id"]]
    for word in hidden:
        assert any(word.encode() in body for body in told) is visible
    if not visible and not granular:
        gone = levels.ask(
            f"/api/collections/shared/objects/{item['id']}/", f"level{int(reader)}",
            method="DELETE",
        )  # fmt: skip
        assert gone.status == 404
        assert levels.all("cert", query=f"match[id]={item['id']}&") is not None


def test_a_member_cannot_open_what_a_lost_marking_closes(lone: Site) -> None:
    item = made("malware", "secret", object_marking_refs=[UNKNOWN])
    lone.post([item])
    opener = STATEMENT | {"id": UNKNOWN}
    status = lone.post([opener], "clear")
    assert "operator" in status["failures"][0]["message"]
    assert lone.all("clear") == []
    forged = STATEMENT | {"id": RED}
    assert "TLP fixes" in lone.post([forged])["failures"][0]["message"]


def test_a_member_cannot_make_a_version_of_what_they_may_not_see(lone: Site) -> None:
    hidden, shown = made("tool", "a", object_marking_refs=[RED]), made("malware", "b")
    lone.post([hidden, shown, related(shown, "uses", hidden)])
    later = made("tool", "a", modified="2026-08-01T00:00:00.000Z")
    status = lone.post([later], "clear")
    assert status["failures"][0]["message"].startswith("this id is taken")
    assert lone.all("clear") == [shown]


def test_what_nobody_can_be_shown_is_said_to_its_sender(lone: Site) -> None:
    status = lone.post([made("tool", "a", object_marking_refs=[UNKNOWN])], "clear")
    assert "shown to nobody" in status["successes"][0]["message"]
