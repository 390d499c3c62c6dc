"""A profile says what a house is like; mistakes name file, key, value and what is possible."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.drill.errors import DrillError
from noroshi.drill.world import builtin_profile, kinds, make_world, read_profile
from noroshi.drill.world.country import countries
from noroshi.drill.world.profile import SENSORS

OURS = "{name: 桜田町役場, kind: town, staff: 30, departments: [[総務課, 2], [情報課, 1]]}"


def written(folder: Path, text: str) -> Path:
    path = folder / "ours.yaml"
    path.write_text(text, "utf-8")
    return path


def test_what_is_left_out_comes_from_the_kind_and_the_name_does_not(tmp_path: Path) -> None:
    profile = read_profile(written(tmp_path, OURS))
    assert (profile.name, profile.name_en) == ("桜田町役場", "桜田町役場")
    assert profile.machines == builtin_profile("town").machines
    assert {p.department for p in make_world(profile, 1).people} == {"総務課", "情報課"}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("staf", "1", r"staf: no such key; there are: .*staff"),
        ("missing", "[zeke]", r"missing: no sensor 'zeke'; there are: .*zeek"),
        ("departments", "[[税務課, 3, kore]]", r"no zone 'kore'; there are: core"),
        ("departments", "[[税務課]]", r"write \[name, weight\]"),
        ("departments", "[[税務課, 0]]", r"the weight is a number from 1 on"),
        ("country", "xx", r"country: no 'xx'; there are: de, jp"),
        ("model", "gamma", r"model: .*'alpha-prime'.*it says 'gamma'"),
        ("machines", "[[Core, core, core]]", r"machines: 'Core' is no name of a machine"),
    ],
)
def test_a_mistake_says_what_is_possible(tmp_path: Path, key: str, value: str, said: str) -> None:
    path = written(tmp_path, f"name: a\nkind: town\n{key}: {value}\n")
    with pytest.raises(DrillError, match=said) as caught:
        read_profile(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_sensor_of_a_kind_can_be_left_out_by_name(kind: str) -> None:
    names = {sensor.name for sensor in make_world(builtin_profile(kind), 1).sensors}
    assert names <= set(SENSORS)
    without = builtin_profile(kind).model_copy(update={"missing": frozenset(names)})
    assert make_world(without, 1).sensors == ()


def test_an_added_pack_brings_countries_and_kinds(tmp_path: Path) -> None:
    top = tmp_path / "theirs"
    (top / "nz" / "organisations").mkdir(parents=True)
    (top / "nz" / "country.yaml").write_text(
        "{language: en, zone: 720, family_first: false, hours: [510, 1020], holidays: [],\n"
        "opening: Kia ora, closing: Regards, phone: 'ext. {number}', outside: [www.news.example],\n"
        "families: 'Smith/smith Ngata/ngata', givens: 'Anna/anna Tane/tane', jobs: [head, clerk]}",
        "utf-8",
    )
    (top / "nz" / "organisations" / "council.yaml").write_text(
        "{title: {en: Harbour council}, domain: harbour.example, staff: 20, departments: "
        "[[Office, 3], [IT, 1]]}",
        "utf-8",
    )
    extra = (top,)
    assert "nz" not in countries()
    assert countries(extra) == (*countries(), "nz")
    assert kinds(extra)["council"] == "nz"
    world = make_world(builtin_profile("council", extra=extra), 1, extra)
    assert (world.name, world.language) == ("Harbour council", "en")
    with pytest.raises(DrillError, match="no kind of organisation 'council'"):
        builtin_profile("council")
