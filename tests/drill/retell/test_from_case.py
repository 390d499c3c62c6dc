"""A case of one's own becomes a scenario that can be played and tells nothing of the house."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from noroshi.drill.action import Defences
from noroshi.drill.errors import DrillError
from noroshi.drill.intruder.bind import bind
from noroshi.drill.intruder.play import tell
from noroshi.drill.retell import Made, from_case
from noroshi.drill.retell.leak import leaks, names
from noroshi.drill.retell.realm import Realm, playable, realm
from noroshi.drill.retell.sighting import MOST
from noroshi.drill.scenario.lint import lint
from noroshi.drill.scenario.schema import parse
from noroshi.drill.steps import library
from noroshi.lang import Message
from noroshi.model import Case, CaseStatus, Entity, EntityType, Evidence, Finding, Severity

HOUR = 3_600_000_000
START = 1_700_000_000_000_000
STORY = (
    ("T1204.002", "kaikei-pc17.himitsu-cho.lg.jp", 0.0),
    ("T1059.001", "kaikei-pc17.himitsu-cho.lg.jp", 0.01),
    ("T1003.001", "kaikei-pc17.himitsu-cho.lg.jp", 1.2),
    ("T1021.002", "kyoyu-fs3.himitsu-cho.lg.jp", 30.0),
    ("T1021.002", "kyoyu-fs3.himitsu-cho.lg.jp", 30.5),
    ("T1562.001", "kyoyu-fs3.himitsu-cho.lg.jp", 30.6),
    ("T1055", "kyoyu-fs3.himitsu-cho.lg.jp", 30.7),
    ("T1003.003", "himitsu-dc1.himitsu-cho.lg.jp", 50.0),
    ("T1560.001", "kyoyu-fs3.himitsu-cho.lg.jp", 60.0),
)  # fmt: skip


def found(number: int, technique: str, host: str, hours: float) -> Finding:
    """A finding as the foundation makes it, full of a house's own names."""
    time = START + round(hours * HOUR)
    fields = (("CommandLine", f"cmd /c copy secret.doc \\\\{host}\\c$"), ("User", "HIMITSU\\ono.k"))
    return Finding(
        id=f"f{number:031d}", analytic="sigma", rule_id=f"r{number}", title="A rule",
        severity=Severity.HIGH, score=0.8, subject=host, first=time, last=time, count=1,
        explanation=Message("seen on {host}", {"host": host}), disproof=Message("-"),
        techniques=(technique,) if technique else (), tactics=("execution",), hosts=(host,),
        entities=(Entity(EntityType.USER, "ono.k"), Entity(EntityType.ADDRESS, "172.30.4.17")),
        evidence=(Evidence("e", "process_activity", time, host, fields),),
    )  # fmt: skip


def case_of(findings: Sequence[Finding]) -> Case:
    """The case that holds them."""
    hosts = tuple(dict.fromkeys(host for one in findings for host in one.hosts))
    return Case(
        id="3f2a9b10-0000-5000-8000-000000000000", title=Message("Break-in on kaikei-pc17"),
        status=CaseStatus.OPEN, score=100.0, reasons=(), hosts=hosts, users=("ono.k",),
        finding_ids=tuple(one.id for one in findings), tactics=("execution",),
        techniques=tuple(sorted({each for one in findings for each in one.techniques})),
        first=findings[0].first, last=findings[-1].last,
    )  # fmt: skip


def made_of(*story: tuple[str, str, float]) -> Made:
    """The scenario of a story."""
    findings = [found(number, *one) for number, one in enumerate(story)]
    return from_case(case_of(findings), findings)


@pytest.fixture(scope="module")
def made() -> Made:
    return made_of(*STORY)


