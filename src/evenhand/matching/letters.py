"""Names in any script, as plain Latin letters: case, accents, marks and particles no longer tell two spellings apart.

Called by `preparing` for whole columns. Transliteration is anyascii's (ISC licence); what it does not know of Arabic
script is said here first: long vowels are kept, the article stands apart, the closing ة and ى are vowels.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import polars as pl
from anyascii import anyascii

ARABIC = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ا", "ة": "ا", "ۀ": "ه", "ە": "ه", "ک": "ك", "ی": "ي", "ے": "ي",
        "ئ": "ي", "ؤ": "و", "ء": None, "ـ": None, "ع": "ا", "\u200c": None, "\u200d": None, "\u200e": None, "\u200f": None,
    }
)  # fmt: skip
"""Forms of one letter become that letter; the tatweel and marks of direction are no letters."""
LONG_VOWELS = str.maketrans({"ا": "a", "و": "w", "ي": "y"})
ARTICLE = re.compile(r"(?<!\w)ال(?=\w{2,})")
PARTICLES = ("al", "el", "ul", "as", "ar", "ibn", "bin", "bint", "binti", "ould", "mac", "van", "von", "der", "den", "de", "del", "della", "dos", "da", "di", "du")  # fmt: skip
"""Small words that one clerk writes and another leaves out; one that is the whole name stays."""


def by_distinct(column: pl.Series, change: Callable[[str], str | None]) -> pl.Series:
    """Return a column with every distinct value changed once: registers repeat names thousands of times."""
    distinct = column.drop_nulls().unique()
    changed = pl.Series([change(value) for value in distinct], dtype=pl.String)
    return column.replace_strict(distinct, changed, default=None, return_dtype=pl.String)


def to_latin(text: str) -> str:
    """Return text in small Latin letters, whatever script it was written in.

    Examples
    --------
    >>> to_latin("Мухаммед"), to_latin("عبد الرحمن"), to_latin("Łukasz"), to_latin("张")
    ('mukhammed', 'abd al rhmn', 'lukasz', 'zhang')
    """
    whole = unicodedata.normalize("NFKC", text).translate(ARABIC)
    bare = "".join(letter for letter in unicodedata.normalize("NFD", whole) if not unicodedata.combining(letter))
    return anyascii(ARTICLE.sub("al ", bare).translate(LONG_VOWELS)).lower()


def latin(column: pl.Series) -> pl.Series:
    """Return a column of text in small Latin letters and digits with single blanks; None where nothing is left."""
    plain = column.str.strip_chars().str.to_lowercase()
    foreign = plain.str.contains(r"[^\x00-\x7f]").fill_null(False)
    if foreign.any():
        plain = plain.zip_with(
            ~foreign, by_distinct(column.zip_with(foreign, pl.Series([None], dtype=pl.String)), to_latin)
        )
    words = plain.str.replace_all("['`’]", "").str.replace_all("[^a-z0-9]+", " ").str.strip_chars()
    return words.replace("", None)


def names(column: pl.Series) -> pl.Series:
    """Return a column of names in Latin letters, without particles and with the servant names apart.

    Examples
    --------
    >>> names(pl.Series(["Abdur-Rahman", "عبد الرحمن", "O'Brien ", "Al", "-", "van der Berg"])).to_list()
    ['abd rahman', 'abd rhmn', 'obrien', 'al', None, 'berg']
    """
    whole = latin(column)
    servant = whole.str.replace_all(r"\babd(?:[aeou]u?[lr])\b", "abd").str.replace_all(
        r"\babd[aeou]u?[lr]([a-z]{3,})", "abd $1"
    )
    bare = servant.str.replace_all(rf"\b(?:{'|'.join(PARTICLES)})\b", " ").str.replace_all(" +", " ").str.strip_chars()
    return bare.zip_with(bare != "", servant)
