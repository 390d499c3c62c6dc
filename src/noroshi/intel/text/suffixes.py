"""Which endings make a dotted name a domain, and where the registered part of it begins.

The public suffix list (publicsuffix.org, format: one rule per line, ``*.`` wildcards, ``!``
exceptions, ``//`` comments) comes from a pack or a file of the user's and is never fetched. Without
one, a short list of our own serves: all two-letter country codes in use, the generic endings that
reports name most, and the second levels under which a few countries register.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from noroshi.intel.text.errors import KnowledgeError
from noroshi.intel.text.wordlist import words

_MAX_BYTES = 16 << 20

# Not in the public DNS, yet seen in reports: Tor, I2P and alternative roots; names kept for
# examples (RFC 2606).
_BEYOND_DNS = words("onion i2p bit bazar coin emc example test invalid")

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw
by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et
eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie
il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv
ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr
nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl
sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz
va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_GENERIC = """
com net org edu gov mil int arpa info biz name pro aero coop museum jobs mobi travel tel cat asia
xxx post app dev page cloud online site website space store shop tech top xyz vip club live life
world today news media press blog wiki link click download stream video games game fun win bid loan
date review trade party science racing accountant faith cricket men work works rest bar icu buzz
cyou monster quest sbs bond cfd beauty hair skin lol mom autos boats homes yachts host hosting
email support services solutions systems network digital global group agency company center city
zone team run fit guru ninja rocks social software technology tools community social chat codes
domains directory email exchange express finance financial fund money bank credit cash capital
insurance legal health healthcare care clinic dental hospital academy school university education
institute training design studio art gallery photo photos pics pictures graphics audio band music
film movie show tube watch events tickets tours holiday vacations hotel flights cab taxi car cars
auto limo parts repair energy solar land house estate properties property realty rent rentals
builders construction contractors garden kitchen furniture lighting supplies supply equipment
industries international limited ltd llc inc gmbh partners holdings ventures enterprises associates
management marketing market markets consulting expert tax accountants law lawyer attorney report
reviews poker casino bet game fish dog pet horse farm eco green organic bio earth baby kids family
wedding gift gifts toys clothing fashion shoes jewelry style boutique sale discount promo deals
delivery food pizza restaurant cafe coffee wine beer bar pub recipes diet fitness yoga football
golf hockey tennis ski surf run bike black blue red pink gold mobi moe wang ren xin ink ooo one
zip mov foo new google youtube amazon microsoft tokyo nagoya osaka kyoto yokohama okinawa ryukyu
london berlin paris moscow nyc vegas miami africa lat place tirol swiss wales scot bible church
observer click cool plus pink love sexy adult porn sex cam webcam dating singles rip zone cheap
foundation charity gives help guide how here now page phd army navy vet vote voto republican
democrat gop
"""
_SECOND = {
    "jp": "ac ad co ed go gr lg ne or",
    "uk": "ac co gov ltd me net nhs org plc police sch",
    "au": "asn com edu gov id net org",
    "nz": "ac co geek gen govt iwi maori mil net org school",
    "kr": "ac co go ne or pe re",
    "in": "ac co edu firm gen gov ind net org res",
    "id": "ac co desa go my net or sch web",
    "th": "ac co go in mi net or",
    "za": "ac co gov law net org web",
    "il": "ac co gov muni net org",
}
_COMMON_SECOND = "com net org edu gov gob mil"
_WITH_COMMON = """
ar br cn tw hk sg my ph vn tr ua ru mx co pe ve ec py uy bo pl pt es gr eg sa pk bd lk np ng gh ke
kw qa om lb cy mt ro hu kz uz by ge az
"""


@dataclass(frozen=True, slots=True)
class Suffixes:
    """A public suffix list.

    Attributes:
        rules: suffixes, in ASCII (punycode) form.
        wildcards: parents whose every child is a suffix.
        exceptions: names that are no suffix in spite of a wildcard.
        tlds: the last labels of all rules.
        own: whether it is the short list of our own.
    """

    rules: frozenset[str]
    wildcards: frozenset[str]
    exceptions: frozenset[str]
    tlds: frozenset[str]
    own: bool = False

    def knows(self, label: str) -> bool:
        """Whether a lower-case last label makes a dotted name a domain."""
        return label in self.tlds or (label.startswith("xn--") and self.own)

    def is_suffix(self, name: str) -> bool:
        """Whether a name is itself a suffix, under which many register."""
        return name not in self.exceptions and (
            name in self.rules or name.partition(".")[2] in self.wildcards
        )

    def registrable(self, name: str) -> str:
        """Return the registered part of a name: one label more than its suffix.

        A name that is itself a suffix comes back whole.
        """
        labels = name.lower().rstrip(".").split(".")[-8:]
        for count in range(len(labels), 0, -1):
            tail = ".".join(labels[-count:])
            if tail in self.exceptions:
                return tail
            if tail in self.rules or ".".join(labels[-count + 1 :]) in self.wildcards:
                return ".".join(labels[-(count + 1) :])
        return ".".join(labels[-2:])


@cache
def own_suffixes() -> Suffixes:
    """Return the short list of our own, for when no pack brings the public one."""
    tlds = frozenset((_COUNTRIES + _GENERIC).split()) | _BEYOND_DNS
    second = {f"{label}.{top}" for top, labels in _SECOND.items() for label in labels.split()}
    second |= {f"{label}.{top}" for top in _WITH_COMMON.split() for label in _COMMON_SECOND.split()}
    return Suffixes(tlds | second, frozenset(), frozenset(), tlds, own=True)


def read_suffixes(path: Path) -> Suffixes:
    """Read a public suffix list.

    Raises:
        KnowledgeError: the file is unreadable, too large, or holds no rule.
    """
    try:
        with path.open("rb") as handle:
            text = handle.read(_MAX_BYTES + 1)
    except OSError as error:
        raise KnowledgeError(f"{path.name}: cannot read the suffix list: {error}") from error
    if len(text) > _MAX_BYTES:
        raise KnowledgeError(f"{path.name}: larger than any public suffix list")
    rules = [rule for line in text.decode("utf-8", "replace").splitlines() if (rule := _rule(line))]
    if not rules:
        raise KnowledgeError(f"{path.name}: no rule of a public suffix list in it")
    plain = frozenset(rule for rule in rules if rule[0] not in "*!")
    wildcards = frozenset(rule[2:] for rule in rules if rule.startswith("*."))
    exceptions = frozenset(rule[1:] for rule in rules if rule.startswith("!"))
    tlds = frozenset(rule.rpartition(".")[2] for rule in rules) | _BEYOND_DNS
    return Suffixes(plain | _BEYOND_DNS, wildcards, exceptions, tlds)


def _rule(line: str) -> str:
    """Return the rule of a line in ASCII, or nothing for a blank, a comment or a broken one."""
    rule = line.split(maxsplit=1)[0] if line.strip() else ""
    if not rule or rule.startswith("//"):
        return ""
    try:
        return ".".join(_ascii(label) for label in rule.strip(".").lower().split("."))
    except UnicodeError:
        return ""


def _ascii(label: str) -> str:
    return label if label.isascii() else label.encode("idna").decode()
