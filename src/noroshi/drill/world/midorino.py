"""The town hall of the demonstration, drawn by hand: forty-two people in one flat network."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from noroshi.drill.world.country import country
from noroshi.drill.world.parts import DOMAIN_SID, Account, Host, Person, Site
from noroshi.drill.world.whole import World

_FAMILIES = (
    ("佐久間", "sakuma"), ("近藤", "kondo"), ("宮下", "miyashita"), ("小野寺", "onodera"),
    ("白石", "shiraishi"), ("大西", "onishi"), ("滝沢", "takizawa"), ("浅野", "asano"),
    ("片桐", "katagiri"), ("西村", "nishimura"), ("長谷", "hase"), ("矢島", "yajima"),
    ("桑原", "kuwabara"), ("古川", "furukawa"), ("岩崎", "iwasaki"), ("松永", "matsunaga"),
    ("堀内", "horiuchi"), ("植田", "ueda"), ("広瀬", "hirose"), ("市川", "ichikawa"),
    ("秋山", "akiyama"), ("福島", "fukushima"), ("関口", "sekiguchi"), ("水野", "mizuno"),
    ("竹内", "takeuchi"), ("杉本", "sugimoto"), ("永井", "nagai"), ("川端", "kawabata"),
    ("村瀬", "murase"), ("早川", "hayakawa"), ("内海", "utsumi"), ("上原", "uehara"),
    ("戸田", "toda"), ("丸山", "maruyama"), ("三宅", "miyake"), ("久保", "kubo"),
    ("平野", "hirano"), ("坂口", "sakaguchi"), ("大塚", "otsuka"), ("野口", "noguchi"),
    ("原田", "harada"), ("今井", "imai"),
)  # fmt: skip
_GIVENS = (
    ("由美", "yumi"), ("健一", "kenichi"), ("翔太", "shota"), ("恵", "megumi"), ("大輔", "daisuke"),
    ("彩", "aya"), ("直樹", "naoki"), ("香織", "kaori"), ("誠", "makoto"), ("美穂", "miho"),
    ("拓也", "takuya"), ("千尋", "chihiro"), ("浩", "hiroshi"), ("真由", "mayu"), ("亮", "ryo"),
)  # fmt: skip
_DEPARTMENTS = (
    ("総務課", 5), ("企画財政課", 4), ("税務課", 5), ("住民課", 5), ("福祉課", 5),
    ("健康保険課", 4), ("建設課", 4), ("産業振興課", 3), ("教育委員会", 3), ("会計課", 2),
    ("情報政策室", 2),
)  # fmt: skip


def build_world(
    seed: int, rooms: Mapping[str, str] | None = None, servers: Sequence[Host] = ()
) -> World:
    """Return the town hall; another seed gives other people in the same house.

    Args:
        seed: of the people.
        rooms: other names of departments, for a house that belongs to the town.
        servers: machines that are there besides.
    """
    names = rooms or {}
    rng = random.Random(f"{seed}/world")  # noqa: S311 - a story, not a secret
    staff = tuple(_people(rng))
    people = tuple(
        replace(one, department=names.get(one.department, one.department)) for one in staff
    )
    hosts = {host.name: host for host in (*_servers(), *servers, *_pcs(people))}
    accounts = {
        person.login: Account(person.login, f"{DOMAIN_SID}-{1101 + index}")
        for index, person in enumerate(people)
    }
    admin = people[[one.department for one in staff].index("情報政策室")]
    for name, rid in ((f"adm-{admin.login}", 1601), ("svc-backup", 1602), ("svc-asset", 1603)):
        accounts[name] = Account(name, f"{DOMAIN_SID}-{rid}", admin=True)
    return World(
        people, hosts, tuple(_sites()), accounts, names, calendar=country("jp").calendar
    )  # fmt: skip


def _people(rng: random.Random) -> list[Person]:
    families = rng.sample(_FAMILIES, len(_FAMILIES))
    rooms = [name for name, size in _DEPARTMENTS for _ in range(size)]
    people = []
    for (family, roman), room in zip(families, rooms, strict=False):
        given, initial = rng.choice(_GIVENS)
        people.append(Person(f"{initial[0]}.{roman}", family, given, room))
    return people


def _servers() -> Sequence[Host]:
    return (
        Host("DC01", "10.20.1.10", "dc"),
        Host("FS01", "10.20.1.20", "files"),
        Host("BK01", "10.20.1.30", "backup"),
        Host("SK01", "10.20.1.40", "asset"),
        Host("SCAN01", "10.20.1.60", "scanner"),
        Host("PROXY01", "10.20.250.80", "proxy", public_ip="203.0.113.2"),
        Host("MX01", "10.20.250.25", "mail", public_ip="203.0.113.25"),
        Host("WWW01", "10.20.250.10", "web", public_ip="203.0.113.10"),
        Host("FW01", "10.20.250.1", "firewall", public_ip="203.0.113.1"),
    )


def _pcs(people: Sequence[Person]) -> list[Host]:
    return [
        Host(f"PC{index:03d}", f"10.20.10.{index + 10}", "pc", owner=person)
        for index, person in enumerate(people, 1)
    ]


def _sites() -> list[Site]:
    named = (
        ("www.nippo-news.example", 20), ("tenki.example", 14), ("search.sagasu.example", 30),
        ("www.pref-aoba.example", 16), ("shinsei.pref-aoba.example", 8), ("hourei.example", 6),
        ("maps.chizu.example", 9), ("mail.webyubin.example", 4), ("cdn.haishin.example", 30),
        ("fonts.moji.example", 18), ("img.haishin.example", 22), ("norikae.example", 6),
        ("kankou-midorino.example", 5), ("nyusatsu.example", 4), ("kaigi.example", 6),
        ("jichitai-forum.example", 3), ("shokuin-kenpo.example", 3), ("zeimu-portal.example", 5),
        ("tokei.example", 2), ("doboku-tanka.example", 2), ("bousai.example", 5),
    )  # fmt: skip
    sites = [
        Site(name, f"198.51.100.{20 + index}", weight) for index, (name, weight) in enumerate(named)
    ]
    plain = ("/index.html", "/oshirase/0520.html", "/css/main.css", "/img/top.jpg", "/form/a.pdf")
    return [
        *sites,
        Site("www.minami-jimuki.example", "192.0.2.20", 3, plain=True, paths=plain),
        Site("kosodate-midori.example", "192.0.2.21", 4, plain=True, paths=plain),
        Site("shouboudan.example", "192.0.2.22", 2, plain=True, paths=plain),
    ]


TELEMETRY = Site("telemetry.shisan-example.example", "192.0.2.40")
ANTIVIRUS_UPDATE = Site("update.mamori-av.example", "192.0.2.41", plain=True)
SYSTEM_UPDATE = Site("update.os-vendor.example", "192.0.2.42")
OFFSITE_BACKUP = Site("vault.hozon-backup.example", "192.0.2.43")
