"""Is a dotted word a host name, a file, a piece of code or the end of a sentence?

The same characters write ``evil.sh`` the domain and ``install.sh`` the file. What decides: the
suffix list, whether the ending is also a file extension, how it is capitalised, and what stands
around it.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from noroshi.intel.text.suffixes import Suffixes
from noroshi.intel.text.wordlist import words

MAX_NAME = 253
"""Longest domain name in text form (RFC 1035 section 2.3.4)."""
_MOST_LABELS = 40
_LABELS = re.compile(r"(?:_?[^\W_][\w-]{0,62}+(?<=\w)\.)*+[^\W_][\w-]{0,62}+(?<=[^\W_])\Z")
"""All but the last: underscores only to the left of the one that somebody registered."""

PROGRAMS = words(
    """
    exe dll sys scr pif cpl ocx drv efi msi msp mst msix appx cab bat cmd ps1 psm1 psd1 vbs vbe
    vba js jse wsf wsh wsc hta sct sh bash zsh py pyc pyw pyd pl rb php phtml php5 asp aspx ashx
    asmx jsp jspx cgi jar war ear class apk aab dex ipa dmg pkg app deb rpm elf so ko dylib bin
    out run com lnk url library-ms searchconnector-ms reg inf chm xll wll ppam xlam dotm docm
    xlsm pptm iqy slk application appref-ms gadget workflow command scpt mof node wasm ax tlb
    rom fw
    """
)
_DOCUMENTS = words(
    """
    doc docx dot dotx xls xlsx xlsb xltx csv tsv ppt pptx pps ppsx odt ods odp rtf pdf xps one
    pub vsd vsdx mpp txt log md rst adoc tex htm html xhtml shtml mht mhtml xml xsl xslt json
    jsonl yml yaml toml ini cfg conf config cnf properties env plist sql db sqlite mdb accdb dbf
    dat data eml msg pst ost ics vcf zip rar 7z gz tgz bz2 xz zst lz4 tar iso img vhd vhdx vmdk
    ova qcow2 wim ace arj lzh png jpg jpeg gif bmp ico svg webp tif tiff psd mp3 mp4 m4a m4v avi
    mkv mov wav wma wmv ogg flac webm flv swf ttf otf woff woff2 eot css scss less ts tsx jsx
    mjs cjs vue map lock rs go c h cc cpp hpp cxx cs vb fs fsx swift kt kts java scala lua r jl
    m mm asm s nim zig ipynb gradle cmake mk mak patch diff tmp temp bak old orig swp cache part
    crdownload dmp mem pcap pcapng evtx evt etl hiv pem crt cer der key pfx p12 csr asc gpg sig
    pgp kdbx yar yara yml sigma rules stix ps eps ai indd lib obj o a pdb idb i64 manifest
    nuspec nupkg whl egg vbox rdp ovpn torrent desktop service timer socket target rels theme
    themepack scf job pf lck pid crypt locked enc
    """
)
EXTENSIONS = PROGRAMS | _DOCUMENTS
_DOMAIN_FIRST = words("com ai cc in id bz link page zone run work data cat")
"""Endings of both worlds that in reports end a domain unless something speaks against it."""
_LONG_DOMAIN_FIRST = words("app sh")
"""The same where a name has three labels: ``shop.web.app``, but ``music.app``."""
_WORDY = words("data page zone run work")
"""Of these, endings that after a stem like ``UsrClass`` are a file's."""
_SECOND_LEVELS = words("ac co com edu go gob gov ltd me mil ne net nom or org sch")
"""Below a country code these are endings themselves: "the rest ended in co.jp"."""
_MEMBERS = words(
    """
    name id is to at as do in click date events final host link call run show stream watch win top
    zip map next new open now page post search select site space store style support systems
    """
)
"""Endings that in code are members of an object."""
_WEAK_EXTENSIONS = words("a c h m o r s go data run out part key map one old job theme")
"""Extensions that are also everyday last words; a file only with a stem that looks like one."""

_OBJECTS = words(
    """
    this self cls os sys re io app document window location navigator console math json object
    array string date process module exports require request response req res socket http fs
    path util system java javax jdk sun kotlin android androidx python numpy np pandas pd django
    flask asyncio urllib subprocess logging config settings event events node element form input
    button params args target kernel32 ntdll user32 advapi32 wininet ws2_32 winapi win32 shell32
    mscorlib microsoft windows wscript activexobject scripting adodb msxml2 xmlhttp vbscript
    powershell env process.env my package import func function class struct var val std boost qt
    cv tf torch sklearn plt ax df
    """
)
_NAMED = re.compile(rb"domain|host|c2|c&c|dns|server|site|url|fqdn")
_ADDRESS_FOLLOWS = re.compile(rb"\(\d{1,3}\.\d")
_PLAIN = words("com net org jp")
_PACKAGE_ROOTS = words("com org net edu gov mil io dev app jp co me")
_SHOUTED = words("asp ado vb ml j j# c# f# iron vb6 pocket")


class Kind(Enum):
    """What a dotted word is."""

    DOMAIN = "domain"
    FILE = "file"
    NEITHER = "neither"


