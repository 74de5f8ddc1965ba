"""What the public lists have in common: keys that must not look alike, names on one line, rows that are there already.

Used by the checks of parties and places; the rules and sentences are those of `actions.typed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from evenhand.actions.bulk.problems import Problems
from evenhand.actions.typed import REF

UNSEEN = r"[[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]--[\x{200c}\x{200d}]]"
LIKE_A_REF = f"(?i)^(?:{REF.pattern})$"


def one_line(text: pl.Series, most: int, problems: Problems, notes: list[str]) -> pl.Series:
    """Return text without needless spaces and without what nobody can see, which is said; what is too long is reported."""
    name = text.name
    if text.str.contains(r"\s\s|[^\S ]").any():
        text = text.str.replace_all(r"\s+", " ").str.strip_chars()
    if text.str.contains(r"[^\x20-\x7e]").any():
        unseen = text.str.contains(UNSEEN).fill_null(value=False)
        if count := int(unseen.sum()):
            row = problems.rows[int(unseen.arg_true()[0])]
            text = text.str.replace_all(UNSEEN, "").str.strip_chars()
            notes.append(f"{problems.name}, column {name}: unseen characters were left out of {count:,} (the first in row {row})")
    long = text.str.len_chars() > most
    problems.add_all(
        long, name, lambda i: f"the {name} has {len(text[i]):,} characters; at most {most:,} are kept, so shorten it"
    )
    return text


def refuse_lookalikes(kind: str, keys: pl.Series, known: pl.Series, others: Mapping[str, str], problems: Problems) -> None:
    """Report new keys that look like a ref, or that differ from another in small and capital letters alone.

    Parameters
    ----------
    others
        Small-letter key → what else it names, such as "the group NAM".
    """
    problems.add_all(
        keys.str.contains(LIKE_A_REF), "key",
        lambda i: f"the key '{keys[i]}' looks like the ref of a record; choose another for the {kind}",
    )  # fmt: skip
    small = keys.str.to_lowercase()
    if others:
        taken = small.is_in(list(others)).fill_null(value=False)
        problems.add_all(taken, "key", lambda i: _alike(keys[i], others[small[i]]))
    known_small = known.str.to_lowercase()
    hit = small.is_in(known_small.implode()).fill_null(value=False)
    before = known.filter(known_small.is_in(small.filter(hit).implode())) if hit.any() else known.head(0)
    by_small = dict(zip(before.str.to_lowercase().to_list(), before.to_list(), strict=True))
    if by_small:
        other = small.replace_strict(by_small, default=None, return_dtype=pl.String)
        problems.add_all(other.is_not_null() & (other != keys), "key", lambda i: _alike(keys[i], other[i]))
    # Hashes are eight bytes where keys are twenty; what shares a hash is then compared.
    shared = small.hash().is_duplicated() & small.is_not_null()
    first: dict[str, str] = {}
    for index in shared.arg_true().to_list():
        if first.setdefault(small[index], keys[index]) != keys[index]:
            other_key = first[small[index]]
            problems.add(index, "key", f"the key '{keys[index]}' cannot be told from '{other_key}' in a row above; choose another")


def _alike(key: str, other: str) -> str:
    return f"the key '{key}' cannot be told from '{other}', which there is already; choose another"


def compare(
    kind: str, rows: pl.DataFrame, there: pl.DataFrame, problems: Problems, *, but: frozenset[str] = frozenset()
) -> pl.Series:
    """Return which rows are there already; one that says something else than what is there is reported.

    Parameters
    ----------
    rows
        As they would be written, with `key`; the columns that the file has, and no others.
    there
        The records that there are, under the same columns.
    """
    columns = [name for name in rows.columns if name in there.columns and name != "key" and name not in but]
    hit = rows["key"].filter(rows["key"].is_in(there["key"].implode()).fill_null(value=False))
    found = there.filter(there["key"].is_in(hit.implode())).with_columns(there=pl.lit(value=True))
    if not found.height:
        return pl.Series("there", [False]).new_from_index(0, rows.height)
    beside = rows.select("key").join(found, on="key", how="left", maintain_order="left")
    already = beside["there"].fill_null(value=False)
    for name in columns:
        new, old = rows[name], beside[name]
        if old.dtype == pl.String:
            # An empty text and none are the same to a person.
            new, old = new.fill_null(""), old.fill_null("")
        differs = already & ~new.eq_missing(old)
        said = name.removesuffix("_id")
        problems.add_all(
            differs, said,
            partial(_say_differs, kind, said, rows["key"], old, new),
        )  # fmt: skip
    return already


def _say_differs(kind: str, column: str, keys: pl.Series, old: pl.Series, new: pl.Series, index: int) -> str:
    return (
        f"there is a {kind} {keys[index]} already, with {column} '{_shown(old[index])}', not '{_shown(new[index])}'. "
        "Choose another key, or give the same"
    )


def _shown(value: object) -> str:
    return "" if value is None else str(value)
