"""No object leaves to a reader below its level by any door that there is."""

from __future__ import annotations

import importlib.util
import itertools
import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.main import get_command

from noroshi.app.arming import arm
from noroshi.app.cli import app, main
from noroshi.app.cli.intel.assist import assist
from noroshi.app.cli.intel.export import OBJECTS
from noroshi.app.doors import doors
from noroshi.app.errors import AppError
from noroshi.app.exports import export
from noroshi.app.notebook import open_home
from noroshi.app.workspace import Workspace
from noroshi.intel.objects import TLP_IDS, Clearance, Provenance, Tlp
from noroshi.share.exports import Folder, OneFile, Policy, all_formats, format_named
from noroshi.share.taxii import Grant, Member
from tests.intel.objects.conftest import made, related
from tests.share.conftest import SECRET, Site, make_site, running

UNKNOWN = "marking-definition--11111111-1111-4111-8111-111111111111"
OWNERS = {"notebook sights", "notebook known_of", "notebook events"}
"""Doors that are shut to everybody but the owner."""

SILENT = {
    "taxii POST /{root}/collections/{collection}/objects/",
    "taxii DELETE /{root}/collections/{collection}/objects/{object}/",
    "taxii GET /{root}/status/{status}/",
    "taxii GET /taxii2/", "taxii GET /{root}/", "taxii GET /{root}/collections/",
    "taxii GET /{root}/collections/{collection}/",
    "store unseen", "export suricata",
}  # fmt: skip
"""Doors that say nothing of an object even to those who may see it, or only in other letters."""

SETTINGS = {"command share user add", "command feeds add", "command feeds set"}
"""Commands whose level is that of somebody or something else, and not of a reader."""


MARKS = [marks for size in range(3) for marks in itertools.combinations([*TLP_IDS, UNKNOWN], size)]
"""Every way to mark an object with up to two markings."""


@dataclass(frozen=True)
class Secret:
    """An object, an indicator and a sign of both under marks, and an open object beside them."""

    marks: tuple[str, ...]
    word: str
    malware: str
    beside: str

    def told(self, text: str) -> bool:
        """Tell whether a text names it, by its word or its id."""
        return self.word in text or self.malware in text

    def is_for(self, reader: Tlp) -> bool:
        """Tell whether a reader may know."""
        levels = (TLP_IDS.get(mark, Tlp.RED) for mark in self.marks)
        return max(levels, default=Tlp.CLEAR) <= reader


@dataclass
class World:
    """A workspace that is served, with a member of each level, and a secret of every marking."""

    home: Path
    workspace: Workspace
    site: Site
    scratch: Path
    secrets: list[Secret] = field(default_factory=list)
    at: int = 0
    """Which of them is asked for just now."""
    addition: int = 0

    @property
    def word(self) -> str:
        return self.secrets[self.at].word

    @property
    def malware(self) -> str:
        return self.secrets[self.at].malware

    @property
    def beside(self) -> str:
        return self.secrets[self.at].beside

    def put(self, every: Iterable[tuple[str, ...]]) -> None:
        """Put a secret of each marking, all in one addition."""
        items = [item for marks in every for item in self._made(marks)]
        self.addition = self.workspace.objects.add(items, Provenance("us", 0, "test"), "shared").add
        arm(self.workspace, items, "us")

    def _made(self, marks: tuple[str, ...]) -> list[dict[str, Any]]:
        word = f"k{uuid.uuid4().hex}"
        marked = {"object_marking_refs": list(marks)} if marks else {}
        rake = made("malware", word, **marked)
        sign = made("indicator", word, pattern_type="stix", **marked,
                    pattern=f"[domain-name:value = '{word}.example']",
                    valid_from="2026-05-20T00:00:00Z") | {"name": word}  # fmt: skip
        host = {"type": "domain-name", "spec_version": "2.1", "value": f"{word}.example",
                "id": f"domain-name--{uuid.uuid4()}", **marked}  # fmt: skip
        beside = made("tool", f"open {word}") | {"name": "open"}
        links = [
            related(one, verb, other, **marked)
            for one, verb, other in (
                (beside, "drops", rake),
                (sign, "indicates", rake),
                (sign, "indicates", beside),
            )
        ]
        self.secrets.append(Secret(marks, word, rake["id"], beside["id"]))
        return [rake, sign, host, beside, *links]


Ask = Callable[[World, Tlp], Any]


