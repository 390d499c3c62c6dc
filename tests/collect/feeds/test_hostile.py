"""Feeds that answer for ever, drip, explode or lead astray: bounded, told, the rest goes on."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from tests.collect.feeds.conftest import Desk, Web, says

from noroshi.app.feeds import puller
from noroshi.collect.feeds import BUSY, Pulled, pull_all, taken
from noroshi.collect.feeds.door import Door
from noroshi.collect.feeds.errors import FeedError
from noroshi.collect.feeds.feed import Feed, Limits
from noroshi.collect.feeds.inflate import inflated, members
from noroshi.collect.feeds.kinds import KINDS, guessed_kind
from noroshi.collect.feeds.reach import credentials, following, may_ask
from noroshi.courier import Address
from noroshi.lang import render

GOOD = b"198.51.100.1\n"


def told(pulled: Pulled) -> str:
    return render(pulled.told, "en")


def for_ever(web: Web) -> Callable[[BaseHTTPRequestHandler], None]:
    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        line = b"198.51.100.1\n" * 4096
        while not web.done.is_set():
            handler.wfile.write(line)

    return script


def drips(web: Web) -> Callable[[BaseHTTPRequestHandler], None]:
    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not web.done.wait(0.02):
            handler.wfile.write(b"1")

    return script


def silent(web: Web) -> Callable[[BaseHTTPRequestHandler], None]:
    def script(_: BaseHTTPRequestHandler) -> None:
        web.done.wait()

    return script


def test_each_is_bounded_and_told_and_the_others_go_on(desk: Desk, web: Web) -> None:
    bomb = gzip.compress(b"0" * (8 << 20))
    web.said |= {
        "/for-ever": for_ever(web), "/drips": drips(web), "/silent": silent(web),
        "/bomb.gz": bomb, "/huge": says(b"1" * (2 << 20)),
        "/short": lambda handler: says(b"", 200, Content_Length="50")(handler),
        "/encoded": says(b"\x01\x02", Content_Encoding="br"),
        "/round": says(b"", 302, Location="/round"), "/good": GOOD,
    }  # fmt: skip
    names = [path.strip("/").replace(".", "-") for path in web.said]
    for name, path in zip(names, web.said, strict=True):
        desk.add(name, "list", web(path), most=1 << 20, seconds=1.0)
    pulls = puller(desk.workspace, desk.store)
    found = {one.name: one for one in pull_all(names, pulls.pull, desk.workspace.intake, 9)}
    assert {name for name, one in found.items() if one.outcome == "done"} == {"good"}
    assert "1,048,576 bytes" in told(found["for-ever"])
    assert "seconds" in told(found["drips"])
    assert "seconds" in told(found["silent"])
    assert "inflates to more" in told(found["bomb-gz"])
    assert "1,048,576 bytes" in told(found["huge"])
    assert "redirects" in told(found["round"])
    assert "br" in told(found["encoded"])
    assert desk.armed() == {"198.51.100.1": "address"}
    assert all(one.size <= 1 << 20 for one in found.values())


def test_two_pulls_of_one_feed_lock_each_other_out(desk: Desk, web: Web) -> None:
    web.said["/good"] = GOOD
    desk.add("good", "list", web("/good"))
    pulls = puller(desk.workspace, desk.store)
    folder = desk.workspace.intake
    with taken(folder, "good") as mine:
        assert mine
        [busy] = pull_all(["good"], pulls.pull, folder, 1)
        assert busy.outcome == BUSY
        assert web.asked == []
    [done] = pull_all(["good"], pulls.pull, folder, 1)
    assert done.outcome == "done"


def archive(*files: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as there:
        for name, data in files:
            there.writestr(name, data)
    return packed.getvalue()


def test_archives_are_read_file_by_file_and_their_bombs_are_refused(desk: Desk, web: Web) -> None:
    web.said["/lists.zip"] = archive(
        ("a.txt", b"198.51.100.1\n"), ("LICENSE", b"words"), ("b.csv", b"url\nhttp://b.example/"),
        ("../../c.txt", b"198.51.100.3\n"),
    )  # fmt: skip
    desk.add("lists", "list", web("/lists.zip"))
    assert desk.pull("lists").new == 3
    assert set(desk.armed()) == {"198.51.100.1", "http://b.example/", "198.51.100.3"}
    web.said["/lists.zip"] = archive(("a.txt", b"198.51.100.9\n"), ("b.txt", b"1" * (4 << 20)))
    desk.add("lists", "list", web("/lists.zip"), most=1 << 20)
    pulled = desk.pull("lists")
    assert (pulled.outcome, pulled.new) == ("failed", 1)
    assert "b.txt" in told(pulled)


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04" + b"x" * 50, archive(("a.txt", b"1" * 99))[:60], b"PK\x03\x04"],
    ids=["rubbish", "cut", "empty"],
)
def test_damaged_archives_are_told(data: bytes) -> None:
    with pytest.raises(Exception, match="damaged archive"):
        list(members(data, "x.zip", 100))


def test_damaged_gzip_is_told() -> None:
    with pytest.raises(Exception, match="damaged gzip"):
        inflated(gzip.compress(b"1" * 999)[:20], "x.gz", 1000)


FEED = Feed("x", "list", "https://feeds.example/list.txt")
INTRANET = Feed("x", "list", "http://10.1.2.3/list.txt")
HERE = Feed("x", "list", "http://127.0.0.1:8000/list.txt")


@pytest.mark.parametrize(
    ("feed", "url", "address", "allowed"),
    [
        (FEED, FEED.location, "93.184.215.14", True),
        (FEED, FEED.location, "127.0.0.1", False),
        (FEED, FEED.location, "::1", False),
        (FEED, FEED.location, "10.0.0.1", False),
        (FEED, FEED.location, "169.254.169.254", False),
        (FEED, FEED.location, "::ffff:10.0.0.1", False),
        (FEED, FEED.location, "0.0.0.0", False),
        (FEED, "https://elsewhere.example/", "93.184.215.14", True),
        (FEED, "https://elsewhere.example/", "192.168.0.1", False),
        (INTRANET, INTRANET.location, "10.1.2.3", True),
        (INTRANET, "http://10.1.2.4/", "10.1.2.4", False),
        (INTRANET, "http://127.0.0.1/", "127.0.0.1", False),
        (HERE, HERE.location, "127.0.0.1", True),
        (HERE, "http://10.0.0.1/", "10.0.0.1", False),
        (HERE, "http://169.254.169.254/", "169.254.169.254", False),
        (Feed("x", "list", "https://intra.example/", private=True), "https://intra.example/",
         "10.0.0.1", True),
        (Feed("x", "list", "https://intra.example/", private=True), "https://intra.example/",
         "127.0.0.1", False),
        (Feed("x", "list", "https://intra.example/", private=True), "https://other.example/",
         "10.0.0.1", False),
    ],
)  # fmt: skip
def test_where_a_feed_may_lead(feed: Feed, url: str, address: str, allowed: bool) -> None:
    import ipaddress

    found: Address = ipaddress.ip_address(address)
    assert may_ask(feed, url, found) is allowed


def test_no_redirect_leads_away_from_tls_or_from_the_web() -> None:
    assert following("https://a.example/x", "/y") == "https://a.example/y"
    assert following("http://a.example/x", "https://b.example/") == "https://b.example/"
    for target in ("http://a.example/", "file:///etc/passwd", "ftp://a.example/", "http://["):
        with pytest.raises(Exception, match=r"leads (to|away)"):
            following("https://a.example/x", target)


def test_a_key_goes_to_the_feeds_own_place_only(desk: Desk, web: Web) -> None:
    assert credentials(FEED, "secret", FEED.location) == {"Authorization": "Bearer secret"}
    assert credentials(FEED, "me:secret", FEED.location)["Authorization"].startswith("Basic ")
    assert credentials(FEED, "X-Key: secret", FEED.location) == {"X-Key": "secret"}
    for other in ("https://other.example/", "http://feeds.example/", "https://feeds.example:444/"):
        assert credentials(FEED, "secret", other) == {}
    plain = Feed("x", "list", "http://feeds.example/")
    with pytest.raises(Exception, match="without TLS"):
        credentials(plain, "secret", plain.location)
    web.said |= {"/a": says(b"", 302, Location=f"http://localhost:{web.port}/b"), "/b": GOOD}
    desk.add("moved", "list", web("/a"))
    assert desk.pull("moved", "secret").outcome == "done"
    assert [one.get("authorization") for one in web.headers] == ["Bearer secret", None]


def test_a_feed_on_the_network_leads_to_no_file(desk: Desk, web: Web, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    rolie = {"feed": {"entry": [{"content": {"src": f"file://{tmp_path}/secret.json"}}]}}
    web.said["/rolie.json"] = json.dumps(rolie).encode()
    desk.add("adv", "advisories", web("/rolie.json"))
    pulled = desk.pull("adv")
    assert pulled.outcome == "failed"
    assert "does not lead to files" in told(pulled)


XML_BOMB = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>
<rss><channel><item><title>&b;</title></item></channel></rss>"""


