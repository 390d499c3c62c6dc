"""What each mark says about skills: tasks of the NICE Framework and stages of a CYDER exercise.

Source: NICE Framework components, work roles Incident Response (PD-WRL-003) and Defensive
Cybersecurity, task and knowledge statements by their ids; the stages are those through which NICT
leads participants of CYDER.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from noroshi.drill.grading.mark import Axis
from noroshi.lang import N_


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill: where it is described, and how to practise it."""

    nice: tuple[str, ...]
    stage: str
    practise: str


_DETECT = N_("Detection and triage")
_RESPOND = N_("First response")
_ANALYSE = N_("Log analysis and damage check")
_REPORT = N_("Reporting and contact with others")
_AFTER = N_("Recovery and prevention")

SKILLS: Mapping[Axis, Skill] = {
    Axis.SCOPE: Skill(
        ("T1252", "T1489"), _ANALYSE,
        N_("Take each bad address and account and search all logs for it (noroshi hunt): every "
           "machine that turns up is in, until you know why not."),
    ),
    Axis.TIMELINE: Skill(
        ("T0173", "T1316"), _ANALYSE,
        N_("Write down each step with machine and minute while you find it; noroshi case show "
           "gives the order."),
    ),
    Axis.DECISIONS: Skill(
        ("T1250", "T1260"), _RESPOND,
        N_("Agree beforehand who may isolate what without asking, and how long looking may take "
           "before something is done."),
    ),
    Axis.HARM: Skill(
        ("T1371", "T1109"), _RESPOND,
        N_("Cut the intruder's way out first (isolate, block), then look for more; minutes count "
           "most at the start."),
    ),
    Axis.OBLIGATIONS: Skill(
        ("T1333", "K0676"), _REPORT,
        N_("Keep a list of whom you owe a report, by when and at which number, on paper."),
    ),
    Axis.REPORT: Skill(
        ("T1332", "T1617"), _REPORT,
        N_("Write only what a log shows, with machine and time, and say what you do not know."),
    ),
    Axis.COMMUNICATION: Skill(
        ("T1333", "T0510"), _REPORT,
        N_("Have two sentences ready for the mayor and for the counter within half an hour; "
           "\"we are looking into it, next word at three\" is an answer."),
    ),
    Axis.RECOVERY: Skill(
        ("T1256", "T1257"), _AFTER,
        N_("Keep memory and disk before you rebuild; change passwords and close the way in before "
           "anything goes back to work."),
    ),
    Axis.ANSWERS: Skill(
        ("T1299", "T1386"), _DETECT,
        N_("Follow one connection from the firewall through the proxy to the machine and the "
           "person at it."),
    ),
}  # fmt: skip