class Surroundings(NamedTuple):
    """What is known about a dotted word besides its letters.

    Attributes:
        lower: the text that it stands in, in lower case.
        start: its first byte.
        end: the byte after its last.
        defanged: somebody made it unclickable, so it is no file name.
    """

    lower: bytes
    start: int
    end: int
    defanged: bool

    @property
    def before(self) -> bytes:
        """The byte before it, empty at the start."""
        return self.lower[self.start - 1 : self.start] if self.start else b""

    @property
    def after(self) -> bytes:
        """The bytes after it, a few."""
        return self.lower[self.end : self.end + 8]

    @property
    def near(self) -> bytes:
        """The words before it."""
        return self.lower[max(0, self.start - 48) : self.start]


def kind_of(word: str, around: Surroundings, suffixes: Suffixes) -> Kind:
    """Tell what a dotted word is."""
    labels = word.split(".")
    last = labels[-1]
    low = last.lower()
    is_file = _is_file(labels, low)
    if (
        len(labels) > 1
        and is_domain(word, suffixes, any_case=around.defanged and low not in EXTENSIONS)
        and not _is_code(word, labels, around)
    ):
        if low not in EXTENSIONS or (low in _WEAK_EXTENSIONS and not is_file):
            return Kind.DOMAIN
        if around.defanged or word.lower().startswith("www."):
            return Kind.DOMAIN
        first = low in _DOMAIN_FIRST or (low in _LONG_DOMAIN_FIRST and len(labels) > 2)
        if first and not _file_like(labels) and not (low in _WORDY and _mixed(labels[-2])):
            return Kind.DOMAIN
        if _domain_signs(labels, around):
            return Kind.DOMAIN
    return Kind.FILE if is_file and not around.after.startswith(b"(") else Kind.NEITHER


def is_domain(word: str, suffixes: Suffixes, *, any_case: bool = False) -> bool:
    """Whether a word is a well-formed domain name under a known ending.

    Unless any case will do, an ending like "In" belongs to a sentence that begins there.
    """
    labels, dot, last = word.rpartition(".")
    if not dot or len(word) > MAX_NAME or labels.count(".") > _MOST_LABELS - 2:
        return False
    if not suffixes.knows(last.lower()) and not _known_abroad(last, suffixes):
        return False
    if not _LABELS.match(labels):
        return False
    return (
        any_case
        or last.islower()
        or last.isupper()
        or last.lower().startswith("xn--")
        or not last.isascii()
    )


def _known_abroad(label: str, suffixes: Suffixes) -> bool:
    if label.isascii():
        return False
    try:
        return suffixes.knows(label.lower().encode("idna").decode())
    except UnicodeError:
        return False


def _is_file(labels: list[str], low: str) -> bool:
    stem = labels[-2] if len(labels) > 1 else ""
    if low not in EXTENSIONS or not stem:
        return False
    return low not in _WEAK_EXTENSIONS or _file_like(labels) or len(low) > 2


def _file_like(labels: list[str]) -> bool:
    """Whether the part before the ending has what file names have and host names rarely do."""
    stem = labels[-2].lower()
    return (
        stem in EXTENSIONS
        or stem in ("readme", "index", "main", "setup", "install", "command", "config", "test")
        or "_" in labels[-2]
    )


def _mixed(stem: str) -> bool:
    return stem[1:] != stem[1:].lower() and not stem.isupper()


def _domain_signs(labels: list[str], around: Surroundings) -> bool:
    if _NAMED.search(around.near) and not _file_like(labels):
        return True
    port = around.after[:1] == b":" and around.after[1:3].isdigit()
    path = around.after[:1] == b"/" and around.after[1:2].isalnum() and around.before != b"/"
    return (port or path) and not _file_like(labels)


def _is_code(word: str, labels: list[str], around: Surroundings) -> bool:
    """Whether a well-formed name is rather an identifier, an abbreviation or a missing blank."""
    if around.defanged:
        return False
    last, first = labels[-1], labels[0].lower()
    after = around.after
    if after[:1] == b"(":
        return not (_ADDRESS_FOLLOWS.match(after) or (len(labels) > 2 and last in _PLAIN))
    if around.before == b"$":
        return True
    if len(labels[0]) == 1 and all(len(label) == 1 for label in labels):
        return True
    if len(labels) == 2 and len(last) == 2 and first in _SECOND_LEVELS:
        return True
    if last in _MEMBERS and any(label in _OBJECTS or len(label) == 1 for label in labels[:-1]):
        return True
    if last.isupper() and last.isascii() and not word.isupper():
        return True
    if last.isupper() and (first in _SHOUTED or (len(labels) == 2 and len(labels[0]) <= 2)):
        return True
    if first in _OBJECTS and len(labels) < 3 and last not in ("com", "net", "org", "jp"):
        return True
    if len(labels) >= 3 and first in _PACKAGE_ROOTS and not word.startswith(("www.", "app.")):
        return last not in ("com", "net", "org") or first in ("com", "org", "net")
    return _dotted_abbreviation(labels) or (not word.islower() and _capital_inside(labels))


def _dotted_abbreviation(labels: list[str]) -> bool:
    """``e.g``, ``i.e``, ``U.S``, ``a.k.a``: all but the last are single letters."""
    return len(labels[-1]) <= 2 and all(len(label) == 1 for label in labels[:-1])


def _capital_inside(labels: list[str]) -> bool:
    """``System.Threading.tasks``: several labels in camel case."""
    return sum(label[:1].isupper() and not label.isupper() for label in labels[:-1]) >= 2
