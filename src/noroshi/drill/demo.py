"""The built-in demonstration: one day of a town hall, with one incident in it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noroshi.drill import outside, post, services, staff, story
from noroshi.drill.clock import local
from noroshi.drill.day import Day
from noroshi.drill.event import Event
from noroshi.drill.world import DOMAIN, TOWN, build_world
from noroshi.drill.write.firewall import write_firewall
from noroshi.drill.write.linux import write_audit, write_syslog
from noroshi.drill.write.mail import write_mail
from noroshi.drill.write.sheet import Sheet
from noroshi.drill.write.squid import write_squid
from noroshi.drill.write.web import write_web
from noroshi.drill.write.windows import write_windows
from noroshi.drill.write.zeek import write_zeek
from noroshi.lang import render


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was written.

    Attributes:
        records: records in all files.
        bytes: size of all files.
        files: their paths, sorted.
        truth: the ground truth, beside the evidence folder and not in it.
    """

    records: int
    bytes: int
    files: tuple[Path, ...]
    truth: Path


def write_demo(folder: Path, seed: int = 1) -> DemoSummary:
    """Write the demonstration's evidence.

    Args:
        folder: evidence folder; made if missing. The ground truth goes to ``<folder>-truth.json``.
        seed: another seed gives other people and another day of noise around the same incident.

    Returns:
        What was written; the same seed always gives the same bytes.
    """
    day = simulate(seed)
    events = in_order(day)
    sheets = (
        write_windows(events, day.world.hosts), write_squid(events), *write_zeek(events),
        write_firewall(events), write_mail(events), write_syslog(events), write_audit(events),
        write_web(events),
    )  # fmt: skip
    size = sum(sheet.save(folder) for sheet in sheets)
    truth = folder.with_name(folder.name + "-truth.json")
    truth.write_text(
        json.dumps(_truth(events, sheets, seed), ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    files = tuple(sorted(folder / sheet.name for sheet in sheets))
    return DemoSummary(sum(sheet.records for sheet in sheets), size, files, truth)


def simulate(seed: int = 1) -> Day:
    """Live through the day."""
    day = Day(build_world(seed), seed)
    for host in day.world.hosts.values():
        if host.windows and host.role != "pc":
            day.boot(host, day.period.up_since(), logged=False)
            services.agents(day, host, day.at(0), day.at(23, 50))
    victim_person, admin_person = day.world.of("会計課"), day.world.of("情報政策室")
    desks = {
        person.login: staff.arrive(day, person, stays_on=person is victim_person)
        for person in day.world.people
    }
    for desk in desks.values():
        staff.work(day, desk)
        leaves = day.at(23, 50) if desk.person is victim_person else desk.leaves
        services.agents(day, desk.host, desk.session.started, leaves)
    victim, admin = desks[victim_person.login], desks[admin_person.login]
    services.backup(day)
    services.ticketed_work(day, admin)
    services.help_desk(day, victim, admin)
    services.old_password(day)
    services.scanner(day)
    outside.visitors(day)
    outside.probes(day)
    outside.knocks(day)
    outside.guessers(day)
    outside.housekeeping(day, admin.host)
    post.ordinary_mail(day, list(desks.values()))
    post.announce_work(day, admin)
    story.intrude(day, victim, f"adm-{admin_person.login}")
    return day


def in_order(day: Day) -> list[Event]:
    """Return the events by time; what happens at the same moment keeps its causal order."""
    return sorted(day.events, key=lambda event: event.time)


def _truth(events: Iterable[Event], sheets: Iterable[Sheet], seed: int) -> dict[str, Any]:
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for event in events:
        if event.step:
            first.setdefault(event.step, event.time)
            last[event.step] = event.time
    found = list(sheets)
    return {
        "organisation": TOWN,
        "domain": DOMAIN,
        "seed": seed,
        "steps": [
            {
                "step": step.name,
                "technique": step.technique,
                "title": {
                    "en": render(step.title, "en"),
                    "ja": render(step.title, "ja"),
                },
                "first": local(first[step.name]).isoformat(),
                "last": local(last[step.name]).isoformat(),
                "evidence": [
                    {"file": sheet.name, "lines": sheet.story[step.name]}
                    for sheet in found
                    if step.name in sheet.story
                ],
            }
            for step in story.STEPS
        ],
    }
