"""Which party of the records a name in a text means; never one of two that fit. Whatever is left open is said in a sentence.

Used when a document is read, when a statement is typed, and where a text is only tried. Names of parties are public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from evenhand.errors import shown
from evenhand.records.models import Code, Party, Translation
from evenhand.statements.gazetteer import load_entries
from evenhand.statements.resolving import KnownParty, resolve

NAMED = ("state", "organisation", "company")
"""The kinds of parties that an official text speaks of by name."""

MOST_COMPARED = 5000
MOST_TOLD = 4


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
        """Return the party of just this key, name, code or other spelling; else the one whose name is clearly nearest, and says so."""
        exact = _exact([name]) or _exact(_other_spellings(name), states=False)
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
    """Return the parties that a text may name, with their codes and their names in other languages as other names.

    Those that are no clinic or team: an official text speaks of no others by name.
    """
    rows = Party.objects.filter(kind__in=NAMED, retired_on__isnull=True).order_by("pk")[:MOST_COMPARED]
    codes = Code.objects.filter(of="party").values_list("key", "code")
    called = Translation.objects.filter(of="party", field="name").values_list("key", "text")
    others: dict[str, list[str]] = {}
    for key, name in codes.union(called, all=True).order_by("key", "code"):
        others.setdefault(key, []).append(name)
    return tuple(KnownParty(one.key, one.name, tuple(others.get(one.key, ()))) for one in rows)


def _exact(names: Sequence[str], *, states: bool = True) -> list[Party]:
    """Return the parties of just one of these keys, else those of just one of these names, in whatever language, or codes.

    Parameters
    ----------
    states
        Whether it may be a state: an organisation's acronym is none, though NAM is the key of Namibia.
    """
    if not names:
        return []
    standing = Party.objects.filter(retired_on__isnull=True)
    standing = standing if states else standing.exclude(kind="state")
    by_key = list(standing.filter(pk__in=names).order_by("pk")[:MOST_TOLD])
    if by_key:
        return by_key
    called, coded, translated = Q(), Q(), Q()
    for name in names:
        called |= Q(name__iexact=name)
        coded |= Q(code__iexact=name)
        translated |= Q(text__iexact=name)
    by_code = Code.objects.filter(coded, of="party").values("key")
    abroad = Translation.objects.filter(translated, of="party", field="name").values("key")
    return list(standing.filter(called | Q(pk__in=by_code) | Q(pk__in=abroad)).order_by("pk")[:MOST_TOLD])


def _other_spellings(name: str) -> list[str]:
    """Return what else an organisation is called: its acronym, its full name; nothing for a name that no table knows.

    Examples
    --------
    >>> "UNICEF" in _other_spellings("United Nations Children's Fund"), _other_spellings("Somebody's Fund")
    (True, [])
    """
    entries = load_entries()
    meant = entries.get(name)
    if meant is None or meant.kind != "organisation":
        return []
    return sorted(spelling for spelling, one in entries.items() if (one.kind, one.key) == (meant.kind, meant.key))


def _only(name: str, fit: list[tuple[str, str]]) -> tuple[Party | None, str]:
    """Return the one that fits; of several none, and which they are."""
    if len(fit) == 1:
        return Party.objects.get(pk=fit[0][0]), ""
    named = ", ".join(f"{called} ({key})" for key, called in fit[:3])
    return None, f"'{shown(name)}' fits several parties, {named}; none was chosen."
