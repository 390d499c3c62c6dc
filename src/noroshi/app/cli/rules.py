"""``noroshi rules list|check|explain``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from noroshi.app.cli.options import Home, Json, LangOption, call, group
from noroshi.app.cli.output import safe
from noroshi.app.errors import AppError
from noroshi.app.rules import headers, rules_in_force
from noroshi.detect.sigma import Rule, RuleSet, explain

RulesOption = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="Folder or file of Sigma rules beside the built-in ones."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    part = group("Look at the Sigma rules in force.")
    part.command("list", epilog="Example: noroshi rules list --rules ./sigma/rules")(list_rules)
    part.command("check", epilog="Example: noroshi rules check --rules ./my-rules")(check)
    part.command("explain", epilog="Example: noroshi rules explain 5d2a3c --lang ja")(explain_rule)
    app.add_typer(part, name="rules")


def list_rules(
    rules: RulesOption = None, home: Home = None, lang: LangOption = None, as_json: Json = False
) -> None:
    """List the rules in force."""
    this = call(home, lang, as_json=as_json)
    loaded = headers(rules_in_force(this.workspace, rules or ()))
    loaded.sort(key=lambda header: header.title)
    if as_json:
        this.out.json(
            [
                {
                    "id": h.id,
                    "title": h.title,
                    "level": h.level,
                    "tags": list(h.tags),
                    "author": h.author,
                }
                for h in loaded
            ]
        )
        return
    this.out.table(["Rule", "Level", "Title"], ((h.id[:8], h.level, h.title) for h in loaded))


def check(
    rules: RulesOption = None, home: Home = None, lang: LangOption = None, as_json: Json = False
) -> int:
    """Load every rule and say which cannot be used, and why. Exit code 1 if there are such."""
    this = call(home, lang, as_json=as_json)
    loaded = rules_in_force(this.workspace, rules or ())
    count = len(loaded.rules) + len(loaded.correlations)
    if as_json:
        problems = [
            {"path": p.path, "rule_id": p.rule_id, "reason": p.reason} for p in loaded.problems
        ]
        this.out.json({"loaded": count, "rejected": problems})
    else:
        for problem in loaded.problems:
            this.out.say("{path}: {reason}", path=problem.path, reason=problem.reason)
        this.out.say(
            "{count} rules can be used, {rejected} cannot.",
            count=count,
            rejected=len(loaded.problems),
        )
    return 1 if loaded.problems else 0


def explain_rule(
    rule: Annotated[str, typer.Argument(help="Id, beginning of an id, or words of the title.")],
    rules: RulesOption = None,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Say in words what a rule looks for."""
    this = call(home, lang, as_json=as_json)
    found = _find(rules_in_force(this.workspace, rules or ()), rule)
    told, header = explain(found), found.header
    if as_json:
        this.out.json(
            {
                "id": header.id,
                "title": header.title,
                "level": header.level,
                "author": header.author,
                "log_source": {
                    "product": found.source.product,
                    "service": found.source.service,
                    "category": found.source.category,
                },
                "fields": list(told.fields),
                "atoms": told.atoms,
                "condition": told.text(this.out.language),
            }
        )
        return
    this.out.say("{title} ({level})", title=header.title, level=header.level)
    this.out.say("{description}", description=header.description)
    source = found.source
    named = [part for part in (source.product, source.service, source.category) if part]
    this.out.say("Log source: {source}", source=" / ".join(named))
    for line in told.text(this.out.language).splitlines():
        this.out.console.print(safe(line), highlight=False, soft_wrap=True)
    this.out.say("Author: {author}", author=header.author)


def _find(loaded: RuleSet, wanted: str) -> Rule:
    word = wanted.lower()
    found = [rule for rule in loaded.rules if rule.header.id.startswith(word)]
    found = found or [rule for rule in loaded.rules if word in rule.header.title.lower()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise AppError(f"no rule has {wanted!r} in its id or title; noroshi rules list shows them")
    names = "; ".join(f"{rule.header.id[:8]} {rule.header.title}" for rule in found[:5])
    raise AppError(f"{len(found)} rules answer to {wanted!r}: {names}")