@pytest.mark.parametrize(
    "body",
    [XML_BOMB, b"<rss>" + b"<a>" * 100_000, b"<html></html>", b"", b"\xff\xfe\x00", b"<rss><item>"],
    ids=["bomb", "deep", "page", "empty", "bytes", "cut"],
)
def test_entries_that_are_none_are_told(desk: Desk, web: Web, body: bytes) -> None:
    web.said["/feed"] = body
    desk.add("feed", "rss", web("/feed"))
    assert desk.pull("feed").outcome == "failed"
    assert desk.objects() == []


def test_a_taxii_server_that_goes_in_a_circle_is_left(desk: Desk, web: Web) -> None:
    web.said["/collections/a/objects/"] = json.dumps(
        {"more": True, "next": "1", "objects": []}
    ).encode()
    desk.add("peer", "taxii", web("/collections/a/"))
    pulled = desk.pull("peer")
    assert "circle" in told(pulled)
    assert len(web.asked) <= 3
    web.said["/collections/a/objects/"] = json.dumps({"more": True, "objects": []}).encode()
    assert "not where" in told(desk.pull("peer"))


def test_an_address_that_is_no_collection_is_told_with_the_way_out(desk: Desk, web: Web) -> None:
    web.said["/objects/"] = json.dumps({"title": "a server", "api_roots": []}).encode()
    desk.add("root", "taxii", web("/"))
    desk.add("wrong", "taxii", web("/api/"))
    for name in ("root", "wrong"):
        assert "that of one collection" in told(desk.pull(name))


def test_files_of_an_archive_are_one_answer(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "lists.zip").write_bytes(
        archive(*((f"{at}.txt", f"198.51.100.{at}".encode()) for at in range(9)))
    )
    feed = desk.add("lists", "list", tmp_path / "lists.zip")
    door = Door(feed, limits=Limits(requests=3))
    assert len(list(KINDS["list"].read(door, {}))) == 9
    assert door.requests == 1


@pytest.mark.parametrize("kind", ["list", "stix", "mail", "reports", "advisories", "epss"])
def test_what_is_no_file_is_refused_and_not_waited_for(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(tmp_path / "socket.txt"))
    for path, what in (("pipe.txt", "a named pipe"), ("socket.txt", "a socket")):
        desk.add("odd", kind, tmp_path / path)
        assert f"{path}: is {what}" in told(desk.pull("odd"))
        with pytest.raises(FeedError, match=what):
            guessed_kind(str(tmp_path / path))
    desk.add("odd", kind, "/dev/zero")
    assert "is a device" in told(desk.pull("odd"))
