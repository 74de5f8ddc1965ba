"""What the register can hold of a person and of a household, declared once as data: nothing else can be asked or kept.

A registration names those that it needs, each with its reason. There is no field for ethnicity, religion or biometrics, and
none for a copy of a document. Read by the actions, the lookups, the forms, the spreadsheets and the reference page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Of = Literal["person", "household"]
Kind = Literal["name", "line", "text", "year", "date", "phone", "word", "words", "language", "outside"]


@dataclass(frozen=True, slots=True)
class Field:
    """Declare one field.

    Attributes
    ----------
    of
        What it is a field of.
    kind
        How it is read: a word is one of `words`, words are some of them; outside is somebody else's reference.
    found
        It can be searched for exactly, by a blind index.
    health
        It tells about health: read only by roles that a registration names for it.
    """

    name: str
    of: Of
    kind: Kind
    meaning: str
    words: tuple[str, ...] = ()
    found: bool = False
    health: bool = False
    most: int = 120


RELATIONS: Final = (
    "head", "spouse", "child", "parent", "sibling", "grandchild", "grandparent", "other-relative", "foster-child", "not-related",
)  # fmt: skip
"""Who somebody is to the head of the household."""

SEXES: Final = ("female", "male", "other")
CONDITIONS: Final = (
    "pregnant", "nursing", "disabled", "chronically-ill", "injured", "malnourished", "unaccompanied-child", "older-alone",
    "single-caregiver", "survivor-of-violence",
)  # fmt: skip
"""What makes somebody need more, as far as services ask for it."""

FIELDS: Final = (
    Field("given_name", "person", "name", "the name or names somebody is called by", found=True),
    Field("family_name", "person", "name", "the name of the family, or of father and grandfather", found=True),
    Field("other_name", "person", "name", "the name in another script, as papers have it", found=True),
    Field("birth_year", "person", "year", "the year of birth, or the likely one"),
    Field("birth_date", "person", "date", "the day of birth, where the year alone will not do"),
    Field("sex", "person", "word", "as the person says it", SEXES),
    Field("relation", "person", "word", "who the person is to the head of the household", RELATIONS),
    Field("language", "person", "language", "the language somebody is spoken to in"),
    Field("phone", "person", "phone", "a number to reach the person", found=True),
    Field("outside", "person", "outside", "the reference of another register or of a paper: never a copy of it", found=True),
    Field("condition", "person", "words", "what makes the person need more", CONDITIONS, health=True),
    Field("health_note", "person", "text", "what a health service must know", health=True, most=2000),
    Field("address", "household", "line", "where the household stays: block, tent, street", most=200),
    Field("origin", "household", "line", "the district that it came from", most=200),
    Field("contact_phone", "household", "phone", "a number to reach the household", found=True),
    Field("note", "household", "text", "what a registrar must know; nothing about belief or descent", most=2000),
)  # fmt: skip

BY_NAME: Final[Mapping[str, Field]] = MappingProxyType({one.name: one for one in FIELDS})

ALWAYS: Final = ("given_name", "relation")
"""Without these nobody could be told from anybody else in a household."""
