"""What a reader chooses by: a party with all below it, a group's members of a day, a resource with its family.

Used by every `list_...`. An empty choice chooses everything; one that names nothing is refused, because an empty answer
would look like the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

from django.db.models import CharField, F, Model, Q, Value
from django.db.models.functions import Concat
from django.db.models.lookups import In

from evenhand.errors import NameUnknown, OptionRefused, suggest
from evenhand.lookups.reach import NONE, below, today
from evenhand.lookups.version import names_known
from evenhand.records.models import Code, Group, Party, Place, Programme, Resource
from evenhand.records.tree import members_of

PartyChoice = Annotated[str, "only of this party and everything below it"]
GroupChoice = Annotated[str, "only of members of this group, on the day, and everything below them"]
ResourceChoice = Annotated[str, "only of this resource, with its family"]
ProgrammeChoice = Annotated[str, "only of this programme, PG-..."]
DayChoice = Annotated[date | None, "as on this day; today where not said"]

NEAREST_AMONG = 5000
"""So many names are compared for "did you mean"; among more, a suggestion would take longer than a person waits."""

PUBLIC_LISTS: dict[str, type[Model]] = {
    "party": Party, "group": Group, "place": Place, "resource": Resource, "programme": Programme,
}  # fmt: skip
"""The kinds of names that everybody may read in full, so that a refusal may suggest one."""


def refuse_unknown(kind: str, name: str) -> NameUnknown:
    """Return the refusal of a name: with the nearest where its kind is a public list, else with none.

    A ref of what the viewer may not see is refused by the same sentence as one that does not exist.
    """
    model = PUBLIC_LISTS.get(kind)
    keys = () if model is None else model._default_manager.order_by("pk").values_list("pk", flat=True)
    return NameUnknown(kind, name, list(keys[:NEAREST_AMONG]))


def expect(kind: str, name: str) -> None:
    """Refuse a name of a public list that does not exist. Raises NameUnknown."""
    known = names_known()
    if (kind, name) in known:
        return
    if not PUBLIC_LISTS[kind]._default_manager.filter(pk=name).exists():
        raise refuse_unknown(kind, name)
    known.add((kind, name))


def of_party(party: str, *fields: str) -> Q:
    """Return the condition that one of the fields names a party or one below it. Raises NameUnknown."""
    if not party:
        return Q()
    expect("party", party)
    condition = Q()
    for field in fields:
        condition |= Q(**{f"{field}__in": below([party])})
    return condition


def of_group(group: str, day: date | None, *fields: str) -> Q:
    """Return the condition that a field names a member of a group on a day, or one below it. Raises NameUnknown.

    A group is a large part of most lists. The text put behind the field keeps the database from gathering all of its rows
    by an index and sorting them, where a page is had by walking along the list and stopping.
    """
    if not group:
        return Q()
    expect("group", group)
    members = members_of(frozenset([group]), day or today())
    if not members:
        return NONE
    condition = Q()
    for field in fields:
        condition |= Q(In(Concat(F(field), Value(""), output_field=CharField()), below(members)))
    return condition


def of_resource(resource: str, field: str = "resource") -> Q:
    """Return the condition that a field names a resource or one of its family. Raises NameUnknown."""
    if not resource:
        return Q()
    expect("resource", resource)
    return Q(**{field: resource}) | Q(**{f"{field}__family": resource})


def of_programme(programme: str) -> Q:
    """Return the condition that a row belongs to a programme. Raises NameUnknown."""
    if not programme:
        return Q()
    expect("programme", programme)
    return Q(programme=programme)


def one_of(what: str, given: str, allowed: Iterable[str]) -> None:
    """Refuse a word that is none of those allowed; "" stands for any. Raises OptionRefused."""
    words = sorted(allowed)
    if given and given not in words:
        meant = suggest(given, words)
        raise OptionRefused(f"no {what} '{given}'{meant}{' It' if meant else '; it'} is one of {', '.join(words)}")


def split(text: str) -> tuple[str, ...]:
    """Return the parts of a text that separates them by ';'.

    Examples
    --------
    >>> split("NAM; EU;")
    ('NAM', 'EU')
    """
    return tuple(part.strip() for part in text.split(";") if part.strip())


def codes_by_key(of: str, keys: Sequence[str] | None) -> dict[str, tuple[str, ...]]:
    """Return `scheme:code` for each key of a kind that has any; of all keys where none are named."""
    rows = Code.objects.filter(of=of).order_by("key", "scheme", "code")
    if keys is not None:
        rows = rows.filter(key__in=list(keys))
    found: dict[str, list[str]] = {}
    for key, scheme, code in rows.values_list("key", "scheme", "code"):
        found.setdefault(key, []).append(f"{scheme}:{code}")
    return {key: tuple(codes) for key, codes in found.items()}