def _store(name: str, *arguments: Any, **more: Any) -> Ask:
    def ask(world: World, reader: Tlp) -> Any:
        given_ = [one(world) if callable(one) else one for one in arguments]
        found = getattr(world.workspace.objects, name)(*given_, Clearance(reader), **more)
        return list(found) if isinstance(found, Iterator) else found

    return ask


def _one(world: World) -> str:
    return world.malware


def _beside(world: World) -> str:
    return world.beside


def _word(world: World) -> str:
    return world.word


def _brought(world: World, reader: Tlp) -> Any:
    return list(world.workspace.objects.brought(world.addition, Clearance(reader)))


def _clusters(world: World, reader: Tlp) -> Any:
    groups = world.workspace.objects.clusters(Clearance(reader), ("indicator", "domain-name"))
    ids = [item["id"] for item in world.workspace.objects.search(world.word, Clearance(Tlp.RED))]
    return [world.word for group in groups if set(group) & set(ids)]


def _each(world: World, reader: Tlp) -> Any:
    return world.workspace.objects.naming_each([f"{world.word}.example"], Clearance(reader))


def _notebook(call: Callable[[Any, World], Any]) -> Ask:
    def ask(world: World, reader: Tlp) -> Any:
        try:
            return call(open_home(world.home, reader.word), world).to_pylist()
        except AppError:
            return ""

    return ask


