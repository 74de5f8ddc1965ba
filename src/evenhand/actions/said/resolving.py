"""Which party, official or resource of the records a name in a text means; never one of two that fit.

Used when a document is read and when a statement is typed. Whatever is left open is said in a sentence, which stands in the
statement's health.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from evenhand.actions.typed import shown
from evenhand.records.models import Code, Party, Resource
from evenhand.said.models import Official, Participant, Statement
from evenhand.statements.resolving import KnownParty, resolve
from evenhand.statements.topics import BODIES

NAMED = ("state", "organisation", "company")
"""The kinds of parties that an official text speaks of by name."""

MOST_COMPARED = 5000
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


@dataclass(slots=True)
class Parties:
    """Find parties by the names that texts give them, each name looked up once."""

    known: dict[str, tuple[Party | None, str]] = field(default_factory=dict)
    names: tuple[KnownParty, ...] | None = None

    def find(self, name: str | None) -> tuple[Party | None, str]:
        """Return the party that a name means, or None; and what is to be said of it: why none, or how it was found."""
        asked = " ".join((name or "").split())
        if not asked:
            return None, ""
        if asked not in self.known:
            self.known[asked] = self._look(asked)
        return self.known[asked]

    def _look(self, name: str) -> tuple[Party | None, str]:
        """Return the party of just this key, name or code; else the one whose name is clearly nearest, and says so."""
        exact = _exact(name)
        if exact:
            return _only(name, [(one.key, one.name) for one in exact])
        if self.names is None:
            self.names = known_parties()
        found = resolve(name, self.names)
        if found.party is None and found.candidates:
            known = dict(
                Party.objects.filter(pk__in=[key for key, _, _ in found.candidates]).values_list("key", "name")
            )
            return _only(name, [(key, known.get(key, key)) for key, _, _ in found.candidates])
        if found.party is None:
            return None, f"'{shown(name)}' is no party of the records."
        party = Party.objects.get(pk=found.party)
        return party, f"'{shown(name)}' was taken for {party.name} ({party.key}), the nearest name in the records."


def known_parties() -> tuple[KnownParty, ...]:
    """Return the parties that a text may name, with their codes as other names: those that are no clinic or team."""
    rows = Party.objects.filter(kind__in=NAMED, retired_on__isnull=True).order_by("pk")[:MOST_COMPARED]
    codes: dict[str, list[str]] = {}
    for key, code in Code.objects.filter(of="party").order_by("key", "code").values_list("key", "code"):
        codes.setdefault(key, []).append(code)
    return tuple(KnownParty(one.key, one.name, tuple(codes.get(one.key, ()))) for one in rows)


def _exact(name: str) -> list[Party]:
    """Return the parties of just this key, else those of just this name or code."""
    standing = Party.objects.filter(retired_on__isnull=True)
    by_key = standing.filter(pk=name).first()
    if by_key is not None:
        return [by_key]
    coded = Code.objects.filter(of="party", code__iexact=name).values("key")
    return list(standing.filter(Q(name__iexact=name) | Q(pk__in=coded)).order_by("pk")[:4])


def _only(name: str, fit: list[tuple[str, str]]) -> tuple[Party | None, str]:
    """Return the one that fits; of several none, and which they are."""
    if len(fit) == 1:
        return Party.objects.get(pk=fit[0][0]), ""
    named = ", ".join(f"{called} ({key})" for key, called in fit[:3])
    return None, f"'{shown(name)}' fits several parties, {named}; none was chosen."


def find_resource(words: str, unit: str) -> Resource | None:
    """Return the one resource that a unit of money or the words name, None where none or several do."""
    if len(unit) == 3 and unit.isupper():
        return Resource.objects.filter(pk=unit, kind="money").first()
    named = Q()
    for one in {words.strip(), words.strip().removesuffix("s"), unit.strip()} - {""}:
        named |= Q(key__iexact=one) | Q(name__iexact=one)
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
