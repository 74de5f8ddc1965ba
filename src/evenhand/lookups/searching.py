"""What somebody typed into a search field, as the condition of a query: every word stands somewhere.

Used by the lists that take `search`, and by `lookups.search`. A word is found in any case; of letters beyond ASCII the
database knows no case, so the usual spellings are tried. Must never search what a viewer may not see: it is a further
condition on rows that are limited already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from evenhand.errors import OptionRefused
from evenhand.records.models import Code, Party, Resource

LONGEST = 200
MOST_WORDS = 8


def words_of(text: str) -> tuple[str, ...]:
    """Return the words that somebody looks for, the first eight.

    Raises
    ------
    OptionRefused
        The text is too long to be a search.

    Examples
    --------
    >>> words_of("  measles  Chad ")
    ('measles', 'Chad')
    """
    if len(text) > LONGEST:
        raise OptionRefused(f"a search of {len(text):,} letters is too long; give at most {LONGEST}")
    plain = "".join(" " if letter == "\0" or "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return tuple(dict.fromkeys(plain.split()))[:MOST_WORDS]


def spellings(word: str) -> tuple[str, ...]:
    """Return the spellings of a word to look for: one where the database knows its letters' case, else the usual ones.

    Examples
    --------
    >>> spellings("Chad"), spellings("état")
    (('Chad',), ('état', 'ÉTAT', 'État'))
    """
    if word.isascii():
        return (word,)
    return tuple(dict.fromkeys((word, word.lower(), word.upper(), word.title())))


def holds(word: str, *columns: str) -> Q:
    """Return the condition that a word stands in one of the columns."""
    condition = Q()
    for column in columns:
        for spelling in spellings(word):
            condition |= Q(**{f"{column}__icontains": spelling})
    return condition


def search(text: str, columns: Sequence[str], *, parties: Iterable[str] = (), resources: Iterable[str] = ()) -> Q:
    """Return the condition that every word stands in a column, or in the name or key of a party or resource of the row.

    Parameters
    ----------
    parties, resources
        The columns that name one: asked by key, so that names are looked through once and not for every row.

    Raises
    ------
    OptionRefused
        The text is too long.
    """
    condition = Q()
    for word in words_of(text):
        found = holds(word, *columns)
        for names, rows in ((parties, parties_with), (resources, resources_with)):
            for column in names:
                found |= Q(**{f"{column}__in": rows(word)})
        condition &= found
    return condition


def parties_with(word: str) -> Any:
    """Return the keys of the parties in whose name or key a word stands, as a query."""
    return Party.objects.filter(holds(word, "key", "name")).values("pk")


def resources_with(word: str) -> Any:
    """Return the keys of the resources in whose names or key a word stands, as a query."""
    return Resource.objects.filter(holds(word, "key", "name", "name_fr")).values("pk")


def coded(of: str, word: str) -> Q:
    """Return the condition that a row has a code in which a word stands."""
    return Q(pk__in=Code.objects.filter(holds(word, "code"), of=of).values("key"))
