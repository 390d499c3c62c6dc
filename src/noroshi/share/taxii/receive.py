"""Taking objects in from a member: each judged by itself, the good ones kept (section 5.5).

Beside what STIX demands, a member may not
- define markings, unless they are trusted to: a definition that says "statement" would open
  everything that bears a marking nobody could resolve before;
- make a version of an object that has a version they may not see: the newest version of an object
  decides whether relationships to it are shown.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson

from noroshi.intel.objects import TLP_IDS, Clearance, Match, ObjectStore, Provenance, problem
from noroshi.intel.objects.markings import level_of_definition
from noroshi.share.taxii.members import Member
from noroshi.share.taxii.refusal import Refusal
from noroshi.share.taxii.stamp import stamp

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Verdict:
    """An object's fate: its id and version as TAXII writes them, and what there is to say."""

    id: str
    version: str
    message: str = ""

    def details(self) -> dict[str, str]:
        told = {"id": self.id, "version": self.version}
        return told | ({"message": self.message} if self.message else {})


def read_envelope(body: bytes) -> list[Any]:
    """Return the objects of an envelope (section 3.7).

    Raises:
        Refusal: 422, it is no JSON or holds no list of objects.
    """
    try:
        envelope = orjson.loads(body)
    except ValueError as error:
        raise Refusal(422, f"the body is no JSON: {error}") from error
    objects = envelope.get("objects") if isinstance(envelope, dict) else None
    if not isinstance(objects, list) or not objects:
        raise Refusal(422, 'the body is no TAXII envelope: {"objects": [one or more STIX objects]}')
    return objects


def receive(
    store: ObjectStore, member: Member, collection: str, objects: list[Any], now: int
) -> dict[str, Any]:
    """Put a member's objects into a collection and return the status resource.

    Args:
        store: to put them into.
        member: who sends them; the door has asked whether they may.
        collection: name in the store.
        objects: of the envelope.
        now: µs since 1970 UTC.
    """
    good, failed = _judge(store, member, objects)
    source = Provenance(member.name, now, "TAXII")
    added = store.add(good, source, collection) if good else None
    refused = added.refused if added else ()
    failed += [_Verdict(one.id, one.version or stamp(now), one.reason) for one in refused]
    lost = Counter((one.id, one.version) for one in refused)
    kept = []
    for item in good:
        key = (item["id"], str(item.get("modified", "")))
        if lost[key]:
            lost[key] -= 1
        else:
            kept.append(item)
    done = _accepted(store, collection, kept)
    return _status(done, failed, now)


def _judge(
    store: ObjectStore, member: Member, objects: list[Any]
) -> tuple[list[dict[str, Any]], list[_Verdict]]:
    wrong = [problem(item) for item in objects]
    sound = [item for item, why in zip(objects, wrong, strict=True) if why is None]
    known = store.known(item["id"] for item in sound if item["type"] == "marking-definition")
    unseen = store.unseen((item["id"] for item in sound if "modified" in item), member.clearance)
    good: list[dict[str, Any]] = []
    failed: list[_Verdict] = []
    for item, why in zip(objects, wrong, strict=True):
        why = why or _not_theirs(item, member, known, unseen)
        if why is None:
            good.append(item)
        else:
            failed.append(_Verdict(_id(item), _version(item), why))
    return good, failed


def _not_theirs(
    item: dict[str, Any], member: Member, known: set[str], unseen: set[str]
) -> str | None:
    if item["type"] == "marking-definition" and item["id"] in TLP_IDS:
        if level_of_definition(item) != TLP_IDS[item["id"]]:
            return "TLP fixes what this marking says, and it is something else"
    elif item["type"] == "marking-definition" and item["id"] not in known and not member.defines:
        return "this server does not know this marking; its operator has to import it first"
    if item["id"] in unseen:
        return "this id is taken; send the object under an id of its own"
    return None


def _accepted(store: ObjectStore, collection: str, items: list[dict[str, Any]]) -> list[_Verdict]:
    """Say what became of good objects, with the version under which the store has each."""
    marks = {mark for item in items for mark in item.get("object_marking_refs", ())}
    lost = marks - TLP_IDS.keys() - store.known(marks)
    bare = sorted({item["id"] for item in items if not ("modified" in item or "created" in item)})
    versions: dict[str, str] = {}
    for start in range(0, len(bare), _AT_ONCE):
        match = Match(ids=tuple(bare[start : start + _AT_ONCE]))
        page = store.page(
            Clearance.everything(), collection=collection, match=match, limit=_AT_ONCE
        )
        versions |= {entry.id: entry.version for entry in page.entries}
    return [
        _Verdict(item["id"], versions.get(item["id"]) or _version(item), _hidden(item, lost))
        for item in items
    ]


def _hidden(item: dict[str, Any], lost: set[str]) -> str:
    unknown = [mark for mark in item.get("object_marking_refs", ()) if mark in lost]
    if not unknown:
        return ""
    return f"kept, but shown to nobody until the operator knows the marking {unknown[0]}"


def _id(item: Any) -> str:
    found = item.get("id") if isinstance(item, dict) else None
    return str(found or "unknown")[:300]


def _version(item: Any) -> str:
    found = (item.get("modified") or item.get("created")) if isinstance(item, dict) else None
    return str(found or "unknown")[:50]


def _status(done: list[_Verdict], failed: list[_Verdict], now: int) -> dict[str, Any]:
    status: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "status": "complete",
        "request_timestamp": stamp(now),
        "total_count": len(done) + len(failed),
        "success_count": len(done),
        "failure_count": len(failed),
        "pending_count": 0,
    }
    for name, verdicts in (("successes", done), ("failures", failed)):
        if verdicts:
            status[name] = [one.details() for one in verdicts]
    return status
