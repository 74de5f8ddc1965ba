"""Reading what is typed about an evacuation: words of the declared lists, languages, companions, a guardian for a child."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from evenhand.errors import ActionRefused, OptionRefused, shown, suggest
from evenhand.people.evacuation import CHILD
from evenhand.people.models import EvacuationNeed, Person
from evenhand.people.opening import sealer

LANGUAGE = re.compile(r"[a-z]{2,3}")
MOST_LANGUAGES = 20
MOST_COMPANIONS = 5


def read_word(kind: str, text: str, words: Sequence[str]) -> str:
    """Return one of some words. Raises OptionRefused."""
    word = text.strip().casefold()
    if word not in words:
        raise OptionRefused(f"the {kind} '{shown(text, 30)}' is none of {', '.join(words)}{suggest(word, words)}")
    return word


def read_words(kind: str, text: str, words: Sequence[str]) -> list[str]:
    """Return some of the words, separated by ';', in the order of the list. Raises OptionRefused."""
    typed = [read_word(kind, one, words) for one in text.split(";") if one.strip()]
    if not typed:
        raise OptionRefused(f"no {kind} is named; name some of {', '.join(words)}, separated by ';'")
    return [one for one in words if one in typed]


def read_languages(text: str) -> list[str]:
    """Return codes of languages separated by ';'; none is allowed. Raises OptionRefused."""
    codes = sorted({one.strip().casefold() for one in text.split(";") if one.strip()})
    for code in codes:
        if not LANGUAGE.fullmatch(code):
            raise OptionRefused(f"'{shown(code, 30)}' is no code of a language; write two or three letters, ar or fr")
    if len(codes) > MOST_LANGUAGES:
        raise OptionRefused(f"{len(codes)} languages are more than {MOST_LANGUAGES}; name those that matter")
    return codes


def read_companions(patient: Person, refs: Sequence[str]) -> list[Person]:
    """Return who of the household travels along, each present. Raises ActionRefused."""
    rows = {one.ref: one for one in patient.household.persons.filter(pk__in=list(refs))}
    if len(set(refs)) != len(refs) or len(refs) > MOST_COMPANIONS:
        raise ActionRefused(f"name each companion once, and at most {MOST_COMPANIONS}")
    for ref in refs:
        if ref == patient.ref:
            raise ActionRefused("the patient is no companion; name who travels along")
        if ref not in rows:
            raise ActionRefused(f"{shown(ref, 20)} is not of {patient.household_id}; companions are of the household")
        if rows[ref].state != "present":
            raise ActionRefused(f"{ref} is {rows[ref].state}; a companion is there to travel")
    return [rows[ref] for ref in refs]


def expect_guardian(patient: Person, companions: Sequence[Person], alone: str, day: date) -> list[str]:
    """Refuse to let a child travel without a grown-up unless it is said why; return what is to be doubted."""
    child = is_child(patient, day)
    if child is None:
        return [f"no year of birth is known of {patient.ref}; if this is a child, a grown-up travels along"]
    if child and not alone.strip() and not any(is_child(one, day) is False for one in companions):
        raise ActionRefused(
            f"{patient.ref} is, or may be, under {CHILD}; name a grown-up of the household who travels along, or say why none can"
        )
    return []


def is_guarded(need: EvacuationNeed, patient: Person, day: date) -> bool:
    """Say whether a child travels with somebody who has to stay, so that a hospital must have room for one of them."""
    return bool(need.companions) and is_child(patient, day) is True


def is_child(person: Person, day: date) -> bool | None:
    """Say whether somebody is under 18 on a day, or may be where the year alone is known; None where nothing is."""
    boxes = {field: box for field, box in person.boxes.items() if field in ("birth_date", "birth_year")}
    values = sealer().open_all(person.ref, boxes)
    if "birth_date" in values:
        born = date.fromisoformat(values["birth_date"])
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < CHILD
    return day.year - int(values["birth_year"]) <= CHILD if "birth_year" in values else None
