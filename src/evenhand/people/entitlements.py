"""The rule of an entitlement: terms as people write them, and what they come to for one household. Holds no Django.

::

    15 kg per person; 3 kg per person under 5; 1 kit per household; 2 tin per person pregnant; 100 USD per household of 6 or more

Terms are added up. Ages are counted in full years on the day; somebody whose birth nobody knows counts as grown up, so that a
missing date never takes food from anybody, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.errors import OptionRefused, shown
from evenhand.people.fields import CONDITIONS, SEXES

MOST_TERMS: Final = 20
GROWN_UP: Final = 18
WORDS: Final = (*CONDITIONS, *SEXES)

_TERM = re.compile(
    r"(?P<amount>[0-9][0-9 ,.]*)\s+(?P<unit>\S+)\s+per\s+"
    r"(?:(?P<household>household)(?:\s+of\s+(?P<least>\d+)\s+or\s+more)?"
    r"|person(?:\s+(?:under\s+(?P<under>\d+)|of\s+(?P<from>\d+)\s+to\s+(?P<to>\d+)|of\s+(?P<over>\d+)\s+or\s+more))?"
    r"(?:\s+(?P<word>[a-z-]+))?)"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Hold one term: so much per household or per person of some ages or condition.

    Attributes
    ----------
    first_age, last_age
        In full years, both in; of a household term unused.
    least
        The fewest members that make a household count.
    word
        A condition or a sex; "" for everybody.
    """

    text: str
    amount: str
    unit: str
    of_household: bool
    first_age: int = 0
    last_age: int = 999
    least: int = 0
    word: str = ""

    @property
    def needs(self) -> frozenset[str]:
        """Return the fields that have to be read for it."""
        ages = {"birth_year", "birth_date"} if (self.first_age, self.last_age) != (0, 999) else set()
        words = {"condition"} if self.word in CONDITIONS else {"sex"} if self.word else set()
        return frozenset(ages | words)


@dataclass(frozen=True, slots=True)
class Share:
    """Hold what one term comes to for a household: how many times its amount, and for how many of them an age was unknown."""

    term: Term
    times: int
    unknown: int = 0


def read_terms(text: str) -> list[Term]:
    """Return the terms that a text is, separated by ';'.

    Raises
    ------
    OptionRefused
        One of them cannot be read; says which, and how it is written.

    Examples
    --------
    >>> [(one.amount, one.unit, one.first_age, one.last_age) for one in read_terms("15 kg per person of 5 or more; 3 kg per person under 5")]
    [('15', 'kg', 5, 999), ('3', 'kg', 0, 4)]
    """
    parts = [" ".join(one.split()) for one in text.split(";") if one.strip()]
    if not parts or len(parts) > MOST_TERMS:
        raise OptionRefused(f"write 1 to {MOST_TERMS} terms, separated by ';', such as 15 kg per person")
    return [_read_term(one) for one in parts]


def _read_term(text: str) -> Term:
    found = _TERM.fullmatch(text)
    word = (found["word"] or "") if found else ""
    if found is None or (word and word not in WORDS):
        raise OptionRefused(
            f"'{shown(text)}' is no term; write: 15 kg per person, 3 kg per person under 5, 2 tin per person of 6 to 17, 1 kit per "
            f"household of 6 or more, 2 tin per person pregnant (or {', '.join(WORDS[1:])})"
        )
    if found["from"] and int(found["from"]) > int(found["to"]):
        raise OptionRefused(f"'{shown(text)}': the first age is above the last one")
    if found["under"] == "0":
        raise OptionRefused(f"'{shown(text)}': nobody is under 0")
    first = int(found["from"] or found["over"] or 0)
    last = int(found["under"]) - 1 if found["under"] else int(found["to"]) if found["to"] else 999
    return Term(
        text,
        found["amount"].strip(),
        found["unit"],
        bool(found["household"]),
        first,
        last,
        int(found["least"] or 0),
        word,
    )


def read_selectors(text: str) -> list[Term]:
    """Return whom a text picks out of a household, as the end of a term does: "under 5; pregnant; of 60 or more". Raises OptionRefused."""
    return read_terms("; ".join(f"1 x per person {one.strip()}" for one in text.split(";") if one.strip()))


def picked(selectors: Sequence[Term], persons: Sequence[Mapping[str, str]], on: date) -> list[Mapping[str, str]]:
    """Return the persons whom one selector or more picks."""
    return [one for one in persons if any(_fits(term, one, on) for term in selectors)]


def needed_fields(terms: Sequence[Term]) -> frozenset[str]:
    """Return the fields of persons that have to be read to work the terms out."""
    return frozenset().union(*(term.needs for term in terms)) if terms else frozenset()


def shares_of(terms: Sequence[Term], persons: Sequence[Mapping[str, str]], on: date) -> list[Share]:
    """Return what each term comes to for the present persons of a household on a day; those that come to nothing are left out."""
    shares = []
    for term in terms:
        if term.of_household:
            shares.append(Share(term, int(bool(persons) and len(persons) >= term.least)))
            continue
        fitting = [one for one in persons if _fits(term, one, on)]
        unknown = sum(age_of(one, on) is None for one in fitting) if term.needs & {"birth_year"} else 0
        shares.append(Share(term, len(fitting), unknown))
    return [one for one in shares if one.times]


def age_of(person: Mapping[str, str], on: date) -> int | None:
    """Return the full years of a person on a day, by the year alone where the day is not known; None where neither is."""
    if person.get("birth_date"):
        born = date.fromisoformat(person["birth_date"])
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return on.year - int(person["birth_year"]) if person.get("birth_year") else None


def _fits(term: Term, person: Mapping[str, str], on: date) -> bool:
    age = age_of(person, on)
    if not term.first_age <= (GROWN_UP if age is None else age) <= term.last_age:
        return False
    return not term.word or term.word == person.get("sex") or term.word in person.get("condition", "").split(";")
