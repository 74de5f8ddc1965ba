"""One field that searches everything: parties, resources, groups, programmes, needs, offers, rounds, consignments.

By name, key, ref or code; of needs, by why they are needed too. Each kind is asked once and limited as its own list is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When

from evenhand.access.viewers import Viewer
from evenhand.lookups.needs import seen_needs
from evenhand.lookups.paging import expect_most
from evenhand.lookups.rounds import seen_rounds
from evenhand.lookups.searching import coded, holds, words_of
from evenhand.records.models import Group, Offer, Party, Programme, Resource
from evenhand.stockbook.models import Consignment


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one thing that was found.

    Attributes
    ----------
    kind
        party, resource, group, programme, need, offer, round or consignment.
    name
        Its name or title; of a need or offer, whose and of what.
    where
        In what the words were found: "key", "name", "code" or "text".
    """

    kind: str
    key: str
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """Say how one kind of thing is searched: which rows, in which columns, and what a row is called."""

    kind: str
    rows: Callable[[Viewer], QuerySet[Any]]
    columns: tuple[str, ...]
    name: Callable[[Any], str]
    code: str = ""
    text: str = ""


KINDS = (
    _Kind("party", lambda viewer: Party.objects.all(), ("key", "name"), lambda row: row.name, code="party"),
    _Kind("resource", lambda viewer: Resource.objects.all(), ("key", "name", "name_fr"), lambda row: row.name, "resource"),
    _Kind("group", lambda viewer: Group.objects.all(), ("key", "name"), lambda row: row.name),
    _Kind("programme", lambda viewer: Programme.objects.all(), ("ref", "title"), lambda row: row.title),
    _Kind("round", seen_rounds, ("ref", "title"), lambda row: row.title),
    _Kind(
        "need", lambda viewer: seen_needs(viewer).select_related("party", "resource"), ("ref", "why"),
        lambda row: f"{row.party.name}: {row.resource.name}", text="why",
    ),
    _Kind(
        "offer", lambda viewer: Offer.objects.select_related("donor", "resource"), ("ref",),
        lambda row: f"{row.donor.name}: {row.resource.name}",
    ),
    _Kind(
        "consignment", lambda viewer: Consignment.objects.select_related("origin", "destination"), ("ref",),
        lambda row: f"{row.origin.name} – {row.destination.name}",
    ),
)  # fmt: skip
"""One question each, in the order in which people look for them."""

RANK = {"key": 0, "code": 1, "name": 2, "text": 4}


def search_everything(
    viewer: Viewer,
    text: Annotated[str, "what to look for: words of a name, a key, a ref or a code"],
    *,
    most: Annotated[int, "how many to list"] = 20,
) -> list[Found]:
    """Return what a viewer may see that holds every word: what is called just so first, then names, then texts.

    Raises
    ------
    OptionRefused
        The text is too long, or the number is below zero.
    """
    words = words_of(text)
    if not words or not expect_most(most):
        return []
    found = [(_rank(one, words), place, one) for place, one in enumerate(_found(viewer, words, most))]
    return [one for _, _, one in sorted(found, key=lambda each: each[:2])[:most]]


def _found(viewer: Viewer, words: tuple[str, ...], most: int) -> Iterator[Found]:
    for kind in KINDS:
        condition = Q()
        for word in words:
            condition &= holds(word, *kind.columns) | (coded(kind.code, word) if kind.code else Q())
        rows = kind.rows(viewer).filter(condition)
        for row in rows.order_by(*_nearest(kind, words))[:most]:
            yield Found(kind.kind, row.pk, kind.name(row), _where(kind, row, words))


def _nearest(kind: _Kind, words: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the order in which what is called just so comes first."""
    first = Q()
    for column in kind.columns:
        if column != kind.text:
            first |= Q(**{f"{column}__iexact": " ".join(words)})
    return (Case(When(first, then=Value(0)), default=Value(1), output_field=IntegerField()), "pk")


def _where(kind: _Kind, row: Model, words: tuple[str, ...]) -> str:
    """Return in what the first word was found."""
    word = words[0].casefold()
    if word in str(row.pk).casefold():
        return "key"
    for column in kind.columns:
        if word in str(getattr(row, column)).casefold():
            return "text" if column == kind.text else "name"
    return "code"


def _rank(one: Found, words: tuple[str, ...]) -> int:
    """Return how far behind something comes: called just so, beginning so, holding it."""
    whole, name = " ".join(words).casefold(), one.name.casefold()
    if whole in (one.key.casefold(), name):
        return -2
    if one.where == "name" and name.startswith(whole):
        return -1 if one.kind in ("party", "resource", "group") else 1
    return RANK[one.where]