def test_what_was_seen_is_played_on_machines_of_the_same_kind(made: Made) -> None:
    on = {one.sighting.technique: one.on for one in made.told if one.name}
    assert on == {
        "T1204.002": "victim", "T1059.001": "victim", "T1003.001": "victim", "T1021.002": "files",
        "T1562.001": "files", "T1003.003": "dc", "T1560.001": "files",
    }  # fmt: skip
    scenario = parse(made.text, "made")
    uses = [scenario.steps[one.name].use for one in made.told if one.name]
    assert uses == ["open-attachment", "macro-shell", "lsass", "smb-service", "disable-antivirus",
                    "directory", "archive"]  # fmt: skip


def test_order_is_kept_and_repetitions_are_folded(made: Made) -> None:
    played = [one for one in made.told if one.name]
    assert [one.at for one in played] == sorted(one.at for one in played)
    counts = {one.sighting.technique: one.sighting.count for one in made.told}
    assert counts["T1021.002"] == 2


def test_what_is_not_played_says_why(made: Made) -> None:
    left = {one.sighting.technique: one.because for one in made.told if not one.name}
    assert list(left) == ["T1055"]
    assert left["T1055"] == Message("the library has no step for it")
    assert parse(made.text, "made").note == ["not played: T1055"]
    assert "carried" in made.added and "reach-dc" in made.added


def test_no_name_of_the_house_is_told(made: Made) -> None:
    assert made.hidden > 10
    for piece in ("himitsu", "kaikei", "kyoyu", "ono", "172.30", "secret", "Break-in"):
        assert piece not in made.text


def test_a_name_that_would_be_told_is_noticed(made: Made) -> None:
    findings = [found(number, *one) for number, one in enumerate(STORY)]
    real = names(case_of(findings), findings)
    assert "ono.k" in real
    assert leaks(real, made.text, made.name) == []
    assert leaks(real, made.text + "\nnote2: [copied by Ono.K]", made.name) == ["ono", "ono.k"]
    assert leaks({"fs01"}, made.text, made.name) == []  # the town has one of that name too


def test_it_passes_the_linter(made: Made, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("made") / "ours.yaml"
    path.write_text(made.text, "utf-8")
    assert lint(str(path), [1]) == []


@pytest.mark.parametrize("where", list(Realm))
def test_every_step_of_the_library_that_the_town_has_can_be_told(where: Realm) -> None:
    anchor = {Realm.OFFICE: "T1059.001", Realm.WEB: "T1505.003", Realm.CLOUD: "T1078.004"}[where]
    steps = [s for s in library().values() if playable(s) and realm(s) is where]
    assert len(steps) > 8
    for start in range(0, len(steps), MOST - 2):
        part = steps[start : start + MOST - 2]
        story = [(anchor, "alpha", 0.0), *((s.technique, "alpha", 1.0 + n) for n, s in
                                           enumerate(part))]  # fmt: skip
        told = made_of(*story).told
        assert {one.because for one in told} == {None}
        assert {s.technique for s in part} <= {one.sighting.technique for one in told}


def test_the_made_story_is_complete_in_every_level(made: Made) -> None:
    scenario = parse(made.text, "made")
    for level in (1, 2, 3):
        story = tell(bind(scenario, 5, level), Defences())
        facts = [each.fact for each in story.played if "~" not in each.fact.id]
        assert {fact.id for fact in facts if fact.happened} == set(scenario.steps)
        total = sum(h.amount for each in story.played for h in each.harm)
        assert total == pytest.approx(100, abs=2)


def test_a_case_without_anything_to_play_is_refused() -> None:
    with pytest.raises(DrillError, match=r"3f2a9b10: there is no step .*T1055"):
        made_of(("T1055", "alpha", 0.0), ("", "alpha", 1.0))


def test_a_long_case_is_cut_to_one_day() -> None:
    techniques = sorted({s.technique for s in library().values() if playable(s)
                         and realm(s) is Realm.OFFICE})  # fmt: skip
    story = [(each, f"machine-{n}", n * 5.0) for n, each in enumerate(techniques)]
    assert len(story) > MOST
    told = made_of(*story).told
    assert sum(1 for one in told if one.name) <= MOST
    cut = [one for one in told if one.because == Message("the exercise tells enough without it")]
    assert cut
