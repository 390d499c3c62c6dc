"""Scripted trainees of five skill levels: they show whether grading tells skill from luck."""

from __future__ import annotations

from noroshi.drill.trainee.play import play
from noroshi.drill.trainee.rank import spearman
from noroshi.drill.trainee.skill import SKILLS, Skill

__all__ = ["SKILLS", "Skill", "play", "spearman"]
