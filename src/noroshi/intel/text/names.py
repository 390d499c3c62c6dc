"""Known names in text: actors, malware, tools, countries, sectors, products, with their aliases.

The names come from MISP galaxy clusters (https://www.misp-project.org/galaxy.html: ``values`` with
``value``, ``uuid`` and ``meta.synonyms``). All are sought at once by one automaton. A name that is
also an everyday word ("Play", "Hive") counts only beside a word that says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import ahocorasick_rs
import orjson

from noroshi.intel.text.errors import KnowledgeError
from noroshi.intel.text.everyday import EVERYDAY
from noroshi.intel.text.shadow import folded
from noroshi.intel.text.wordlist import words

_MAX_BYTES = 256 << 20
_KINDS = {
    "actor": "actor",
    "threat-actor": "actor",
    "mitre-intrusion-set": "actor",
    "microsoft-activity-group": "actor",
    "360net-threat-actor": "actor",
    "malpedia": "malware",
    "mitre-malware": "malware",
    "backdoor": "malware",
    "banker": "malware",
    "botnet": "malware",
    "rat": "malware",
    "stealer": "malware",
    "android": "malware",
    "ransomware": "malware",
    "exploit-kit": "malware",
    "tool": "tool",
    "mitre-tool": "tool",
    "country": "country",
    "target-information": "country",
    "sector": "sector",
    "product": "product",
}
_ORDER = ("actor", "malware", "tool", "product", "country", "sector")
_PLATFORM = re.compile(
    r"\s*\((?:windows|elf|linux|android|osx|macos|ios|js|php|vbs|jar|win)\)\Z", re.I
)
_REACH = 40
_VAGUE_SECTORS = words("other others all unknown citizens private")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "actor": (
        *("group", "actor", "apt", "gang", "attackers", "hackers", "operators", "campaign", "crew"),
        *("攻撃グループ", "攻撃者", "グループ", "犯罪集団", "ハッカー"),
    ),
    "malware": (
        *("malware", "ransom", "trojan", "backdoor", "loader", "stealer", "botnet", "rat ", "worm"),
        *("implant", "dropper", "banker", "rootkit", "wiper", "infostealer", "family", "payload"),
        *("variant", "sample", "infection", "gang", "downloader"),
        *("マルウェア", "ランサム", "バックドア", "トロイの木馬", "ローダ", "感染", "検体"),
    ),
    "tool": ("tool", "utility", "framework", "scanner", "malware", "ツール", "フレームワーク"),
    "product": ("server", "product", "software", "appliance", "vulnerab", "製品", "脆弱性"),
}
_SAYS = {kind: re.compile("|".join(map(re.escape, words))) for kind, words in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class Name:
    """What a spelling stands for.

    Attributes:
        kind: actor, malware, tool, country, sector, product, or a galaxy's own type.
        name: preferred name.
        identifiers: ids of the entries, in the order of the files.
        written: the spelling as the galaxy has it.
    """

    kind: str
    name: str
    identifiers: tuple[str, ...]
    written: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A name at a place, with how sure it is that the name is meant."""

    name: Name
    start: int
    end: int
    confidence: float


@dataclass(slots=True)
class Names:
    """Spellings and what they stand for. Made by :func:`read_galaxies`."""

    _spellings: dict[str, list[Name]] = field(default_factory=dict)
    _keys: list[str] = field(default_factory=list)
    _automaton: Any = None

    def __len__(self) -> int:
        return len(self._spellings)

    def add(self, data: Mapping[str, Any], where: str) -> None:
        """Add one cluster file; entries without a name are left out.

        Raises:
            KnowledgeError: it is not a galaxy cluster.
        """
        values, galaxy = data.get("values"), data.get("type")
        if not isinstance(values, list) or not isinstance(galaxy, str):
            raise KnowledgeError(f"{where}: not a MISP galaxy cluster (no type or values in it)")
        kind = _KINDS.get(galaxy) or _KINDS.get(str(data.get("category")), galaxy)
        for entry in values:
            if isinstance(entry, dict) and isinstance(entry.get("value"), str):
                self._add_entry(kind, entry)
        self._automaton = None

    def _add_entry(self, kind: str, entry: Mapping[str, Any]) -> None:
        name = _clean(entry["value"])
        meta = entry.get("meta")
        aliases = meta.get("synonyms") if isinstance(meta, dict) else None
        spellings = [name, *(aliases if isinstance(aliases, list) else ())]
        for spelling in spellings:
            if isinstance(spelling, str) and _usable(written := _clean(spelling)):
                key = folded(written)
                entries = self._spellings.setdefault(key, [])
                entries.append(Name(kind, name, (str(entry.get("uuid", "")),), written))

    def find(self, folding: str, text: str, base: int = 0) -> list[Hit]:
        """Return the names in a block, leftmost and longest first.

        Args:
            folding: the block in folded form.
            text: the block as written, of the same length.
            base: offset of the block in its document.
        """
        if not self._spellings:
            return []
        if self._automaton is None:
            self._keys = sorted(self._spellings)
            self._automaton = ahocorasick_rs.AhoCorasick(
                self._keys, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
            )
        found = []
        for index, start, end in self._automaton.find_matches_as_indexes(folding):
            if _stands_alone(folding, start, end):
                hit = self._hit(self._keys[index], folding, text, start, end)
                if hit is not None:
                    found.append(Hit(hit.name, base + start, base + end, hit.confidence))
        return found

    def _hit(self, key: str, folding: str, text: str, start: int, end: int) -> Hit | None:
        entries = self._spellings[key]
        if (
            key.isascii()
            and len(key) <= 4
            and text[start:end] == key
            and entries[0].kind != "sector"
        ):
            return None
        said = {
            kind for kind in {entry.kind for entry in entries} if _said(kind, folding, start, end)
        }
        confidence = max(_confidence(entry, text[start:end], bool(said)) for entry in entries)
        if confidence <= 0:
            return None
        return Hit(self._meant(key, frozenset(said)), start, end, confidence)

    def _meant(self, key: str, said: frozenset[str]) -> Name:
        """Of several entries, take the kind that the text names, then that of the first galaxy."""
        entries = self._spellings[key]
        chosen = min(entries, key=lambda item: (item.kind not in said, _rank(item.kind)))
        same = [item for item in entries if item.kind == chosen.kind]
        own = next((item for item in same if folded(item.name) == key), same[0])
        ids = dict.fromkeys(one for item in same for one in item.identifiers if one)
        return Name(own.kind, own.name, tuple(ids), own.written)


