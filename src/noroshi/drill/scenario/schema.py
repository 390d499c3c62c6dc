"""A scenario as it stands in its YAML file; see docs/scenarios.md."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from noroshi.drill.action import ActionKind
from noroshi.drill.errors import DrillError
from noroshi.drill.exercise.letter import Channel
from noroshi.drill.exercise.parties import Party
from noroshi.drill.exercise.roles import Role
from noroshi.model.safe_yaml import load_yaml

MAX_BYTES = 1 << 20
"""Largest scenario file, bytes."""
MOST_STEPS = 60
_CLOCK = r"^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"
_NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"
_SITE = r"^([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)?$"
"""A name or address outside; it goes into logs as it is."""
Clock = Annotated[str, Field(pattern=_CLOCK)]
Site = Annotated[str, Field(pattern=_SITE)]
Name = Annotated[str, Field(pattern=_NAME)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Words(_Strict):
    """A text in both languages."""

    en: str = Field(min_length=1, max_length=4_000)
    ja: str = Field(min_length=1, max_length=4_000)

    def both(self) -> dict[str, str]:
        """Return it by language."""
        return {"en": self.en, "ja": self.ja}


class Part(_Strict):
    """Who or what plays a part: exactly one kind."""

    desk: str | list[str] = ""  # department whose first person sits there
    host: str = ""  # a server by name
    admin: str = ""  # department whose administrator's account it is
    account: str = ""  # a login, or the name of a desk of the cast
    site: Site | list[Site] = ""  # outside name or address
    ip: Site = ""  # of a site with a name
    data: str = ""  # a share, a system


class Server(_Strict):
    """A machine that the organisation has for this scenario."""

    name: str = Field(pattern=r"^[A-Z]{2,10}[0-9]{2}$")
    ip: str = Field(pattern=r"^10\.20\.\d{1,3}\.\d{1,3}$")
    role: Literal["asset", "files", "vpn", "web", "home"] = "asset"
    public: Site = ""


class Organisation(_Strict):
    """The town, or a house that belongs to it."""

    name: Words | None = None
    rooms: dict[str, str] = {}
    servers: list[Server] = []
    life: list[Literal["cloud", "tunnels", "sticks", "help-desk", "plant"]] = []


class StepOf(_Strict):
    """A node of the story's graph."""

    use: str
    after: list[str] | str = []
    any: list[str] = []
    on: str = Field("", alias="to")
    origin: str = Field("", alias="from")
    account: list[str] | str = []
    site: str = ""
    data: list[str] | str = []
    at: Clock | None = None
    delay: tuple[float, float] = (2.0, 10.0)
    when: Literal["", "night", "office"] = ""
    harm: float | None = Field(None, ge=0, le=100)
    noticed: bool = False
    count: list[int] = []
    stopped_by: list[str] = []
    levels: list[int] = []
    title: Words | None = None
    texts: dict[str, str] = Field({}, alias="with")

    @field_validator("after", "account", "data", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class LevelOf(_Strict):
    """How hard it is."""

    alert: Clock
    pace: float = Field(1.0, ge=0.2, le=2)
    fallbacks: int = Field(0, ge=0, le=3)
    retries: int = Field(1, ge=0, le=4)
    missing: list[str] = []


class CallOf(_Strict):
    """An inject."""

    sender: Party = Field(alias="from")
    to: Role = Role.ALL
    by: Channel = Channel.PHONE
    at: int = Field(0, ge=0, le=1_440)
    step: str = ""
    harm: float = 0.0
    unless: ActionKind | None = None
    answer_within: int = Field(0, ge=0, le=1_440)
    text: Words


class DutyOf(_Strict):
    """An obligation."""

    do: ActionKind
    target: str = ""
    within: int = Field(ge=5, le=10_080)
    data: bool = False
    text: Words


class QuestionOf(_Strict):
    """A question whose answer stands in the evidence."""

    about: str
    asks: Literal["machine", "account", "time", "address"]
    answer: str
    text: Words


class ModelOf(_Strict):
    """What a good team does."""

    do: ActionKind
    target: str
    step: str = ""
    minutes: int = Field(10, ge=0)


class ScenarioOf(_Strict):
    """The file."""

    name: Name
    title: Words
    course: Literal["A", "B", "C"]
    hours: float = Field(3.0, gt=0, le=48)
    briefing: Words
    organisation: Organisation = Organisation()
    cast: dict[str, Part]
    begin: Clock = "00:00"
    end: Clock = "23:55"
    fallbacks: list[str] = []
    steps: dict[str, StepOf] = Field(min_length=1, max_length=MOST_STEPS)
    levels: dict[int, LevelOf]
    alarm: CallOf | None = None
    injects: list[CallOf] = []
    duties: list[DutyOf] = []
    questions: list[QuestionOf] = []
    hints: list[Words] = []
    model: list[ModelOf] = []
    note: list[str] = []


def parse(text: str, where: str) -> ScenarioOf:
    """Return a scenario from YAML.

    Args:
        text: the file.
        where: its name, for the error.

    Raises:
        DrillError: not YAML, or not a scenario; the text names the place.
    """
    if len(text) > MAX_BYTES:
        raise DrillError(f"{where}: larger than {MAX_BYTES:,} characters; that is no scenario")
    try:
        return ScenarioOf.model_validate(load_yaml(text))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise DrillError(f"{where}: {place or 'top'}: {first['msg']}") from error
        raise DrillError(f"{where}: not readable as YAML: {error}") from error


def read(path: Path) -> ScenarioOf:
    """Return the scenario of a file.

    Raises:
        DrillError: it cannot be read, or is no scenario.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DrillError(f"{path}: larger than {MAX_BYTES:,} bytes; that is no scenario")
        return parse(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise DrillError(f"{path}: cannot be read: {error}") from error
