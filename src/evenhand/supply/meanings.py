"""What tables, columns and choices mean, in each language that there is: English as declared, French from its file.

Called by templates, by imports (which understand French choices) and by reference pages. Translates and nothing else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from evenhand.errors import NameUnknown
from evenhand.supply.columns import Column, Table

LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Meaning:
    """Hold what a column means in one language: its unit and its default, "" and None where there is none."""

    meaning: str
    unit: str = ""
    default: str | None = None


@cache
def read_french() -> Mapping[str, Any]:
    """Return the French words, by table and by choice."""
    return tomllib.loads(files("evenhand.supply").joinpath("meanings_fr.toml").read_text("utf-8"))


def meaning_of(column: Column, table: Table, language: str) -> Meaning:
    """Return what a column of a register means.

    Raises
    ------
    NameUnknown
        There is no such language.

    Examples
    --------
    >>> from evenhand.supply.registers import PLACES
    >>> meaning_of(PLACES.column("level"), PLACES, "fr").default
    '0'
    """
    if language == "en":
        return Meaning(column.meaning, column.unit, column.default)
    if language != "fr":
        raise NameUnknown("language", language, LANGUAGES)
    said = read_french()[table.name]["columns"][column.name]
    return Meaning(said["meaning"], said.get("unit", ""), said.get("default"))


def row_of(table: Table, language: str) -> str:
    """Return what a row of a register is.

    Raises
    ------
    NameUnknown
        There is no such language.
    """
    if language not in LANGUAGES:
        raise NameUnknown("language", language, LANGUAGES)
    return table.row if language == "en" else str(read_french()[table.name]["row"])


def choice_of(word: str, language: str) -> str:
    """Return a choice as it reads in a language.

    Raises
    ------
    NameUnknown
        There is no such language.
    """
    if language not in LANGUAGES:
        raise NameUnknown("language", language, LANGUAGES)
    return word if language == "en" else str(read_french()["choices"][word])
