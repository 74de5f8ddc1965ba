"""The tables of words that the reader works with, read once from CSV and turned into look-ups.

Called by every module here that knows words. Holds no rule: what a word means for a sentence is decided where it is used.
The lists were written for this reader from the way ministries, agencies of the United Nations and national news agencies
write; names of states come from ISO 3166 (pycountry) and the CLDR (Babel), see `gazetteer`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Tense = Literal["past", "present", "participle", "gerund", "base"]


@dataclass(frozen=True, slots=True)
class Form:
    """Name one form of a verb: the row it belongs to, and its tense.

    Attributes
    ----------
    verb
        The base form, the key of the row.
    tenses
        What the form can be; "provided" is past and participle.
    """

    verb: str
    tenses: frozenset[Tense]


def word_list(words: str) -> list[str]:
    """Return the words of a list that is written as one line of text.

    Examples
    --------
    >>> word_list("who which whom")
    ['who', 'which', 'whom']
    """
    return words.split()


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the tables of this folder.

    Examples
    --------
    >>> read_table("seats")[0]
    {'organisation': 'Food and Agriculture Organization', 'towns': 'Rome'}
    """
    text = resources.files("evenhand.statements").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def inflect(verb: str, past: str = "", participle: str = "") -> Iterator[tuple[str, Tense]]:
    """Yield the forms of an English verb, with the regular spelling where none is given.

    Parameters
    ----------
    verb
        The base form; of several words, the first one is inflected ("point out").

    Examples
    --------
    >>> [form for form, _ in inflect("supply", "supplied", "supplied")]
    ['supply', 'supplies', 'supplying', 'supplied', 'supplied']
    >>> [form for form, _ in inflect("stress")]
    ['stress', 'stresses', 'stressing', 'stressed', 'stressed']
    """
    head, space, tail = verb.partition(" ")
    tail = space + tail
    stem = head[:-1] if head.endswith("e") and not head.endswith(("ee", "ye")) else head
    if not past:
        past = (
            f"{head[:-1]}ied"
            if head.endswith("y") and head[-2] not in "aeiou"
            else f"{head}d"
            if head.endswith("e")
            else f"{head}ed"
        ) + tail
    if head.endswith(("s", "x", "sh", "ch", "o")):
        third = f"{head}es"
    elif head.endswith("y") and head[-2] not in "aeiou":
        third = f"{head[:-1]}ies"
    else:
        third = f"{head}s"
    past_head = past.partition(" ")[0]
    doubled = past_head.endswith("ed") and past_head[:-2] != stem and past_head[:-3] == head
    gerund = f"{past_head[:-2]}ing" if doubled else f"{stem}ing"
    if head in _DOUBLING:
        gerund = f"{head}{head[-1]}ing"
    yield verb, "base"
    yield third + tail, "present"
    yield gerund + tail, "gerund"
    yield past, "past"
    yield participle or past, "participle"


_DOUBLING = frozenset({"let", "set", "get", "dig", "hit"})


@cache
def verb_forms(table: str) -> dict[str, Form]:
    """Return every form of every verb of a table, by its spelling in lower case."""
    found: dict[str, tuple[str, set[Tense]]] = {}
    for row in read_table(table):
        for form, tense in inflect(row["verb"], row["past"], row["participle"]):
            found.setdefault(form, (row["verb"], set()))[1].add(tense)
    return {form: Form(verb, frozenset(tenses)) for form, (verb, tenses) in found.items()}


@cache
def rows_by(table: str, key: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table by one of its columns; of two rows with the same key, the first."""
    found: dict[str, dict[str, str]] = {}
    for row in read_table(table):
        found.setdefault(row[key], row)
    return found


@cache
def words_after() -> dict[str, frozenset[str]]:
    """Return the words of which one must follow a verb for it to be one of saying."""
    return {verb: frozenset(row["after"].split(";")) for verb, row in rows_by("saying", "verb").items() if row["after"]}


@cache
def portfolio_words() -> frozenset[str]:
    """Return the words that ministries and titles are made of: Foreign, Affairs, Deputy, Regional."""
    return frozenset(word for row in read_table("portfolios") for word in row["words"].split())
