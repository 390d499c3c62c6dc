"""``noroshi intel train|evaluate``: the model that tells ATT&CK techniques from prose."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated, Any

import typer

from noroshi.app.cli.options import Home, Json, LangOption, call
from noroshi.app.cli.output import Output
from noroshi.app.errors import AppError
from noroshi.intel.attack_text import TechniqueModel
from noroshi.intel.attack_text.labelled import measure_labelled, read_labelled

_Data = Annotated[
    Path,
    typer.Option(
        "--data",
        help="Folder with attack/enterprise-attack.json.gz and intel/tram as published.",
        exists=True,
        file_okay=False,
    ),
]
_Reports = Annotated[
    Path | None,
    typer.Option(
        "--reports",
        help="Folder of TRAM's annotated reports (*.mjson); without them no calibration on prose.",
        exists=True,
        file_okay=False,
    ),
]


def register(part: typer.Typer) -> None:
    """Add the commands."""
    part.command("train", epilog="Example: noroshi intel train --data DATA --reports MJSON")(train)
    example = "Example: noroshi intel evaluate sentences.tsv   (id, tab, sentence; - for none)"
    part.command("evaluate", epilog=example)(evaluate)


def train(
    data: _Data,
    reports: _Reports = None,
    target: Annotated[
        Path | None, typer.Option("--out", help="Where to write it. Default: this workspace.")
    ] = None,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Learn a technique model from TRAM and ATT&CK; minutes of CPU, no network.

    The workspace uses it from then on in the place of the model that comes with Noroshi.
    """
    _need_learning()
    from noroshi.intel.attack_text.material import read_sources
    from noroshi.intel.attack_text.train import train as learn

    this = call(home, lang, as_json=as_json)
    target = target or this.workspace.technique_model_file
    weights = learn(read_sources(data, reports), target, _progress(this.out))
    size, known = target.stat().st_size, len(weights.about["techniques"])
    if as_json:
        this.out.json({"path": str(target), "bytes": size, "techniques": known})
        return
    this.out.say(
        "{path}: {count} techniques, {size} bytes", path=str(target), count=known, size=f"{size:,}"
    )


def evaluate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Labelled sentences; every line id, tab, sentence.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Measure the method on TRAM, by cross-validation.")
    ] = None,
    reports: _Reports = None,
    model: Annotated[
        Path | None, typer.Option("--model", help="A model file. Default: the one in force.")
    ] = None,
    home: Home = None,
    lang: LangOption = None,
    as_json: Json = False,
) -> None:
    """Measure the technique model on your labelled sentences, or the method on TRAM."""
    this = call(home, lang, as_json=as_json)
    if not files and data is None:
        raise typer.BadParameter("name a file of labelled sentences, or the data folder: --data")
    answer: dict[str, Any] = {}
    if files:
        used = TechniqueModel.load(model) if model else this.workspace.technique_model
        answer = {str(path): measure_labelled(used, read_labelled(path)) for path in files}
    if data is not None:
        _need_learning()
        from noroshi.intel.attack_text.evaluate import evaluate as cross_validate
        from noroshi.intel.attack_text.material import read_sources

        answer["cross_validation"] = cross_validate(
            read_sources(data, reports), _progress(this.out)
        )
    if as_json:
        this.out.json(answer)
        return
    for name, figures in answer.items():
        this.out.say("{name}", name=name)
        rows = [(key, _figure(value)) for key, value in _flat(figures)]
        this.out.table(["Measure", "Figure"], rows)


def _flat(figures: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, value in figures.items():
        if key in ("each", "missed"):
            continue
        if isinstance(value, dict):
            rows += _flat(value, f"{prefix}{key} / ")
        else:
            rows.append((prefix + key, value))
    return rows


def _figure(value: Any) -> str:
    if isinstance(value, tuple | list):
        return " – ".join(map(_figure, value))
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _progress(out: Output) -> Any:
    return lambda step: out.errors.print(step, highlight=False)


def _need_learning() -> None:
    if importlib.util.find_spec("sklearn") is None:
        raise AppError("learning needs scikit-learn: install Noroshi with its 'train' extra")
