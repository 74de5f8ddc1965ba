"""From a table of persons as it came to the columns that are compared; whatever cannot be read is reported, never dropped.

Called by `match` and `entry`. Every row of the table stays a row here, in the order of the record ids, so the order in
which rows came never matters. A value that says nothing (an impossible date, a name of dashes) becomes unknown, with a
sentence about it; only a table whose rows cannot be told apart is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from evenhand.errors import InputRefused, Problem, shown, suggest
from evenhand.matching.births import read_births
from evenhand.matching.columns import COMPARED, NAMES
from evenhand.matching.letters import latin, names
from evenhand.matching.sounds import sounds

SHORTEST_PHONE, LONGEST_PHONE = 5, 9
"""Digits that a number needs to say anything, and how many of its last ones are compared: prefixes are written or not."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Hold the columns that are compared, a row for each record, sorted by record id.

    Attributes
    ----------
    frame
        row (a whole number from 0), record, and of given, family, father, mother (each with its `_sound`), sex, birth,
        place, address, postcode, region, phone, email, email_user, document, household those that say anything.
    problems
        What could not be read: row (as a person counts in the file), column, value, sentence.
    """

    frame: pl.DataFrame
    problems: pl.DataFrame


def prepare(persons: Any, *, rows: pl.Series | None = None, any_columns: bool = False) -> Prepared:
    """Return the columns that are compared, from a table with the columns of `columns.PERSONS`.

    Parameters
    ----------
    persons
        A dataframe of any make that Narwhals reads. Other columns are not used.
    rows
        The number of each row in the file that it was read from, for sentences; 2, 3, ... by default.
    any_columns
        Take a table that says nothing of anybody too: a new record of which nothing is known yet.

    Raises
    ------
    InputRefused
        There is no column `record`, a record id is missing, or one stands twice; nothing that could be compared.

    Examples
    --------
    >>> prepare(pl.DataFrame({"record": ["b", "a"], "given_name": ["Мухаммед", "-"]})).frame.select("record", "given")
    shape: (2, 2)
    ...
    >>> prepare(pl.DataFrame({"record": ["a", "a"], "given_name": ["x", "y"]}))
    Traceback (most recent call last):
    evenhand.errors.InputRefused: 1 problem in the tables; nothing was done.
    persons, row 3, column record: 'a' stands in row 2 already; give every record an id of its own
    """
    frame = nw.from_native(persons, eager_only=True).to_polars()
    numbers = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True) if rows is None else rows.cast(pl.Int64)
    _refuse_unknown(frame, numbers, any_columns=any_columns)
    frame = frame.select(
        pl.col(name).cast(pl.String, strict=False).str.strip_chars() for name in NAMES if name in frame.columns
    ).with_columns(numbers.alias("row"))
    frame = frame.sort("record")
    births, impossible = read_births(frame)
    frame = _in_parts(frame)
    columns = {
        "row": pl.int_range(frame.height, dtype=pl.Int64, eager=True),
        "record": frame["record"],
        **dict(_compared(frame)),
        "birth": births,
    }
    said = [name for name, column in columns.items() if name in ("row", "record") or column.null_count() < len(column)]
    prepared = pl.DataFrame({name: columns[name] for name in said})
    return Prepared(prepared, pl.concat(_problems(frame, columns, impossible)).sort("row", "column"))


def _refuse_unknown(frame: pl.DataFrame, numbers: pl.Series, *, any_columns: bool) -> None:
    if "record" not in frame.columns:
        like = suggest("record", frame.columns)
        raise InputRefused(
            [Problem("persons", 0, "record", f"there is no column 'record'; every row needs an id of its own{like}")]
        )
    if not any_columns and not any(name in frame.columns for name in COMPARED):
        raise InputRefused(
            [Problem("persons", 0, "", f"no column says anything of a person; name some of them {', '.join(COMPARED)}")]
        )
    records = frame["record"].cast(pl.String, strict=False).str.strip_chars()
    numbered = pl.DataFrame({"record": records, "at": numbers})
    first = numbered.with_columns(first=pl.col("at").min().over("record"))
    empty = first.filter(pl.col("record").is_null() | (pl.col("record") == ""))
    twice = first.filter((pl.col("at") != pl.col("first")) & pl.col("record").is_not_null() & (pl.col("record") != ""))
    if empty.height + twice.height:
        problems = [
            Problem("persons", at, "record", "the id of the record is missing; give every record an id of its own")
            for at in empty["at"].head(20)
        ] + [
            Problem("persons", at, "record", f"'{shown(record)}' stands in row {before} already; give every record an id of its own")
            for at, record, before in twice.select("at", "record", "first").head(20).iter_rows()
        ]  # fmt: skip
        raise InputRefused(problems, total=empty.height + twice.height)


def _in_parts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the table with `full_name` taken apart where the parts are not given."""
    if "full_name" not in frame.columns:
        return frame
    whole = pl.col("full_name").str.strip_chars()
    comma = whole.str.contains(r"[,،]")
    family = pl.when(comma).then(whole.str.extract(r"^([^,،]*)[,،]")).otherwise(whole.str.extract(r"\s(\S+)$"))
    given = pl.when(comma).then(whole.str.extract(r"[,،](.*)$")).otherwise(whole.str.replace(r"\s+\S+$", ""))
    parts = {"given_name": given, "family_name": family}
    known = {name: pl.col(name).replace("", None) for name in parts if name in frame.columns}
    return frame.with_columns(
        pl.coalesce(known.get(name, pl.lit(None, dtype=pl.String)), part).alias(name) for name, part in parts.items()
    )


