"""One field that searches everything: the records, what is shared out and sent, and what was said.

By name, key, ref or code; of needs, by why they are needed too; of what was said, by its words and those who said them. Each
kind is limited as its own list is; those that are called by a column of their own are asked together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce

from evenhand.access.viewers import Viewer
from evenhand.lookups.documents import seen_documents, seen_meetings, seen_statements
from evenhand.lookups.needs import seen_needs
from evenhand.lookups.officials import seen_officials
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
        party, resource, group, programme, need, offer, round, consignment, statement, meeting, official or document.
    name
        Its name or title; of a need or offer, whose and of what; of a statement, who said it and the words.
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


@dataclass(frozen=True, slots=True)
class _Titled:
    """Say how one kind of thing is searched whose name is a column.

    Attributes
    ----------
    within
        A relation, and the columns of what it leads to, one of which may hold a word too.
    by, source
        Of words: the column of who said them, and of who published them.
    """

    kind: str
    rows: Callable[[Viewer], QuerySet[Any]]
    title: str
    columns: tuple[str, ...]
    within: tuple[str, tuple[str, ...]] = ("", ())
    by: str = ""
    source: str = ""


KINDS = (
    _Kind("party", lambda viewer: Party.objects.all(), ("key", "name"), lambda row: row.name, code="party"),
    _Kind("resource", lambda viewer: Resource.objects.all(), ("key", "name", "name_fr"), lambda row: row.name, "resource"),
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

TOGETHER: tuple[_Titled, ...] = (
    _Titled("group", lambda viewer: Group.objects.all(), "name", ("key", "name")),
    _Titled("programme", lambda viewer: Programme.objects.all(), "title", ("ref", "title")),
    _Titled("round", seen_rounds, "title", ("ref", "title")),
    _Titled(
        "official", seen_officials, "name", ("ref", "name", "spellings"),
    ),
    _Titled(
        "meeting", lambda viewer: seen_meetings(viewer).filter(state__in=("proposed", "confirmed")), "title",
        ("ref", "title", "place"), within=("participants", ("name", "office", "party_name")),
    ),
    _Titled(
        "statement", lambda viewer: seen_statements(viewer).filter(state__in=("proposed", "accepted")), "words",
        ("ref", "words", "translation", "speaker", "office", "party_name", "giver_name", "resource_words", "place"),
        by="speaker", source="evidence__reading__publisher",
    ),
    _Titled("document", seen_documents, "evidence__title", ("evidence__ref", "evidence__title", "publisher")),
)  # fmt: skip
"""What one question asks for, in the order in which people look for it."""

SPEAKERS = {"narrator": "", "both": "Both sides"}
"""Who is no person: the publisher speaks for itself where nobody is named."""

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
        for row in rows.order_by(*_nearest(kind.columns, kind.text, words))[:most]:
            yield Found(kind.kind, row.pk, kind.name(row), _where(kind, row, words))
    yield from _found_together(viewer, words, most)


def _found_together(viewer: Viewer, words: tuple[str, ...], most: int) -> Iterator[Found]:
    """Return what is found of the kinds that are called by a column, all asked at once."""
    asked = [_titled(viewer, kind, words, most) for kind in TOGETHER]
    word = words[0].casefold()
    places = {kind.kind: place for place, kind in enumerate(TOGETHER)}
    for kind, key, title, by, source in sorted(
        asked[0].union(*asked[1:], all=True), key=lambda row: (places[row[0]], row[1])
    ):
        where = "key" if word in key.casefold() else "name" if word in title.casefold() else "text"
        yield Found(kind, key, f"{SPEAKERS.get(by, by) or source or key}: “{title}”" if by else title, where)


def _titled(viewer: Viewer, kind: _Titled, words: tuple[str, ...], most: int) -> QuerySet[Any]:
    """Return the rows of one kind as what it is, its key, its title, who said it and who published it."""
    condition = Q()
    relation, columns = kind.within
    for word in words:
        here = holds(word, *kind.columns)
        if relation:
            there = kind.rows(viewer).model._meta.get_field(relation).related_model._default_manager
            here |= Q(pk__in=there.filter(holds(word, *columns)).values(kind.kind))
        condition &= here
    nearest = kind.rows(viewer).filter(condition).order_by(*_nearest((kind.columns[0], kind.title), "", words))[:most]
    rows: Any = nearest.model._default_manager.filter(pk__in=nearest.values("pk"))
    nothing = Value("", output_field=TextField())
    found: QuerySet[Any] = rows.annotate(
        found=Value(kind.kind, output_field=TextField()), called=Cast(kind.title, TextField()),
        said_by=F(kind.by) if kind.by else nothing,
        told_by=Coalesce(F(kind.source), nothing, output_field=TextField()) if kind.source else nothing,
    ).values_list("found", "pk", "called", "said_by", "told_by")  # fmt: skip
    return found


def _nearest(columns: tuple[str, ...], text: str, words: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the order in which what is called just so comes first."""
    first = Q()
    for column in columns:
        if column != text:
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
