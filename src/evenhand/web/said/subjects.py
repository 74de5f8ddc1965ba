"""What lists of statements and meetings are filtered by, in words: topics to choose from, and the names of what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from evenhand.statements.topics import TABLES, name_of_topic
from evenhand.statements.wordlists import read_table
from evenhand.web.languages.vocabulary import word
from evenhand.web.said.telling import name_of

SCHEMES: Final = {"dac": "OECD DAC", "sdg": "SDG"}
"""Scheme → what people call it."""

SECTOR: Final = 3
"""Digits of a sector; purposes below it have five, and are not listed one by one."""


def topic_name(key: str) -> str:
    """Return the name of a topic, as its scheme words it; its code where nobody knows it.

    Examples
    --------
    >>> topic_name("sdg:3"), topic_name("no such topic")
    ('SDG 3: Good health and well-being', 'no such topic')
    """
    scheme, _, code = key.partition(":")
    name = name_of_topic(scheme, code)
    return f"{SCHEMES[scheme]} {code}: {name}" if name else key


@cache
def topics_to_choose() -> tuple[tuple[str, str], ...]:
    """Return the topics that a sentence can be tagged with, as (scheme:code, name): goals, then sectors."""
    keys = [
        (scheme, row["code"])
        for scheme, table in sorted(TABLES, reverse=True)
        for row in read_table(table)
        if row["code"] and (scheme == "sdg" or len(row["code"]) == SECTOR)
    ]
    return tuple((f"{scheme}:{code}", topic_name(f"{scheme}:{code}")) for scheme, code in dict.fromkeys(keys))


def chosen_words(chosen: Mapping[str, Any]) -> dict[str, str]:
    """Return the filters that are on, as name → words, without the search."""
    found = {}
    for name, value in chosen.items():
        if name in ("party", "giver", "receiver"):
            found[name] = name_of("party", value)
        elif name == "kind":
            found[name] = word("kind of claim", value)
        elif name == "firmness":
            found[name] = word("how firm the words are", value)
        elif name == "act":
            found[name] = word("act of speech", value)
        elif name == "topic":
            found[name] = topic_name(value)
        elif name in ("resource", "programme"):
            found[name] = name_of(name, value)
        elif name != "search":
            found[name] = str(value)
    return found