def _compared(frame: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    def cells(name: str) -> pl.Series | None:
        return frame[name].replace("", None) if name in frame.columns else None

    for name, column in (("given", "given_name"), ("family", "family_name"), ("father", "father_name"), ("mother", "mother_name")):  # fmt: skip
        if (found := cells(column)) is not None:
            yield name, names(found)
            yield f"{name}_sound", sounds(names(found))
    for name in ("place", "address", "region"):
        if (found := cells(name)) is not None:
            yield name, latin(found)
    if (found := cells("sex")) is not None:
        yield "sex", latin(found).str.slice(0, 1)
    for name in ("postcode", "document", "household"):
        if (found := cells(name)) is not None:
            yield name, latin(found).str.replace_all(" ", "")
    if (found := cells("phone")) is not None:
        digits = latin(found).str.replace_all(r"\D", "").str.strip_chars_start("0")
        yield "phone", digits.str.tail(LONGEST_PHONE).set(digits.str.len_chars() < SHORTEST_PHONE, None)
    if (found := cells("email")) is not None:
        small = found.str.to_lowercase()
        user = small.str.extract(r"^\s*([^@\s]+)").str.replace_all(r"[^\pL\d]", "")
        yield "email", small.str.replace_all(r"\s", "")
        yield "email_user", user.replace("", None)


def _problems(frame: pl.DataFrame, columns: dict[str, pl.Series], impossible: pl.Series) -> Iterator[pl.DataFrame]:
    said = [name for name in ("birth_date", "birth_year", "birth_month", "birth_day") if name in frame.columns]

    def told(rows: pl.Series, column: str, value: pl.Expr, sentence: str) -> pl.DataFrame:
        return frame.filter(rows).select(
            pl.col("row"), pl.col("record"), pl.lit(column).alias("column"), value.alias("value"),
            pl.lit(sentence).alias("sentence"),
        )  # fmt: skip

    yield told(
        impossible,
        said[0] if said else "birth_date",
        pl.concat_str([pl.col(name) for name in said] or [pl.lit("")], separator=" ", ignore_nulls=True),
        "is no possible day of birth; the record is compared without it. Write 1990-03-02, 1990-03 or 1990",
    )
    for name, column in (("given", "given_name"), ("family", "family_name")):
        if name not in columns:
            continue
        unread = columns[name].is_null()
        written = frame[column].replace("", None).is_not_null()
        yield told(
            unread & written, column, pl.col(column), "holds no letter of any script; the record is compared without it"
        )
    has_name = [columns[name].is_not_null() for name in ("given", "family") if name in columns]
    if has_name:
        nameless = ~has_name[0] if len(has_name) == 1 else ~(has_name[0] | has_name[1])
        yield told(nameless, "given_name", pl.lit(""), "no name is given; only what else is known can be compared")