def read_galaxies(paths: Iterable[Path]) -> Names:
    """Read galaxy cluster files, or every ``.json`` of folders, the most specific first.

    Raises:
        KnowledgeError: a file is unreadable or no cluster.
    """
    names = Names()
    for path in paths:
        for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            names.add(_load(file), file.name)
    return names


def _load(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as handle:
            data = handle.read(_MAX_BYTES + 1)
        found = orjson.loads(data)
    except (OSError, ValueError) as error:
        raise KnowledgeError(f"{path.name}: cannot read the galaxy: {error}") from error
    if len(data) > _MAX_BYTES or not isinstance(found, dict):
        raise KnowledgeError(f"{path.name}: not a MISP galaxy cluster")
    return found


def _clean(name: str) -> str:
    return _PLATFORM.sub("", " ".join(name.split()))


def _usable(name: str) -> bool:
    """Whether a spelling can be sought: at least three characters, or two beyond ASCII."""
    return 2 + name.isascii() <= len(name) <= 80 and any(char.isalpha() for char in name)


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


_ASCII_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_INSIDE = frozenset("_/\\@.")
_INSIDE_AFTER = frozenset("_\\@")


def _stands_alone(folding: str, start: int, end: int) -> bool:
    """Whether a match is not part of a longer word; kana and kanji around it do not matter."""
    before, after = folding[start - 1 : start], folding[end : end + 1]
    if after in _ASCII_WORD and after and folding[end - 1] < "\x80":
        return False
    if before in _ASCII_WORD and before and start and folding[start] < "\x80":
        return False
    # Inside host names, paths and identifiers a name is part of something else.
    if (start and before in _INSIDE) or after in _INSIDE_AFTER:
        return False
    if after == "." and _joins(folding[end + 1 : end + 2]):
        return False
    wide = (start and before > "\x7f" and _joins(before) and _joins(folding[start])) or (
        after > "\x7f" and _joins(after) and _joins(folding[end - 1])
    )
    return not wide


def _joins(char: str) -> bool:
    return char.isalnum() and not _unspaced(char)


@cache
def _unspaced(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7ff" or char >= "\uf900"


def _said(kind: str, folding: str, start: int, end: int) -> bool:
    """Whether a word nearby says what kind of thing the name is."""
    pattern = _SAYS.get(kind)
    if pattern is None:
        return False
    near = pattern.search(folding, max(0, start - _REACH), start)
    return (near or pattern.search(folding, end, end + _REACH)) is not None


def _confidence(entry: Name, written: str, said: bool) -> float:
    """Return how sure a mention is, 0 for an everyday word that nothing speaks for."""
    plain = written.lower()
    if entry.kind == "sector":
        return 0.0 if plain in _VAGUE_SECTORS else 0.6
    capital = any(char.isupper() for char in written) or not written.isascii()
    if entry.kind == "country":
        return 0.85 if capital else 0.0
    telling = any(char.isdigit() for char in written) or " " in written or _camel(entry.written)
    if plain in EVERYDAY:
        return 0.7 if said and capital else 0.0
    if telling and (len(written) > 4 or capital):
        return 0.95 if said else 0.9
    if not capital:
        return 0.6 if said and len(written) > 4 else 0.0
    if len(written) <= 4:
        return 0.75 if said else 0.0
    return 0.9 if said else 0.75


def _camel(name: str) -> bool:
    return any(char.isupper() for char in name[1:]) and not name.isupper()
