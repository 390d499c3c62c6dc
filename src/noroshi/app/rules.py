"""Which Sigma rules are in force: the built-in pack, packs that were added, and folders named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from noroshi.app.workspace import Workspace
from noroshi.detect.sigma import RuleSet, load_rules
from noroshi.detect.sigma.rule import Header
from noroshi.intel.packs import PackKind


def rule_folders(
    workspace: Workspace, named: Sequence[Path] = (), *, builtin: bool = True
) -> list[Path]:
    """Return the folders and files that hold rules, built-in ones first."""
    packs = workspace.packs_of(PackKind.SIGMA_RULES)
    wanted = [pack for pack in packs if builtin or not pack.builtin]
    return [place for pack in wanted for place in pack.places] + list(named)


def rules_in_force(
    workspace: Workspace, named: Sequence[Path] = (), *, builtin: bool = True
) -> RuleSet:
    """Load the rules; what they compile to is cached in the home folder."""
    folders = rule_folders(workspace, named, builtin=builtin)
    return load_rules(folders, cache=workspace.cache / "sigma")


def headers(rules: RuleSet) -> list[Header]:
    """Return what every rule in force says about itself, correlations included."""
    return [rule.header for rule in rules.rules] + [rule.header for rule in rules.correlations]
