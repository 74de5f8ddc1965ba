"""Which official or resource of the records a name in a text means; never one of two that fit. Parties: `lookups.called`.

Used when a document is read and when a statement is typed. Whatever is left open is said in a sentence, which stands in the
statement's health.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from evenhand.records.models import Party, Resource
from evenhand.said.models import Official, Participant, Statement
from evenhand.statements.topics import BODIES

NOBODY = ("narrator", "both", "")
PARTICLES = frozenset(
    [
        "al",
        "el",
        "ul",
        "ad",
        "bin",
        "bint",
        "ibn",
        "de",
        "da",
        "di",
        "do",
        "dos",
        "del",
        "der",
        "den",
        "la",
        "le",
        "van",
        "von",
        "y",
        "e",
    ]
)


def find_resource(words: str, unit: str) -> Resource | None:
    """Return the one resource that a unit of money or the words name, None where none or several do."""
    if len(unit) == 3 and unit.isupper():
        return Resource.objects.filter(pk=unit, kind="money").first()
    named = Q()
    for one in {words.strip(), words.strip().removesuffix("s"), unit.strip()} - {""}:
        named |= Q(key__iexact=one) & ~Q(kind="money") | Q(name__iexact=one)  # a cup is no Cuban peso
    fit = list(Resource.objects.filter(named)[:2]) if named else []
    return fit[0] if len(fit) == 1 else None


@dataclass(slots=True)
class Officials:
    """Find or make the people in office whom a document names."""

    ref: Callable[[], str]
    at: datetime
    met: dict[str, Official] = field(default_factory=dict)

    def find(self, name: str, party: Party | None = None) -> Official:
        """Return the one official of just this name, who spoke for this party before or for none; else a new one.

        A name that is merely alike is never taken for the same: that a person decides.
        """
        spelled = " ".join(name.split())[:300]
        if spelled.casefold() not in self.met:
            fit = list(_called(spelled, party)[:2])
            self.met[spelled.casefold()] = fit[0] if len(fit) == 1 else self._new(spelled)
        return self.met[spelled.casefold()]

    def _new(self, name: str) -> Official:
        official = Official(ref=self.ref(), name=name, spellings=[name], made_at=self.at)
        official.save(force_insert=True)
        return official


def _called(name: str, party: Party | None) -> list[Official]:
    said = Participant.objects.filter(official=OuterRef("pk"), party__isnull=False)
    spoke = Statement.objects.filter(official=OuterRef("pk"), party__isnull=False)
    spelled = Q(name__iexact=name) | Q(spellings__icontains=json.dumps(name))
    rows = Official.objects.filter(spelled | Q(spellings__icontains=f'"{name}"'), merged_into__isnull=True)
    if party is not None:
        elsewhere = Q(Exists(said)) | Q(Exists(spoke))
        here = Q(Exists(said.filter(party=party))) | Q(Exists(spoke.filter(party=party)))
        rows = rows.filter(here | ~elsewhere)
    return list(rows.order_by("pk")[:2])


def is_person(name: str) -> bool:
    """Say whether the name of a speaker is, by its form, a person's and not a body's or an office's.

    Examples
    --------
    >>> is_person("Hans Henri Kluge"), is_person("Ministry of Science and Education"), is_person("narrator")
    (True, False, False)
    """
    words = name.replace("-", " ").split()
    plain = [word for word in words if word.casefold() not in PARTICLES]
    return (
        name not in NOBODY
        and len(plain) > 1
        and all(word[:1].isupper() and word.casefold() not in BODIES for word in plain)
        and "Nations" not in plain
    )
