"""Errors of the Sigma engine."""

from __future__ import annotations


class SigmaEngineError(Exception):
    """Root of this engine's errors."""


class RuleRejected(SigmaEngineError):
    """A rule cannot be used; the text says why and what its author can do."""


class DamagedCache(SigmaEngineError):
    """A rule came out of the cache in a form that nobody put in."""


class RulesNotFound(SigmaEngineError):
    """A path given for rules does not exist."""
