"""Indicators from text: how fast beside pure-Python peers, how its cost grows, how right it is."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from noroshi.app.made_up.hard_lines import HARD_LINES
from noroshi.app.quality import peer as peer_script
from noroshi.app.quality.entities import entities
from noroshi.app.quality.growth import growth
from noroshi.app.quality.labelled import domains, eset, hard_lines
from noroshi.app.quality.relations import relations
from noroshi.app.quality.roles import roles
from noroshi.app.quality.who_uses import who_uses
from noroshi.intel.text import Document, Knowledge, extract, read_galaxies, read_suffixes

_ANNOCTR = Path("intel/annoctr/AnnoCTR")
_ATTACK = Path("attack/enterprise-attack.json.gz")
_OWN_COPIES = 40


def run(data: Path | None = None, peer: str = "") -> dict[str, Any]:
    """Measure; ``data`` is the folder of real data, ``peer`` a Python in which peers are."""
    knowledge = _knowledge(data)
    texts = _texts(data)
    speed = _speed(texts, Knowledge(suffixes=knowledge.suffixes))
    result: dict[str, Any] = {"speed": {"megabytes_per_cpu_second": speed}}
    if peer:
        rates, absent = _peers(peer, texts)
        again = _speed(texts, Knowledge(suffixes=knowledge.suffixes))
        result["speed"]["the_same_after_the_peers"] = again
        result["peers_megabytes_per_cpu_second"] = rates
        result["peers_not_measured"] = absent
        fastest = max(rates.values(), default=0.0)
        result["times_the_fastest_peer"] = min(speed, again) / fastest if fastest else None
    if len(knowledge.names):
        result["speed"]["with_names"] = _speed(texts, knowledge)
    result["growth"] = growth()
    result["hard_lines"] = hard_lines(Knowledge(suffixes=knowledge.suffixes))
    result["relations_of_our_own"] = relations()
    result["relations_of_our_own_development"] = relations("relations_development")
    result["roles_of_our_own"] = roles()
    if data is not None and (data / _ANNOCTR).is_dir():
        result["domains_labelled_by_us"] = domains(data / _ANNOCTR / "all" / "text", knowledge)
        bio = data / _ANNOCTR / "ner_bio" / "test.bio"
        result["names_annoctr_test"] = entities(bio, knowledge)
    if data is not None and (data / "intel" / "eset-malware-ioc").is_dir():
        result["eset_lists"] = eset(data / "intel" / "eset-malware-ioc", knowledge)
    if data is not None and (data / _ATTACK).is_file():
        result["who_uses_what_attack"] = who_uses(data / _ATTACK)
    result["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


def _knowledge(data: Path | None) -> Knowledge:
    if data is None:
        return Knowledge()
    lists = sorted((data / "net" / "psl").rglob("*.dat"))
    clusters = data / "intel" / "misp-galaxy" / "clusters"
    suffixes = read_suffixes(lists[0]) if lists else Knowledge().suffixes
    names = read_galaxies([clusters]) if clusters.is_dir() else Knowledge().names
    return Knowledge(suffixes, Knowledge().lists, names)


def _texts(data: Path | None) -> list[str]:
    """Return AnnoCTR's reports in one shuffled order, else our own hard lines again and again."""
    if data is not None and (data / _ANNOCTR).is_dir():
        texts = [path.read_text("utf-8") for path in sorted((data / _ANNOCTR).glob("all/text/*"))]
    else:
        lines = [line.text for line in HARD_LINES]
        texts = ["\n".join(lines[number:] + lines[:number]) for number in range(_OWN_COPIES)]
    random.Random(0).shuffle(texts)  # noqa: S311 - an order, no secret
    return texts


def _speed(texts: Sequence[str], knowledge: Knowledge) -> float:
    """Return megabytes a CPU-second; the first text warms the tables up."""
    extract(Document("warm", texts[0]), knowledge)
    begin = time.process_time()
    for text in texts:
        extract(Document("report", text), knowledge)
    return sum(len(text.encode()) for text in texts) / 1e6 / (time.process_time() - begin)


def _peers(python: str, texts: Sequence[str]) -> tuple[dict[str, float], dict[str, str]]:
    """Return the speed of each peer, and why one is not measured."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run(  # noqa: S603 - an interpreter that the user names
        [python, str(peer_script.__file__)],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return said["rates"], said["absent"]
