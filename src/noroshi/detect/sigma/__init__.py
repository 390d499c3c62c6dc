"""The Sigma rules engine: rules in, matches and findings out."""

from __future__ import annotations

from noroshi.detect.sigma.correlate import correlate
from noroshi.detect.sigma.errors import RulesNotFound, SigmaEngineError
from noroshi.detect.sigma.explain import Explanation, explain
from noroshi.detect.sigma.findings import findings
from noroshi.detect.sigma.load import load_documents, load_rules
from noroshi.detect.sigma.matcher import SigmaMatcher
from noroshi.detect.sigma.rule import Correlation, Rule, RuleProblem, RuleSet

__all__ = [
    "Correlation",
    "Explanation",
    "Rule",
    "RuleProblem",
    "RuleSet",
    "RulesNotFound",
    "SigmaEngineError",
    "SigmaMatcher",
    "correlate",
    "explain",
    "findings",
    "load_documents",
    "load_rules",
]
