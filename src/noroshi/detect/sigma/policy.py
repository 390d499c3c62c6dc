"""How pySigma checks regular expressions while it reads a rule.

By itself it accepts what RE2 accepts, which shuts out rules with look-around. Here an expression is
good if RE2 or Python's ``re`` takes it; :mod:`noroshi.detect.sigma.regex` decides afterwards which
of the two runs it, and refuses what could run for ever.
"""

from __future__ import annotations

import re
from typing import cast

from sigma.policy import SigmaPolicy
from sigma.policy.regex_engine import RegexEngine, RegexPattern

from noroshi.detect.sigma.regex import runs_in_linear_time


class EitherEngine(RegexEngine):
    """Accepts what one of the two engines accepts."""

    def compile(self, pattern: str, flags: int = 0) -> RegexPattern:
        """Return Python's compiled expression, or one that matches nothing if only RE2 takes it."""
        try:
            return cast("RegexPattern", re.compile(pattern, flags))
        except re.error:
            if runs_in_linear_time(pattern):
                return cast("RegexPattern", re.compile(r"(?!)"))
            raise

    @property
    def error(self) -> type[Exception]:
        """What :meth:`compile` raises for an expression that neither takes."""
        return re.error


POLICY = SigmaPolicy(regex_engine=EitherEngine())
