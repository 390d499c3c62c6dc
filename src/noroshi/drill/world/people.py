"""The people of an organisation: names, departments, jobs, hours, accounts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from noroshi.drill.world.country import Country
from noroshi.drill.world.parts import Account, Person, domain_sid, netbios
from noroshi.drill.world.profile import Profile

CORE_PREFIX = "mn-"
"""Of the accounts of the My-Number network."""
_LONG = (("oo", "o"), ("ou", "o"), ("uu", "u"))
_KANA = {
    **dict(zip(("a", "i", "u", "e", "o"), "アイウエオ", strict=True)),
    **{
        consonant + vowel: kana
        for consonant, row in (
            ("k", "カキクケコ"), ("s", "サシスセソ"), ("t", "タチツテト"), ("n", "ナニヌネノ"),
            ("h", "ハヒフヘホ"), ("m", "マミムメモ"), ("r", "ラリルレロ"), ("g", "ガギグゲゴ"),
            ("z", "ザジズゼゾ"), ("d", "ダヂヅデド"), ("b", "バビブベボ"), ("p", "パピプペポ"),
        )
        for vowel, kana in zip("aiueo", row, strict=True)
    },
    "ya": "ヤ", "yu": "ユ", "yo": "ヨ", "wa": "ワ", "shi": "シ", "chi": "チ", "tsu": "ツ",
    "fu": "フ", "ji": "ジ", "n": "ン",
    **{
        start + vowel: kana + small
        for start, kana in (("sh", "シ"), ("ch", "チ"), ("j", "ジ"), ("ky", "キ"), ("ry", "リ"),
                            ("gy", "ギ"), ("hy", "ヒ"), ("my", "ミ"), ("ny", "ニ"), ("by", "ビ"))
        for vowel, small in (("a", "ャ"), ("u", "ュ"), ("o", "ョ"))
    },
}  # fmt: skip


def people_of(profile: Profile, land: Country, rng: random.Random) -> tuple[Person, ...]:
    """Return the staff, department by department, the head first."""
    taken: set[str] = set()
    people: list[Person] = []
    for room, size in _sizes(profile):
        for place in range(size):
            family, given = rng.choice(land.families), rng.choice(land.givens)
            login = _login(family[1], given[1], taken)
            kana = f"{kana_of(family[1])} {kana_of(given[1])}" if land.language == "ja" else ""
            written = (family[0], given[0]) if land.family_first else (given[0], family[0])
            people.append(
                Person(
                    login, *written, room, profile.domain, kana, _job(land.jobs, place, size),
                    _hours(land.calendar.hours, rng),
                    land.phone.format(number=1000 + len(people)),
                )
            )  # fmt: skip
    return tuple(people)


def accounts_of(
    profile: Profile, people: Sequence[Person], admins: Sequence[Person]
) -> dict[str, Account]:
    """Return the domain's accounts: one a person, one more for administrators, and services."""
    sid, name = domain_sid(profile.domain), netbios(profile.domain)
    accounts = {
        person.login: Account(person.login, f"{sid}-{1101 + index}", name)
        for index, person in enumerate(people)
    }
    special = [*(f"adm-{person.login}" for person in admins), "svc-backup", "svc-asset",
               "maint-hoshu"]  # fmt: skip
    for index, login in enumerate(special):
        accounts[login] = Account(login, f"{sid}-{90001 + index}", name, admin=True)
    return accounts


def core_domain(profile: Profile) -> str:
    """Return the Windows domain of the My-Number network, which trusts no other."""
    return f"mn.{profile.domain}"


def core_accounts(profile: Profile, owners: Sequence[Person]) -> dict[str, Account]:
    """Return the accounts with which people work in the My-Number network."""
    sid, name = domain_sid(core_domain(profile)), netbios(core_domain(profile))
    return {
        (login := f"{CORE_PREFIX}{person.login}"): Account(login, f"{sid}-{1101 + index}", name)
        for index, person in enumerate(owners)
    }


def kana_of(latin: str) -> str:
    """Return how a name in Hepburn with written-out vowels is read, in katakana."""
    kana, place = "", 0
    while place < len(latin):
        if (
            latin[place : place + 1] == latin[place + 1 : place + 2]
            and latin[place] not in "aiueon"
        ):
            kana, place = kana + "ッ", place + 1
            continue
        for length in (3, 2, 1):
            if part := _KANA.get(latin[place : place + length]):
                kana, place = kana + part, place + length
                break
        else:
            place += 1
    return kana


def _sizes(profile: Profile) -> Iterator[tuple[str, int]]:
    """Share the staff among departments by weight; nobody is lost to rounding.

    The last department, which administers the systems, always has somebody.
    """
    weights = [entry[1] for entry in profile.departments]
    total, left, given = sum(weights), profile.staff, 0
    for entry, weight in zip(profile.departments, weights, strict=True):
        given += weight
        size = max(1, round(profile.staff * given / total) - (profile.staff - left))
        size = min(size, left - (entry is not profile.departments[-1]))
        left -= size
        yield entry[0], size


def _login(family: str, given: str, taken: set[str]) -> str:
    for long, short in _LONG:
        family = family.replace(long, short)
    stem = f"{given[0]}.{family}"
    login, number = stem, 1
    while login in taken:
        number += 1
        login = f"{stem}{number}"
    taken.add(login)
    return login


def _job(jobs: tuple[str, ...], place: int, size: int) -> str:
    """The head, then the ladder; the last fifth is on yearly contract."""
    if place == 0:
        return jobs[0]
    if place >= size - size // 5:
        return jobs[-1]
    return jobs[min(1 + place * (len(jobs) - 2) // max(size, 1), len(jobs) - 2)]


def _hours(usual: tuple[int, int], rng: random.Random) -> tuple[int, int]:
    """Most keep office hours; some begin half an hour early or late, some work shorter days."""
    begin, end = usual
    shift = rng.choices((0, -30, 30), (84, 8, 8))[0]
    short = rng.choices((0, 75, 180), (86, 9, 5))[0]
    return begin + shift, end + shift - short
