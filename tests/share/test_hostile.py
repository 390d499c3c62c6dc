"""What somebody with bad intentions sends."""

from __future__ import annotations

import base64
import json
import socket
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from noroshi.intel.knowledge import Knowledge
from noroshi.share.errors import ShareError
from noroshi.share.taxii.attempts import FAILURES, WINDOW, Attempts
from noroshi.share.taxii.guard import GuardedProtocol
from noroshi.share.taxii.serve import Listen, serve
from noroshi.share.taxii.service import Settings
from tests.intel.objects.conftest import made
from tests.share.conftest import SECRET, TAXII, Site, make_site, running

OBJECTS = "/api/collections/shared/objects/"
KEY = base64.b64encode(f"cert:{SECRET}".encode()).decode()


def head_of(lines: str) -> str:
    """Return the head of a good POST with these further lines."""
    return (
        f"POST {OBJECTS} HTTP/1.1\r\nHost: x\r\nAccept: {TAXII}\r\nContent-Type: {TAXII}\r\n"
        f"Authorization: Basic {KEY}\r\n{lines}\r\n\r\n"
    )


def test_every_failed_authentication_gets_the_same_answer(lone: Site) -> None:
    bodies = set()
    for name, secret in (("nobody", SECRET), ("town", "wrong"), ("", ""), ("town", "a" * 5000)):
        answer = lone.ask("/nowhere/", name, secret=secret)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Basic realm=")
        bodies.add(json.dumps({**answer.json, "error_id": ""}))
    for header in ("Basic", "Basic ====", "Digest x", "Bearer", "Basic AAAA", "Basic /w=="):
        assert lone.ask("/taxii2/", None, headers={"Authorization": header}).status in (401, 429)
    assert len(bodies) == 1


def test_bearer_tokens(lone: Site) -> None:
    lone.service.members.remove("stranger")
    assert (
        lone.ask("/taxii2/", None, headers={"Authorization": f"Bearer cert.{SECRET}"}).status == 200
    )
    assert lone.ask("/taxii2/", "cert").status == 200
    lone.service.members.remove("cert")
    assert lone.ask("/taxii2/", "cert").status == 401  # at once, remembered or not


def test_guessing_has_to_wait_and_members_at_work_do_not(lone: Site) -> None:
    assert lone.ask("/taxii2/", "town").status == 200
    answers = [
        lone.ask("/taxii2/", "town", secret=f"guess {n}").status for n in range(FAILURES + 1)
    ]
    assert answers == [401] * FAILURES + [429]
    late = lone.ask("/taxii2/", "cert")
    assert (late.status, late.headers["retry-after"] > "0") == (429, True)
    assert lone.ask("/taxii2/", "town").status == 200
    attempts = Attempts()
    for _ in range(FAILURES):
        attempts.failed("2001:db8::1", 5.0)
    assert attempts.wait("2001:db8::ffff", 6.0) > 0
    assert attempts.wait("2001:db8:0:1::1", 6.0) == 0
    assert attempts.wait("2001:db8::1", 5.0 + WINDOW) == 0


def test_cursors_are_neither_lent_nor_forged(lone: Site) -> None:
    lone.post([made("tool", str(number)) for number in range(3)])
    lone.post([made("tool", str(number)) for number in range(3)], name="private")
    cursor = lone.ask(f"{OBJECTS}?limit=1", "cert").json["next"]
    assert lone.ask(f"{OBJECTS}?limit=1&next={cursor}", "cert").status == 200
    assert lone.ask(f"{OBJECTS}?next={cursor}", "town").status == 400
    private = OBJECTS.replace("shared", "private")
    assert lone.ask(f"{private}?next={cursor}", "cert").status == 400
    other = "B" if cursor[0] == "A" else "A"
    for forged in (cursor[:-2], other + cursor[1:], cursor * 9, "9", cursor + "%0a"):
        assert lone.ask(f"{OBJECTS}?next={forged}", "cert").status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000, b'{"objects":' + b"[" * 5_000 + b"]" * 5_000 + b"}", b"\x00", b"NaN",
        b'{"objects": [{"id": "\xed\xa0\x80"}]}', b'{"objects": {"a": 1}}',
    ],
    ids=["open", "deep", "nul", "nan", "surrogate", "dictionary"],
)  # fmt: skip
def test_malformed_bodies(lone: Site, body: bytes) -> None:
    assert lone.ask(OBJECTS, "cert", method="POST", body=body).status == 422


def test_hostile_objects_fail_alone(site: Site) -> None:
    deep: dict[str, Any] = {}
    for _ in range(200):
        deep = {"x_a": deep}
    bad: list[Any] = [
        made("tool", "nul\0"), made("tool", "b", x_deep=deep), None, 5, [], "x",
        {"type": "tool", "id": "tool--1"}, made("tool", "c", modified="2026-05-20T00:00:00"),
        {"type": ["tool"], "id": {}}, made("bundle", "d"),
    ]  # fmt: skip
    good = made("tool", "\x1b[31m 名 'DROP TABLE objects; --")
    status = site.post([*bad, good])
    assert (status["failure_count"], status["success_count"]) == (len(bad), 1)
    assert site.all() == [good]