def _export(form: str) -> Ask:
    """An export of values, as the command makes it; the workspace stays open to save time."""

    def ask(world: World, reader: Tlp) -> Any:
        place = world.scratch / f"{form}-{uuid.uuid4().hex}"
        made_by = format_named(form)
        target = OneFile(place) if made_by.file else Folder(place)
        export(world.workspace, made_by, Policy(time.time_ns() // 1000, reader, 0.0), target)
        paths = [place] if place.is_file() else sorted(place.rglob("*"))
        return "".join(path.read_text() for path in paths if path.is_file())

    return ask


def _command(form: str) -> Ask:
    def ask(world: World, reader: Tlp) -> Any:
        place = world.scratch / f"{form}-{uuid.uuid4().hex}"
        call = ["intel", "export", "--format", form, "--tlp", reader.word, "-o", str(place)]
        assert main([*call, "--min-score", "0", "--home", str(world.home), "--json"]) == 0
        return place.read_text()

    return ask


def _taxii(path: str, method: str = "GET", query: str = "", body: Any = None) -> Ask:
    def ask(world: World, reader: Tlp) -> Any:
        filled = path.format(root="api", collection="shared", object=world.malware,
                             status="00000000-0000-4000-8000-000000000000")  # fmt: skip
        found, cursor = "", ""
        while True:
            asked = f"{filled}?{query}{cursor}" if method == "GET" else filled
            answer = world.site.ask(asked, f"level{int(reader)}", method=method, body=body)
            found += repr(answer.headers) + answer.body.decode()
            more = json.loads(answer.body or b"{}").get("next") if method == "GET" else None
            if not more:
                return found
            cursor = f"&next={more}"

    return ask


def _assist(world: World, reader: Tlp) -> Any:
    """A report that says its level leaves for another machine's model only if all may have it."""
    report = world.scratch / "report.txt"
    told = ""
    for words in (f"{reader.word} {world.word}", f"ＴＬＰ：{reader.name} {world.word}"):
        report.write_text(words.replace("_", "+"))
        try:
            assist([report], endpoint="http://model.example/v1", yes=True, dry_run=True,
                   home=world.home)  # fmt: skip
            told += f"left: {words}"
        except AppError:
            continue
    assert bool(told) is (reader < Tlp.AMBER)
    return ""


ONE = "/{root}/collections/{collection}/"
ITEM = f"{ONE}objects/{{object}}/"
ASK: dict[str, Ask] = {
    "store get": _store("get", _one),
    "store lasts": lambda world, reader: world.workspace.objects.lasts(
        [world.malware, world.beside], Clearance(reader)),
    "store page": _store("page", limit=1_000_000),
    "store all": _store("all"),
    "store versions": lambda world, reader: world.malware * len(
        world.workspace.objects.versions(world.malware, Clearance(reader))),
    "store unseen": lambda world, reader: "",
    "store brought": _brought,
    "store search": _store("search", _word),
    "store neighbours": _store("neighbours", _beside),
    "store path": lambda world, reader: world.workspace.objects.path(
        world.beside, world.malware, Clearance(reader)),
    "store shared": _store("shared", _beside),
    "store clusters": _clusters,
    "store naming": _store("naming", lambda world: f"{world.word}.example"),
    "store naming_each": _each,
    "notebook objects": _notebook(lambda home, world: home.objects()),
    "notebook naming": _notebook(lambda home, world: home.naming(f"{world.word}.example")),
    "notebook neighbours": _notebook(lambda home, world: home.neighbours(world.beside)),
    "notebook path": _notebook(lambda home, world: home.path(world.beside, world.malware)),
    "notebook shared": _notebook(lambda home, world: home.shared(world.beside)),
    "notebook clusters": _notebook(lambda home, world: home.clusters()),
    "notebook sights": _notebook(lambda home, world: home.sights(f"{world.word}.example")),
    "notebook known_of": _notebook(lambda home, world: home.known_of("host")),
    "notebook events": _notebook(lambda home, world: home.events("matches")),
    **{f"export {name}": _export(name) for name in all_formats()},
    **{f"export {name}": _command(name) for name in OBJECTS},
    "taxii GET /taxii2/": _taxii("/taxii2/"),
    "taxii GET /{root}/": _taxii("/{root}/"),
    "taxii GET /{root}/status/{status}/": _taxii("/{root}/status/{status}/"),
    "taxii GET /{root}/collections/": _taxii("/{root}/collections/"),
    f"taxii GET {ONE}": _taxii(ONE),
    f"taxii GET {ONE}manifest/": _taxii(f"{ONE}manifest/", query="match[version]=all"),
    f"taxii GET {ONE}objects/": _taxii(f"{ONE}objects/", query="match[version]=all"),
    f"taxii POST {ONE}objects/": _taxii(
        f"{ONE}objects/", "POST", body={"objects": [made("tool", "sent by a member")]}),
    f"taxii GET {ITEM}": _taxii(ITEM),
    f"taxii GET {ITEM}versions/": lambda world, reader: world.malware * (
        "versions" in _taxii(f"{ITEM}versions/")(world, reader)),
    f"taxii DELETE {ITEM}": _taxii(f"{ONE}objects/tool--{uuid.uuid4()}/", "DELETE"),
    "command intel export": _command("csv"),
    "assist": _assist,
}  # fmt: skip


def test_every_door_is_asked() -> None:
    assert doors(get_command(app)) - SETTINGS == set(ASK)


WHOLE = {
    *(name for name in ASK if name.startswith(("export ", "command "))),
    *(name for name in ASK if name.startswith("taxii ") and "{object}" not in name),
    "store page", "store all", "store brought", "notebook objects", "notebook clusters", "assist",
}  # fmt: skip
"""Doors that are asked for everything at once, so that one question tries every marking."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("doors")
    home = folder / "home"
    workspace = Workspace(home)
    service = make_site(workspace.knowledge, folder / "logs")
    for level in Tlp:
        grants = {"shared": Grant(True, True)}
        service.members.add(Member(f"level{int(level)}", level, grants=grants), SECRET)
    with running(service) as port:
        ids = {one.name: one.id for one in service.collections.list()}
        there = World(home, workspace, Site(service, port, folder / "logs", ids), folder)
        there.put(MARKS)
        yield there


needs_misp = pytest.mark.skipif(
    importlib.util.find_spec("misp_stix_converter") is None, reason="the extra 'misp' is missing"
)


@needs_misp
@pytest.mark.parametrize("reader", Tlp)
def test_no_door_tells_a_reader_below_the_level_when_asked_for_everything(
    world: World, reader: Tlp
) -> None:
    for name in sorted(WHOLE):
        text = str(ASK[name](world, reader))
        told = [one.marks for one in world.secrets if one.told(text) and not one.is_for(reader)]
        assert not told, name


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.sampled_from(range(len(MARKS))), reader=st.sampled_from(Tlp))
def test_no_door_tells_a_reader_below_the_level_when_asked_for_one_thing(
    world: World, at: int, reader: Tlp
) -> None:
    world.at = at
    for name in sorted(ASK.keys() - WHOLE):
        text = str(ASK[name](world, reader))
        told = [one.marks for one in world.secrets if one.told(text) and not one.is_for(reader)]
        assert not told, name


@needs_misp
def test_each_door_would_have_told(world: World) -> None:
    """Proof that the doors were asked rightly: they tell those who may know."""
    world.at = MARKS.index(())
    silent = {
        name
        for name, ask in ASK.items()
        if not world.secrets[world.at].told(str(ask(world, Tlp.RED)))
    }
    assert sorted(silent) == sorted(SILENT | OWNERS | {"assist"})
