"""ATT&CK techniques from prose: how right, in English and Japanese, and how fast."""

from __future__ import annotations

import importlib.util
import resource
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

from noroshi.intel.attack_text import TechniqueModel
from noroshi.intel.attack_text.labelled import measure_labelled, parse_labelled

_ENGLISH = (
    "The attackers sent spearphishing emails with a malicious attachment. "
    "Once opened, a macro launches PowerShell, which downloads the next stage from {0}. "
    "Sample number {0} collects the host name and sends it to its server over HTTPS. "
    "We will publish more about this in our next quarterly report.\n"
)
_LINES = 4_000


def run(data: Path | None = None) -> dict[str, Any]:
    """Measure; ``data`` is the folder of real data, for TRAM and AnnoCTR.

    Whole-report figures need TRAM's ``mjson_files`` in their published place in that folder.
    """
    model = TechniqueModel.load()
    result: dict[str, Any] = {"japanese": _japanese(model), "speed": _speed(model)}
    if data is not None and (data / "intel" / "annoctr").is_dir():
        from noroshi.intel.attack_text import annoctr

        result["annoctr_reports"] = annoctr.measure(model, data / annoctr.FOLDER)
    if data is not None and importlib.util.find_spec("sklearn") is not None:
        from noroshi.intel.attack_text.evaluate import evaluate
        from noroshi.intel.attack_text.material import read_sources

        english = evaluate(read_sources(data))
        english["technique"].pop("each")
        result["english"] = english
    result["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


def _japanese(model: TechniqueModel) -> dict[str, Any]:
    """Sentences of our own: one set known while the lexicon was made, one written afterwards."""
    found = {}
    for name in ("attack_ja", "attack_ja_unseen"):
        text = files("noroshi.app.made_up").joinpath(f"{name}.tsv").read_text(encoding="utf-8")
        found[name] = measure_labelled(model, parse_labelled(text.splitlines(), name))
        found[name].pop("missed")
    return found


def _speed(model: TechniqueModel) -> dict[str, float]:
    """Megabytes a CPU-second, for a text and for one ten times as long."""
    rates = {}
    for name, lines in (("short", _LINES // 10), ("long", _LINES)):
        text = "".join(_ENGLISH.format(number) for number in range(lines))
        begin = time.process_time()
        model.predict(text)
        rates[name] = len(text.encode()) / 1e6 / (time.process_time() - begin)
    return {
        "megabytes_per_cpu_second": rates["long"],
        "cost_of_ten_times_the_text": 10 * rates["short"] / rates["long"],
    }
