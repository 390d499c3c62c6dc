"""The scenario's file: nothing in it comes from the real house but ATT&CK ids and their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from noroshi.drill.retell.place import VICTIM
from noroshi.drill.retell.plan import Plan
from noroshi.drill.retell.realm import Realm
from noroshi.drill.retell.sighting import Sighting
from noroshi.drill.retell.timing import damage, moments
from noroshi.drill.retell.ways import Entry

PARTS: dict[str, dict[str, str]] = {
    "victim": {"desk": "総務課"}, "desk2": {"desk": "税務課"}, "desk3": {"desk": "福祉課"},
    "desk4": {"desk": "建設課"}, "files": {"host": "FS01"}, "dc": {"host": "DC01"},
    "backup": {"host": "BK01"}, "assets": {"host": "SK01"}, "web": {"host": "WWW01"},
    "clerk": {"account": "victim"}, "admin": {"admin": "情報政策室"},
    "sender": {"site": "mail.konpeito-print.example", "ip": "192.0.2.174"},
    "lookalike": {"site": "portal-ninsho.example", "ip": "192.0.2.175"},
    "thief": {"site": "198.51.100.211"}, "hand": {"site": "198.51.100.212"},
    "drop": {"site": "198.51.100.213"},
    "c2": {"site": "api.tsumugi-sync.example", "ip": "198.51.100.214"},
    "spare": {"site": "cdn.tsumugi-sync.example", "ip": "198.51.100.215"},
    "storage": {"site": "up.komorebi-box.example", "ip": "192.0.2.176"},
    "crowd": {"site": "198.18.9.1"}, "records": {"data": "総務課"},
}  # fmt: skip
_BEGAN = {
    Realm.WEB: ("the town's web server", "町のWebサーバ"),
    Realm.CLOUD: (
        "a mailbox that is not its owner's alone",
        "本人だけのものではないメールボックス",
    ),
    Realm.OFFICE: ("it began on one desk", "一台の端末から"),
}
_ALERTS = {1: "10:00", 2: "11:10", 3: "12:20"}


def document(name: str, made: Plan, left: Sequence[Sighting]) -> str:
    """Return the YAML of a scenario.

    Args:
        name: of the scenario.
        made: its graph.
        left: what could not be told; ATT&CK ids of it are noted.
    """
    steps = dict(_steps(made))
    data = {
        "name": name,
        "title": _title(made),
        "course": "C",
        "hours": 4,
        "briefing": {
            "en": "Midorino town hall. This incident is modelled on a real one; the house, its "
            "people and all names are invented. You are the incident team.",
            "ja": "みどり野町役場。実際のインシデントをもとにした演習です。"
            "組織・人物・名称はすべて架空です。あなた方は町のCSIRTです。",
        },
        **({"organisation": {"life": ["cloud"]}} if Realm.CLOUD in made.ways else {}),
        "cast": _cast(steps),
        "fallbacks": ["spare"],
        "steps": steps,
        "levels": {
            1: {"alert": _ALERTS[1], "fallbacks": 0, "retries": 0},
            2: {"alert": _ALERTS[2], "fallbacks": 1, "retries": 1},
            3: {"alert": _ALERTS[3], "fallbacks": 1, "retries": 2, "missing": ["firewall"]},
        },
        "hints": _hints(made),
        "model": list(_model(made)),
        "note": [f"not played: {each}" for each in
                 sorted({one.technique or "no technique" for one in left})],
    }  # fmt: skip
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)


def _title(made: Plan) -> dict[str, str]:
    """What is known at the alarm, no more: titles are read before the exercise."""
    english, japanese = next(_BEGAN[where] for where in _BEGAN if where in made.ways)
    return {"en": f"After a real case: {english}", "ja": f"実例をもとに: {japanese}"}


def _steps(made: Plan) -> Iterable[tuple[str, dict[str, Any]]]:
    for way in made.ways.values():
        hour, minute = (int(part) for part in way.begins.split(":"))
        for number, entry in enumerate(way.entries):
            before = way.entries[number - 1].name if number else ""
            at = f"{hour:02d}:{minute + 3 * number:02d}"
            yield entry.name, _entry(entry, way.on, before, at)
    when = moments(made.nodes)
    harm = damage(made.nodes, when)
    for node in made.nodes:
        minute = when[node.name]
        at = f"{minute // 60:02d}:{minute % 60:02d}"
        yield node.name, {**node.spec, "at": at, "harm": harm[node.name]}


def _entry(entry: Entry, on: str, before: str, at: str) -> dict[str, Any]:
    given = {"site": entry.site, "account": entry.account, "after": before}
    spec: dict[str, Any] = {"use": entry.use, "to": on}
    return {**spec, **{key: value for key, value in given.items() if value}, "at": at, "harm": 0}


def _cast(steps: dict[str, dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The parts that the steps name, and those that other parts lean on."""
    used = {VICTIM, "spare"} | {
        str(spec[key]) for spec in steps.values() for key in ("to", "from", "account", "site",
                                                              "data") if key in spec
    }  # fmt: skip
    return {part: of for part, of in PARTS.items() if part in used}


def _hints(made: Plan) -> list[dict[str, str]]:
    first = {
        "en": "Begin with the address that the monitoring desk named: which machine talks to it, "
        "and since when?",
        "ja": "監視センターが知らせたアドレスから始めましょう。"
        "どの端末が、いつから通信していますか。",
    }
    second = {
        "en": "Look an hour back: what came in before the first contact, and by which way?",
        "ja": "さらに1時間さかのぼりましょう。最初の通信の前に、何がどこから入ってきましたか。",
    }
    third = {
        "en": "Whose account is used on more than one machine since this morning?",
        "ja": "今朝から複数の端末で使われているのは、誰のアカウントですか。",
    }
    return [first, second, *([third] if made.account else [])]


def _model(made: Plan) -> Iterable[dict[str, str]]:
    """Each foothold off the net, each master blocked, each stolen password changed."""
    for way in made.ways.values():
        for entry in way.entries:
            if entry.site and entry.site not in ("sender",):
                yield {"do": "block", "target": entry.site, "step": entry.name}
        if way.account:
            yield {"do": "reset-password", "target": "clerk", "step": way.account}
    for part, step in made.footholds.items():
        if step != "typed":
            yield {"do": "isolate-host", "target": part, "step": step}
    if made.account:
        yield {"do": "reset-password", "target": "admin", "step": made.account}
    for node in made.nodes:
        if node.spec.get("site") in ("thief", "storage"):
            yield {"do": "block", "target": str(node.spec["site"]), "step": node.name}
