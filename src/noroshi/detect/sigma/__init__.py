"""The Sigma rules engine: rules in, matches and findings out."""

from __future__ import annotations

from noroshi.detect.sigma.errors import RulesNotFound, SigmaEngineError
from noroshi.detect.sigma.load import load_documents, load_rules
from noroshi.detect.sigma.matcher import SigmaMatcher
from noroshi.detect.sigma.rule import Correlation, Rule, RuleProblem, RuleSet

__all__ = [
    "Correlation",
    "Rule",
    "RuleProblem",
    "RuleSet",
    "RulesNotFound",
    "SigmaEngineError",
    "SigmaMatcher",
    "load_documents",
    "load_rules",
]
