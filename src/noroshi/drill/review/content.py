"""The after-action report as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from noroshi.drill.action import ActionKind
from noroshi.drill.clock import HOUR
from noroshi.drill.exercise.outcome import Outcome
from noroshi.drill.grading.claims import Claim, Verdict
from noroshi.drill.grading.decisions import CONTAIN, LOCK
from noroshi.drill.grading.grade import Result
from noroshi.drill.grading.mark import AXIS_NAMES, Mark
from noroshi.drill.grading.policies import Change, WhatIf, hosts_of
from noroshi.drill.grading.replies import shown
from noroshi.drill.review.blocks import Bars, Block, Bullets, Heading, Paragraph, Table
from noroshi.drill.review.skills import SKILLS
from noroshi.drill.review.told import act_words, lines
from noroshi.drill.review.words import Words
from noroshi.lang import N_, Message, render

_GOOD = 0.8
_CONTAINING = frozenset((*CONTAIN, *LOCK, ActionKind.BLOCK))
_MOST_CLAIMS = 20


@dataclass(frozen=True)
class Review:
    """Everything that the report is made of."""

    result: Result
    what_ifs: Sequence[WhatIf]
    claims: Sequence[Claim]

    @property
    def outcome(self) -> Outcome:
        """What came to pass."""
        return self.result.attempt.outcome


def content(review: Review, words: Words) -> list[Block]:
    """Return the report."""
    return [
        *_head(review, words), *_short(review, words), *_story(review, words),
        *_changed(review, words), *_marks(review, words), *_next(review, words),
        *_checked(review, words), *_method(review, words),
    ]  # fmt: skip


def _scenario(review: Review, words: Words) -> str:
    """Return title and name of the scenario; one without a title has its name."""
    name = review.result.attempt.state.settings.scenario
    title = words.say(review.outcome.brief.title)
    return f"{title} ({name})" if title and title != name else name


def _head(review: Review, words: Words) -> Iterator[Block]:
    settings = review.result.attempt.state.settings
    word = words.word
    yield Heading(word("After-action report"), 1)
    yield Paragraph(
        word("{organisation} (invented) · scenario {scenario}, difficulty {difficulty} · "
             "team {team} · {day}",
          organisation=_house(review.outcome, words), scenario=_scenario(review, words),
          difficulty=settings.difficulty, team=settings.team or "–", day=words.day(settings.alert)),
        soft=True,
    )  # fmt: skip


def _house(outcome: Outcome, words: Words) -> str:
    """What the organisation is called in the reader's language."""
    english = words.language == "en" and outcome.organisation_en
    return english or outcome.organisation


def _short(review: Review, words: Words) -> Iterator[Block]:
    """The three sentences that everybody reads."""
    attempt, word = review.result.attempt, words.word
    end = attempt.state.settings.end
    came, worst = attempt.outcome.harm_until(end), attempt.untouched.harm_until(end)
    saved = hosts_of(attempt.untouched, attempt.state.settings) - hosts_of(
        attempt.outcome, attempt.state.settings
    )
    share = (worst - came) / worst if worst else 1.0
    verdict = (
        N_("The team stopped the intruder before most of the damage was done.")
        if share >= _GOOD
        else N_("The team held up the intruder, but part of the damage was done.")
        if share > 0.2
        else N_("The intruder reached almost everything he came for.")
    )
    yield Paragraph(
        word(verdict) + " "
        + word("Points: {points} of 100.", points=words.number(review.result.grade.points)),
        lead=True,
    )  # fmt: skip
    facts = [
        word("Damage, counted in the scenario's points: {came}; without the team it would have "
             "been {worst}.", came=words.number(came), worst=words.number(worst)),
    ]  # fmt: skip
    if saved > 0:
        facts.append(word("Machines spared that would have been reached: {count}.", count=saved))
    first = next((a for a in attempt.actions if a.kind in _CONTAINING), None)
    if first:
        minutes = (first.time - attempt.state.settings.alert) // 60_000_000
        facts.append(
            word("The first measure against the intruder came {minutes} min after the alarm: "
              "the team {what}.", minutes=minutes, what=act_words(first, words))
            if minutes >= 1
            else word("The first measure against the intruder came at once: the team {what}.",
                      what=act_words(first, words))
        )  # fmt: skip
    else:
        facts.append(word("No measure was taken against the intruder."))
    if attempt.state.hints:
        facts.append(word("Hints given: {count}.", count=len(attempt.state.hints)))
    yield Bullets(facts)


def _story(review: Review, words: Words) -> Iterator[Block]:
    word = words.word
    yield Heading(word("What happened, and who did what when"))
    told = lines(review.result.attempt, words)
    yield Table(
        [word("Time"), word("Who"), word("What")],
        [(words.clock(line.time), line.who, line.what) for line in told],
        (0.16, 0.2, 0.64),
        [line.kind for line in told],
    )


def _changed(review: Review, words: Words) -> Iterator[Block]:
    """Measures that made a difference, and those that would have."""
    word, attempt = words.word, review.result.attempt
    settings = attempt.state.settings
    came, hosts = attempt.outcome.harm_until(settings.end), hosts_of(attempt.outcome, settings)
    yield Heading(word("What your measures changed, and what would have"))
    yield Paragraph(
        word("The same day was played out again with one thing changed; everything else stayed as "
             "it was."), soft=True,
    )  # fmt: skip
    said = [sentence for each in review.what_ifs if (sentence := _if(each, came, hosts, words))]
    policy = review.result.policy
    best = word(
        "The best way found by playing it out: “{policy}” would have left damage of {harm}.",
        policy=render(policy.name, words.language), harm=words.number(policy.harm),
    )  # fmt: skip
    if policy.harm < came:
        said.append(best)
    elif attempt.untouched.harm_until(settings.end) > came:
        said.append(word("No way of reacting that was tried does better than yours."))
    yield Bullets(said or [word("No single measure would have changed the outcome.")])


