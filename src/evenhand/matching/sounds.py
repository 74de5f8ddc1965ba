"""A key by which spellings of one name meet, whatever script they were written in: محمد, Mohammed, Muhammad, Мухаммед.

Semitic scripts leave short vowels out and Latin spellings disagree about them, so the key keeps consonants, merges those
that transliterations exchange (d and t, q and k, kh and h), and keeps only whether a name begins with a vowel. It is
coarse on purpose: it finds candidates and says "sounds alike"; it never decides. Called by `preparing`.
"""

from __future__ import annotations

import polars as pl

SPELLINGS = (
    ("tsch|tch|sch|sh|ch", "s"),
    ("dzh|dj|zh", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("th|dh|d", "t"),
    ("ck|q", "k"),
    ("c([eiy])", "s$1"),
    ("c", "k"),
    ("x", "ks"),
    ("v", "f"),
    ("ts|z", "s"),
)
"""In this order: letters that stand for one sound, or for sounds that transliterations exchange."""
DOUBLED = tuple((f"{letter}{letter}+", letter) for letter in "bfghjklmnprst")
LONGEST = 12


def sounds(column: pl.Series) -> pl.Series:
    """Return the key of each name of `letters.names`; None for none.

    Examples
    --------
    >>> sounds(pl.Series(["mhmd", "mohammed", "muhammad", "mukhammed", "ywsf", "yousef", "ali", "aly", None])).to_list()
    ['mhmt', 'mhmt', 'mhmt', 'mhmt', 'asf', 'asf', 'al', 'al', None]
    """
    distinct = column.drop_nulls().unique()
    return column.replace_strict(distinct, _keys(distinct), default=None, return_dtype=pl.String)


def _keys(distinct: pl.Series) -> pl.Series:
    frame = distinct.rename("name").to_frame()
    key = pl.col("name")
    for spelling, sound in SPELLINGS:
        key = key.str.replace_all(spelling, sound)
    for doubled, letter in DOUBLED:
        key = key.str.replace_all(doubled, letter)
    key = (
        key.str.replace_all(r"h\b", "")
        .str.replace("^[aeiouyw]+", "A")
        .str.replace_all("[aeiouyw ]", "")
        .str.to_lowercase()
        .str.slice(0, LONGEST)
    )
    return frame.select(pl.when(key == "").then(pl.col("name")).otherwise(key))["name"]