def test_the_same_id_many_times(site: Site) -> None:
    item = made("tool", "a")
    twins = [item, item, *(item | {"description": str(number)} for number in range(5))]
    status = site.post(twins)
    assert (status["success_count"], status["failure_count"]) == (2, 5)
    assert site.all(query="match[version]=all&") == [item]


def test_oversized_requests(tmp_path: Path) -> None:
    with Knowledge(tmp_path / "k.sqlite") as knowledge:
        service = make_site(knowledge, tmp_path / "logs", Settings(largest=2_000))
        with running(service) as port:
            site = Site(service, port, tmp_path / "logs")
            fits = json.dumps({"objects": [made("tool", "a")]}).encode().ljust(2_000)
            assert site.ask(OBJECTS, "cert", method="POST", body=fits).status == 202
            answer = site.ask(OBJECTS, "cert", method="POST", body=fits + b" ")
            assert (answer.status, answer.headers["connection"]) == (413, "close")
            head = head_of("Transfer-Encoding: chunked")
            chunks = b"7d0\r\n" + b"x" * 2_000 + b"\r\n" + b"5\r\nxxxxx\r\n0\r\n\r\n"
            assert b" 413 " in site.raw(head.encode() + chunks)
            assert (
                site.ask(f"{OBJECTS}?match[id]={','.join([made('tool', 'a')['id']] * 600)}").status
                == 400
            )
            assert site.ask(f"{OBJECTS}?{'&'.join(f'x{n}=1' for n in range(99))}").status == 400


@pytest.mark.parametrize(
    "lines",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: -1", "Content-Length: 5, 6", "Transfer-Encoding: chunked, gzip",
        "Authorization: Basic AAAA", "X-A: b\r\n folded: c\0",
    ],
)  # fmt: skip
def test_requests_that_two_servers_would_read_differently(lone: Site, lines: str) -> None:
    head = head_of(lines)
    answer = lone.raw(head.encode() + b"0\r\n\r\nGET /taxii2/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 "))
    assert answer.count(b"HTTP/1.1") == 1


def test_nothing_that_a_client_sends_comes_back_as_a_header(lone: Site) -> None:
    answer = lone.ask("/api/collections/shared/objects/?next=%0d%0aSet-Cookie:a=b&limit=0%0d%0aX:y")
    assert answer.status == 400
    assert "set-cookie" not in answer.headers
    lone.ask("/%0d%0a/", headers={"User-Agent": "a\tb\x7f"})
    assert len(lone.log()) == 2  # a line each, whatever is in it


@pytest.mark.parametrize(
    "path",
    ["/../api/", "/api/../taxii2/", "//api/", "/api//collections/", "/api/collections/%2e%2e/",
     "/api/collections/shared%2fobjects/", "/taxii2/collections/",
     "/api/collections/shared/objects/%00/"],
)  # fmt: skip
def test_paths_mean_what_they_say(lone: Site, path: str) -> None:
    assert lone.ask(path, "cert").status == 404


def test_slow_senders_are_hung_up_on(tmp_path: Path) -> None:
    class Hasty(GuardedProtocol):
        patience = 0.3
        most = 3

    with Knowledge(tmp_path / "k.sqlite") as knowledge:
        service = make_site(knowledge, tmp_path / "logs", Settings(patience=0.3))
        with running(service, Hasty) as port:
            site = Site(service, port, tmp_path / "logs")
            assert site.raw(b"GET /taxii2/ HTTP/1.1\r\nHost: x\r\n") == b""
            head = head_of("Content-Length: 9")
            assert b" 408 " in site.raw(head.encode())
            held = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
            assert held[3].recv(1) == b""
            for sock in held:
                sock.close()


def test_listening_to_others_needs_tls(lone: Site) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
        with pytest.raises(ShareError, match="--cert and --key"):
            serve(lone.service, Listen(host), lambda _: None)
    with pytest.raises(ShareError, match="--key without --cert"):
        serve(lone.service, Listen(key=Path("k.pem")), lambda _: None)


def test_every_access_is_logged_without_secrets(lone: Site) -> None:
    lone.post([made("tool", "a")])
    lone.ask(f"{OBJECTS}?limit=5")
    lone.ask(OBJECTS, None)
    lines = lone.log()
    assert [(one["member"], one["method"], one["status"], one.get("objects")) for one in lines] == [
        ("cert", "POST", 202, 1), ("town", "GET", 200, 1), ("", "GET", 401, None)
    ]  # fmt: skip
    assert lines[1]["query"] == "limit=5"
    assert SECRET not in repr(lines)
    assert KEY not in repr(lines)


def test_pages_while_others_post(site: Site) -> None:
    first = [made("tool", str(number)) for number in range(200)]
    later = [[made("tool", f"{uuid.uuid4()}") for _ in range(20)] for _ in range(5)]
    site.post(first)
    writer = threading.Thread(target=lambda: [site.post(part) for part in later])
    writer.start()
    seen = [item["id"] for item in site.all(query="limit=7&")]
    writer.join()
    assert len(seen) == len(set(seen))
    assert {item["id"] for item in first} <= set(seen)
    assert len(site.all()) == 300
