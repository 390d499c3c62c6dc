"""A second opinion: AnnoCTR's reports (CC BY-SA 4.0), which no model here has learnt from.

Its annotators linked stretches of 50 reports to techniques of all of ATT&CK, mostly by the parent.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from noroshi.intel.attack_text.errors import TechniqueModelError
from noroshi.intel.attack_text.model import TechniqueModel

FOLDER = Path("intel/annoctr/AnnoCTR")
_LINK = re.compile(r"/techniques/(T\d{4})")


def measure(model: TechniqueModel, folder: Path) -> dict[str, Any]:
    """Compare the techniques claimed for each report, by their parents, with the annotators'.

    Args:
        model: any model.
        folder: ``AnnoCTR`` as published.

    Raises:
        TechniqueModelError: the folder does not hold the corpus.
    """
    texts = {path.stem: path for path in sorted((folder / "all" / "text").rglob("*.txt"))}
    labelled = _truth(folder)
    truth = {document: labelled[document] for document in labelled if document in texts}
    known = {technique.split(".")[0] for technique in model.techniques}
    right = claimed = told = told_known = 0
    for document, techniques in truth.items():
        text = texts[document].read_text(encoding="utf-8")
        found = {
            mention.id.split(".")[0] for mention in model.predict(text, model.report_threshold)
        }
        right += len(found & techniques)
        claimed += len(found)
        told += len(techniques)
        told_known += len(techniques & known)
    return {
        "reports": len(truth),
        "without_text": len(labelled) - len(truth),
        "precision": right / max(1, claimed),
        "recall": right / max(1, told),
        "recall_of_known": right / max(1, told_known),
        "f1": 2 * right / max(1, claimed + told),
    }


def _truth(folder: Path) -> dict[str, set[str]]:
    truth: dict[str, set[str]] = {}
    try:
        for part in ("dev", "test"):
            path = folder / "linking_mitre_only" / f"{part}.jsonl"
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                own = truth.setdefault(row["document"], set())
                if row["entity_type"] == "TECHNIQUE" and (link := _LINK.search(row["label_link"])):
                    own.add(link.group(1))
    except (OSError, ValueError, KeyError) as error:
        raise TechniqueModelError(f"{folder}: not the AnnoCTR corpus: {error}") from error
    return truth