_ADDED = N_(
    "Had somebody acted at {when} ({what}), damage would have been {harm} instead of {came}."
)
_ADDED_HOSTS = N_(
    "Had somebody acted at {when} ({what}), damage would have been {harm} instead of {came}; "
    "machines spared: {hosts}."
)
_LEFT_OUT = N_(
    "Without the measure of {when} ({what}), damage would have been {harm} instead of {came}."
)
_LEFT_OUT_HOSTS = N_(
    "Without the measure of {when} ({what}), damage would have been {harm} instead of {came}; "
    "machines reached besides: {hosts}."
)
_LATER = N_(
    "Had everything been done {hours} hours later, damage would have been {harm} instead of {came}."
)
_AN_HOUR_LATER = N_(
    "Had everything been done an hour later, damage would have been {harm} instead of {came}."
)
_BETTER_WITHOUT = N_(
    "Without the measure of {when} ({what}), damage would have been less: {harm} instead of {came}."
)


def _if(each: WhatIf, came: float, hosts: int, words: Words) -> str:
    """Say what one change would have made of it; nothing where it explains nothing."""
    about: dict[str, str | float] = {
        "what": act_words(each.action, words),
        "when": words.clock(each.action.time),
        "harm": words.number(each.harm),
        "came": words.number(came),
        "hosts": abs(each.hosts - hosts),
        "hours": each.delay // HOUR,
    }
    worse = each.harm > came
    match each.change:
        case Change.LATER:
            template = _AN_HOUR_LATER if about["hours"] == 1 else _LATER
            return words.say(Message(template, about)) if worse else ""
        case Change.ADDED:
            template = _ADDED_HOSTS if each.hosts < hosts else _ADDED
            return "" if worse else words.say(Message(template, about))
        case Change.LEFT_OUT:
            template = _LEFT_OUT_HOSTS if each.hosts > hosts else _LEFT_OUT
            return words.say(Message(template if worse else _BETTER_WITHOUT, about))


def _marks(review: Review, words: Words) -> Iterator[Block]:
    word = words.word
    marks = review.result.grade.marks
    yield Heading(word("Marks"))
    yield Bars(
        [
            (word(AXIS_NAMES[mark.axis]), mark.share,
             f"{words.number(mark.points)} / {words.number(mark.out_of)}"
             + (f" ({word('set by hand')})" if mark.by_hand else ""))
            for mark in marks
        ]
    )  # fmt: skip
    for mark in marks:
        if mark.reasons:
            yield Heading(word(AXIS_NAMES[mark.axis]), 3)
            yield Bullets([words.say(reason) for reason in mark.reasons])


def _next(review: Review, words: Words) -> Iterator[Block]:
    word = words.word
    marks: list[Mark] = list(review.result.grade.marks)
    strong = [word(AXIS_NAMES[mark.axis]) for mark in marks if mark.share >= _GOOD]
    weak = sorted((m for m in marks if m.share < _GOOD), key=lambda mark: mark.share)[:5]
    yield Heading(word("Strengths"))
    yield Bullets(strong or [word("The exercise was played; that is where learning begins.")])
    yield Heading(word("Next steps"))
    yield Table(
        [word("What to practise"), word("Stage (CYDER)"), word("NICE Framework")],
        [
            (
                word(SKILLS[mark.axis].practise),
                word(SKILLS[mark.axis].stage),
                ", ".join(SKILLS[mark.axis].nice),
            )
            for mark in weak
        ]
        or [(word("Play the next difficulty."), "–", "–")],
        (0.6, 0.24, 0.16),
    )


def _checked(review: Review, words: Words) -> Iterator[Block]:
    """What the report and the answers said, held against the evidence."""
    word, result = words.word, review.result
    if review.claims:
        yield Heading(word("Facts in your report"))
        verdicts = {Verdict.RIGHT: word("agrees"), Verdict.WRONG: word("does not agree")}
        once = {(claim.mention, claim.reason.to_json()): claim for claim in review.claims}
        worst = sorted(once.values(), key=lambda claim: claim.verdict is Verdict.RIGHT)
        yield Table(
            [word("Fact"), word("Evidence"), word("Why")],
            [
                (claim.mention, verdicts[claim.verdict], words.say(claim.reason))
                for claim in worst[:_MOST_CLAIMS]
            ],
            (0.4, 0.18, 0.42),
        )
    if result.questions:
        yield Heading(word("Questions and where their answers stand"))
        yield Table(
            [word("Question"), word("Answer"), word("Evidence")],
            [
                (
                    f"{question.id} {words.say(question.text)}",
                    shown(question),
                    "\n".join(question.proof[:2]),
                )
                for question in result.questions
            ],
            (0.4, 0.25, 0.35),
        )


def _method(review: Review, words: Words) -> Iterator[Block]:
    word = words.word
    settings = review.result.attempt.state.settings
    yield Heading(word("How this was worked out"), 3)
    yield Paragraph(
        word("People, machines and events are invented. A measure counts as possible from ten "
             "minutes after a sensor had written the first trace. What the intruder would have "
             "reached without the team is never counted as a mistake. The instructor can set any "
             "mark by hand. Seed {seed}, Noroshi {version}.",
             seed=settings.seed, version=settings.version),
        soft=True,
    )  # fmt: skip
