"""A workspace: one home folder and the stores in it, made at the edge and passed in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from noroshi.case import CaseStore
from noroshi.intel.attack import read_attack
from noroshi.intel.attack_text import TechniqueModel
from noroshi.intel.indicators import IndicatorStore
from noroshi.intel.knowledge import Knowledge
from noroshi.intel.life import LifeStore
from noroshi.intel.objects import ObjectStore
from noroshi.intel.packs import Pack, PackKind, PackStore, builtin_packs
from noroshi.intel.text import Knowledge as TextKnowledge
from noroshi.intel.text import Suffixes, country_cluster, own_suffixes, read_galaxies, read_suffixes
from noroshi.intel.warning_lists import WarningLists
from noroshi.intel.watch import WatchStore
from noroshi.lake import Lake

HOME_VARIABLE = "NOROSHI_HOME"
KNOWLEDGE_VARIABLE = "NOROSHI_KNOWLEDGE"
KNOWLEDGE_FILE = "knowledge.url"
DEFAULT_HOME = Path("noroshi-home")


def default_home() -> Path:
    """Return the home folder named by ``NOROSHI_HOME``, else ``noroshi-home`` here."""
    return Path(os.environ.get(HOME_VARIABLE, DEFAULT_HOME))


@dataclass
class Workspace:
    """Everything that one organisation's Noroshi keeps.

    Attributes:
        home: its folder. ``lake/`` holds events, ``knowledge.sqlite`` objects and cases unless
            ``knowledge.url`` names a PostgreSQL server for them, ``packs/`` packs,
            ``indicators/`` indicators, ``cache/`` what can be made again, ``intake/`` locks.
    """

    home: Path

    @cached_property
    def lake(self) -> Lake:
        """Events, matches and findings."""
        self._make_home()
        return Lake(self.home / "lake")

    @cached_property
    def knowledge(self) -> Knowledge:
        """Objects, cases and what people decided."""
        self._make_home()
        return Knowledge(self.knowledge_location)

    def _make_home(self) -> None:
        """Make the folder, closed to others: what lies in it may be marked TLP:RED."""
        self.home.mkdir(0o700, parents=True, exist_ok=True)

    @property
    def knowledge_location(self) -> str | Path:
        """The URL in ``$NOROSHI_KNOWLEDGE``, else in ``knowledge.url``, else a SQLite file."""
        if url := os.environ.get(KNOWLEDGE_VARIABLE, "").strip():
            return url
        file = self.home / KNOWLEDGE_FILE
        if file.is_file() and (url := file.read_text(encoding="utf-8").strip()):
            return url
        return self.home / "knowledge.sqlite"

    @cached_property
    def cases(self) -> CaseStore:
        """Cases."""
        return CaseStore(self.knowledge)

    @cached_property
    def objects(self) -> ObjectStore:
        """STIX objects: what is known about the world."""
        return ObjectStore(self.knowledge, watchers=[self.watch.watch])

    @cached_property
    def watch(self) -> WatchStore:
        """What people want to hear of, and what they were told."""
        return WatchStore(self.knowledge)

    @cached_property
    def life(self) -> LifeStore:
        """What people found out about indicators."""
        return LifeStore(self.knowledge)

    @cached_property
    def packs(self) -> PackStore:
        """Packs that were added."""
        return PackStore(self.home / "packs")

    @cached_property
    def indicators(self) -> IndicatorStore:
        """Indicators that were imported."""
        return IndicatorStore(self.home / "indicators", [self.watch.watch_indicators])

    def packs_of(self, kind: PackKind) -> list[Pack]:
        """Return the built-in and added packs of a kind, built-in ones first."""
        packs = (*builtin_packs(), *self.packs.list())
        return [pack for pack in packs if pack.manifest.kind is kind]

    @cached_property
    def warning_lists(self) -> WarningLists:
        """Values that count as benign."""
        packs = self.packs_of(PackKind.WARNING_LISTS)
        return WarningLists.load(path for pack in packs for path in pack.files(".json"))

    @cached_property
    def text_knowledge(self) -> TextKnowledge:
        """What reading reports needs: suffixes, warning lists, names; added packs first."""
        packs = reversed(self.packs_of(PackKind.NAMES))
        names = read_galaxies(path for pack in packs for path in pack.files(".json"))
        names.add(country_cluster(), "CLDR")
        return TextKnowledge(self.suffixes, self.warning_lists, names)

    @cached_property
    def suffixes(self) -> Suffixes:
        """The public suffix list of the last pack that brings one, else our own short list."""
        for pack in reversed(self.packs_of(PackKind.PUBLIC_SUFFIXES)):
            for path in pack.files(".dat"):
                return read_suffixes(path)
        return own_suffixes()

    @property
    def technique_model_file(self) -> Path:
        """Where a model that was trained here lies."""
        return self.home / "models" / "attack-text.model"

    @cached_property
    def technique_model(self) -> TechniqueModel:
        """What tells techniques from prose: the model trained here, else the one that comes."""
        own = self.technique_model_file
        return TechniqueModel.load(own if own.is_file() else None)

    @cached_property
    def technique_names(self) -> dict[str, str]:
        """ATT&CK technique names by id, from the packs; empty without such a pack."""
        names: dict[str, str] = {}
        for pack in self.packs_of(PackKind.ATTACK):
            for path in pack.files(".json", ".json.gz"):
                attack = read_attack(path, self.cache / "attack")
                names |= {technique.id: technique.name for technique in attack.techniques.values()}
        return names

    @property
    def profile(self) -> Path:
        """File that says what the organisation is and has."""
        return self.home / "profile.yaml"

    @property
    def intake(self) -> Path:
        """Folder of locks and markers."""
        return self.home / "intake"

    @property
    def cache(self) -> Path:
        """Folder of what can be made again."""
        self._make_home()
        return self.home / "cache"

    @property
    def reports(self) -> Path:
        """Folder of reports."""
        return self.home / "reports"
