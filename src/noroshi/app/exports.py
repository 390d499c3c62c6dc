"""What a workspace knows about its indicators when some of them are to go out."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from noroshi.app.workspace import Workspace
from noroshi.detect.indicators import ANALYTIC
from noroshi.intel.indicators import IndicatorType
from noroshi.intel.life import Seen
from noroshi.intel.objects import Tlp
from noroshi.intel.relevance import Profile, read_profile
from noroshi.intel.text import Suffixes
from noroshi.lang import Language
from noroshi.share.exports import (
    Folder,
    Format,
    Job,
    Known,
    Left,
    OneFile,
    Policy,
    Tally,
    Target,
    select,
    told,
)


def export(
    workspace: Workspace,
    form: Format,
    policy: Policy,
    target: Target,
    language: Language = "en",
    origin: str = "rpz.noroshi",
) -> Tally:
    """Write the indicators that may go, beside a file what a receiver should know about them."""
    tally = Tally()
    chosen = select(
        workspace.indicators.by_value(), policy, known(workspace, policy), form.kinds, tally
    )
    job = Job(chosen, policy, tally, language, origin)
    form.write(job, target)
    for _ in chosen:  # a format that stopped early would leave the rest uncounted
        raise AssertionError(form.name)
    if isinstance(target, OneFile | Folder):
        _tell(form, job, target)
    return tally


def known(workspace: Workspace, policy: Policy) -> Known:
    """Return what counts in a choice; our own sightings only for readers of TLP:RED, ourselves."""
    profile = read_profile(workspace.profile) if workspace.profile.is_file() else Profile()
    return Known(
        workspace.warning_lists,
        workspace.life.dismissed(),
        workspace.life.sources(),
        sightings(workspace) if policy.tlp is Tlp.RED else {},
        Guard(workspace.text_knowledge.suffixes, profile),
    )


def sightings(workspace: Workspace) -> dict[str, Seen]:
    """Return when our own sensors saw each indicator, by its id."""
    matches = workspace.lake.table("matches", ["analytic", "rule_id", "time"])
    own = matches.filter(pc.equal(matches["analytic"], ANALYTIC)).filter(
        pc.field("time") > pa.scalar(0)
    )
    ends = own.group_by("rule_id").aggregate([("time", "min"), ("time", "max"), ("time", "count")])
    return {
        row["rule_id"]: Seen(row["time_min"], row["time_max"], row["time_count"])
        for row in ends.to_pylist()
    }


@dataclass(frozen=True, slots=True)
class Guard:
    """Keeps what a poisoned feed would love to see blocked out of every list.

    Attributes:
        suffixes: names under which anybody registers: ``co.jp`` is nobody's.
        profile: the organisation, whose own names and addresses are never given out as bad.
    """

    suffixes: Suffixes
    profile: Profile

    def __call__(self, kind: IndicatorType, value: str) -> Left | None:
        """Return why a value must not go; None if it may."""
        if kind is IndicatorType.DOMAIN:
            child = f"x.{value}"
            if self.suffixes.registrable(child) == child:
                return Left.TOO_BROAD
        return Left.OWN if self._own(kind, value) else None

    def _own(self, kind: IndicatorType, value: str) -> bool:
        if kind in (IndicatorType.ADDRESS, IndicatorType.NETWORK):
            theirs = ipaddress.ip_network(value)
            mine = map(ipaddress.ip_network, self.profile.prefixes)
            return any(net.version == theirs.version and net.overlaps(theirs) for net in mine)
        host = _host(kind, value)
        return any(
            f".{host}".endswith(f".{own}") or f".{own}".endswith(f".{host}")
            for own in self.profile.domains
            if host
        )


def _host(kind: IndicatorType, value: str) -> str:
    if kind is IndicatorType.URL:
        try:
            return urlsplit(value).hostname or ""
        except ValueError:
            return ""
    return value.rpartition("@")[2] if kind in (IndicatorType.DOMAIN, IndicatorType.MAIL) else ""


def _tell(form: Format, job: Job, target: OneFile | Folder) -> None:
    """Write beside the export how it was chosen and what it lacks."""
    about = {
        "format": form.name,
        "tlp": job.policy.tlp.word,
        "minimum_score": job.policy.minimum,
        "maximum_age_microseconds": job.policy.oldest or None,
        "warning_lists": job.policy.warning_lists,
        "policy": list(job.head())[1:],
        "written": job.tally.written,
        "left_out": {
            why.value: {"count": count, "why": told(why, count, job.language)}
            for why, count in sorted(job.tally.left.items())
            if count and why is not Left.MARKING
        },
        "sha256": dict(sorted(target.digests.items())),
    }
    text = orjson.dumps(about, option=orjson.OPT_INDENT_2)
    beside = (
        target.path / "about.json"
        if isinstance(target, Folder)
        else target.path.with_name(f"{target.path.name}.about.json")
    )
    with OneFile(beside).file("") as sink:
        sink.write(text + b"\n")
