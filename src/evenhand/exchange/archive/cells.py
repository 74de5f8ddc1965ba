"""Text in the cells of exported tables: safe in any spreadsheet, and the same text again when read.

Called by `tables`. A cell that begins with = + - @ is a formula to a spreadsheet that opens a CSV file, wherever the
text came from; so does one that begins with a tab or a carriage return, which are dropped first. An apostrophe in front
makes it text. Reading takes exactly one apostrophe away, and writing therefore adds one to texts that would lose theirs.
An empty text, as against no text, is a lone apostrophe.
"""

from __future__ import annotations

import polars as pl

RISKY = r"^'*(?:[=+\-@\t\r＝＋－＠]|$)"
GUARDED = r"^'+(?:[=+\-@\t\r＝＋－＠]|$)"
"""What `guard` adds an apostrophe to, and what has had one added: one is the other with one apostrophe more."""


def guard(text: pl.Expr) -> pl.Expr:
    """Return text with an apostrophe before what a spreadsheet would compute.

    Examples
    --------
    >>> frame = pl.DataFrame({"name": ["=1+1", "'=1+1", "Chad", "", None]})
    >>> frame.select(guard(pl.col("name"))).to_series().to_list()
    ["'=1+1", "''=1+1", 'Chad', "'", None]
    """
    return pl.when(text.str.contains(RISKY)).then(pl.lit("'") + text).otherwise(text)


def unguard(text: pl.Expr) -> pl.Expr:
    """Return the text that `guard` was given.

    Examples
    --------
    >>> frame = pl.DataFrame({"name": ["'=1+1", "''=1+1", "Chad", "'", None]})
    >>> frame.select(unguard(pl.col("name"))).to_series().to_list()
    ['=1+1', "'=1+1", 'Chad', '', None]
    """
    return pl.when(text.str.contains(GUARDED)).then(text.str.slice(1)).otherwise(text)
