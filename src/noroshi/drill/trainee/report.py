"""The report that a scripted trainee hands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from noroshi.drill.clock import MINUTE, local
from noroshi.drill.exercise.outcome import StepFact
from noroshi.drill.grading.parts import PARTS, REQUIRED, Part
from noroshi.drill.trainee.skill import Skill


def report(skill: Skill, seen: Mapping[str, set[str]], steps: Sequence[StepFact]) -> str:
    """Return a report in Markdown.

    Args:
        skill: of the trainee: how many parts are written, how many machines named wrongly.
        seen: ``hosts``, ``accounts``, ``data``, ``outside`` that were noticed.
        steps: of the intruder that were noticed.
    """
    wrong = [f"PC{900 + number}" for number in range(skill.wrong)]
    named = {kind: ", ".join(sorted(names)) for kind, names in seen.items()}
    machines = ", ".join([*sorted(seen["hosts"]), *wrong])
    text = {
        Part.SUMMARY: f"{named['hosts']} が侵害された。"
        + (f"{', '.join(wrong)} も感染した疑いがある。" if wrong else "影響は限定的である。"),
        Part.SCOPE: f"- 端末: {machines}\n- アカウント: {named['accounts']}\n"
        f"- データ: {named['data']}\n以上が影響範囲として確認できたものである。",
        Part.TIMELINE: "\n".join(_line(step, skill) for step in steps)
        + "\n以上が確認できたできごとの一覧である。",
        Part.CAUSE: f"{named['outside']} との通信を許していたことによる。",
    }
    lines = []
    for number, part in enumerate(PARTS, 1):
        lines.append(f"## {number}. {PARTS[part].heading}")
        if part in REQUIRED[: skill.parts]:
            lines.append(text.get(part, "詳細は別紙のとおりであり、引き続き調査を行うものとする。"))
    return "\n".join(lines)


def _line(step: StepFact, skill: Skill) -> str:
    time = f"{local(step.time + skill.minutes_off * MINUTE):%m-%d %H:%M}"
    return f"| {time} | {', '.join(step.hosts[:1])} | x | {step.technique} |"
