"""A TAXII server on loopback, in a thread of its own, with a store and members."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra 'service' is not installed")

import uvicorn
from argon2 import PasswordHasher

from noroshi.intel.knowledge import Knowledge
from noroshi.intel.objects import Tlp
from noroshi.share.taxii import Grant, Member
from noroshi.share.taxii.application import make_application
from noroshi.share.taxii.guard import GuardedProtocol
from noroshi.share.taxii.service import Service, Settings
from tests.intel.objects import postgresql

TAXII = "application/taxii+json;version=2.1"
SECRET = "a secret for tests only"
EPOCH = "1970-01-01T00:00:00.000000Z"


@dataclass
class Answer:
    """What came back: status, headers in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """A server, and how to ask it."""

    service: Service
    port: int
    logs: Path
    ids: dict[str, str] = field(default_factory=dict)

    def ask(
        self, path: str, member: str | None = "town", *, method: str = "GET", body: Any = None,
        secret: str = SECRET, headers: dict[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        given = {"Accept": TAXII}
        if member is not None:
            token = base64.b64encode(f"{member}:{secret}".encode()).decode()
            given["Authorization"] = f"Basic {token}"
        if body is not None:
            given["Content-Type"] = TAXII
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {name: value for name, value in (given | (headers or {})).items() if value}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()

    def raw(self, data: bytes) -> bytes:
        """Send bytes as they are and return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as sock:
            sock.sendall(data)
            parts = []
            while part := sock.recv(65536):
                parts.append(part)
            return b"".join(parts)

    def post(self, objects: list[Any], member: str = "cert", name: str = "shared") -> Any:
        answer = self.ask(
            f"/api/collections/{name}/objects/", member, method="POST", body={"objects": objects}
        )
        assert answer.status == 202, answer.body
        return answer.json

    def all(
        self, member: str = "town", path: str = "shared/objects/", query: str = ""
    ) -> list[Any]:
        """Read every page."""
        found: list[Any] = []
        cursor = ""
        while True:
            answer = self.ask(f"/api/collections/{path}?{query}{cursor}", member)
            assert answer.status == 200, answer.body
            found += answer.json.get("objects", [])
            if not answer.json.get("more"):
                return found
            cursor = f"&next={answer.json['next']}"

    def log(self) -> list[dict[str, Any]]:
        lines = [path.read_text() for path in sorted(self.logs.iterdir())]
        return [json.loads(line) for text in lines for line in text.splitlines()]


@contextmanager
def running(
    service: Service, protocol: type[GuardedProtocol] = GuardedProtocol, **config: Any
) -> Iterator[int]:
    """Run a server in a thread and yield its port."""
    settings = uvicorn.Config(
        make_application(service), http=protocol, ws="none", lifespan="off", log_config=None,
        h11_max_incomplete_event_size=64 << 10, timeout_graceful_shutdown=1, **config,
    )  # fmt: skip
    server = uvicorn.Server(settings)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def make_site(knowledge: Knowledge, logs: Path, settings: Settings | None = None) -> Service:
    """Return a service with collections ``shared``, ``inbox`` and ``private`` and some members."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    service = Service(knowledge, logs, settings or Settings(title="Test"), hasher=cheap)
    for name, root in (("shared", "api"), ("inbox", "api"), ("private", "api"), ("far", "other")):
        service.collections.add(name, f"The {name} one", "for tests", root)
    both, reads, writes = Grant(True, True), Grant(reads=True), Grant(writes=True)
    everywhere = {"shared": both, "inbox": both, "private": both, "far": both}
    for member in (
        Member("cert", Tlp.RED, defines=True, grants=everywhere),
        Member("town", Tlp.GREEN, grants={"shared": reads, "inbox": writes}),
        Member("clear", Tlp.CLEAR, grants={"shared": both}),
        Member("stranger", Tlp.RED),
    ):
        service.members.add(member, SECRET)
    return service


Make = Callable[..., Site]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    with postgresql.server() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def knowledge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Knowledge]:
    location: str | Path = tmp_path / "knowledge.sqlite"
    if request.param == "postgresql":
        location = postgresql.new_database(request.getfixturevalue("postgresql_server"))
    with Knowledge(location) as opened:
        yield opened


@pytest.fixture
def site(knowledge: Knowledge, tmp_path: Path) -> Iterator[Site]:
    """A site on each of the databases."""
    logs = tmp_path / "logs"
    service = make_site(knowledge, logs)
    with running(service) as port:
        ids = {one.name: one.id for one in service.collections.list()}
        yield Site(service, port, logs, ids)


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[Site]:
    """A site on SQLite, for what does not depend on the database."""
    logs = tmp_path / "logs"
    with Knowledge(tmp_path / "lone.sqlite") as opened:
        service = make_site(opened, logs)
        with running(service) as port:
            ids = {one.name: one.id for one in service.collections.list()}
            yield Site(service, port, logs, ids)
