"""What the public lists have in common: keys that must not look alike, names on one line, rows that are there already.

Used by the checks of parties and places; the rules and sentences are those of `actions.typed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from evenhand.actions.bulk.problems import Problems
from evenhand.actions.typed import REF

AT_ONCE = 50_000
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
            notes.append(
                f"{problems.name}, column {name}: unseen characters were left out of {count:,} (the first in row {row})"
            )
    long = text.str.len_chars() > most
    problems.add_all(
        long, name, lambda i: f"the {name} has {len(text[i]):,} characters; at most {most:,} are kept, so shorten it"
    )
    return text


def refuse_lookalikes(
    kind: str, keys: pl.Series, known: pl.Series, others: Mapping[str, str], problems: Problems
) -> None:
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
    # Hashes are eight bytes where keys are twenty; what shares one is then compared letter by letter.
    small = _small_hashes(keys)
    before = {key.lower(): key for key in _sharing(known, small)} | dict(others)
    if before:
        taken = pl.Series(list(before), dtype=pl.String).hash().implode()
        for index in small.is_in(taken).fill_null(value=False).arg_true().to_list():
            other = before.get(keys[index].lower(), keys[index])
            if other != keys[index]:
                problems.add(
                    index,
                    "key",
                    f"the key '{keys[index]}' cannot be told from '{other}', which there is already; choose another",
                )
    first: dict[str, str] = {}
    for index in (small.is_duplicated() & keys.is_not_null()).arg_true().to_list():
        other = first.setdefault(keys[index].lower(), keys[index])
        if other != keys[index]:
            problems.add(
                index, "key", f"the key '{keys[index]}' cannot be told from '{other}' in a row above; choose another"
            )


def _small_hashes(keys: pl.Series) -> pl.Series:
    """Return the hash of each key in small letters, null for none."""
    parts = [keys.slice(start, AT_ONCE).str.to_lowercase().hash() for start in range(0, max(len(keys), 1), AT_ONCE)]
    return pl.concat(parts).set(keys.is_null(), None)


def _sharing(known: pl.Series, small: pl.Series) -> list[str]:
    """Return the known keys that share their hash with one of those given."""
    hashes = _small_hashes(known)
    shared = small.filter(small.is_in(hashes.implode()).fill_null(value=False))
    return known.filter(hashes.is_in(shared.implode()).fill_null(value=False)).to_list()


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
