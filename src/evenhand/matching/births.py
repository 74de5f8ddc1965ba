"""Days of birth as they are written: whole, year and month, year alone; impossible ones are reported and left out.

Called by `preparing`. The answer is text, `19900302`, with zeros for what is not known (`19900000`), because a register
holds the year alone by default and a comparison must say which part agreed.
"""

from __future__ import annotations

import polars as pl

EARLIEST, LATEST = 1880, 2100
"""Years of birth outside these are typing errors."""

DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def read_births(frame: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Return the births of a table as `YYYYMMDD` with zeros for what is not known, and which rows hold an impossible one.

    Parameters
    ----------
    frame
        Any of birth_date, birth_year, birth_month, birth_day, as text. A date comes before its parts.

    Examples
    --------
    >>> table = pl.DataFrame({"birth_date": ["1990-03-02", "2/3/1990", "1990", "1990-02-31", None]})
    >>> births, impossible = read_births(table)
    >>> births.to_list(), impossible.to_list()
    (['19900302', '19900302', '19900000', None, None], [False, False, False, True, False])
    """
    nothing = pl.lit(None, dtype=pl.String)

    def text(name: str) -> pl.Expr:
        if name not in frame.columns:
            return nothing
        column = frame[name].cast(pl.String).str.strip_chars()
        if column.str.contains(r"[^\x00-\x7f]").any():
            column = column.map_elements(lambda cell: cell.translate(DIGITS), return_dtype=pl.String)
        return pl.lit(column).replace("", None)

    date = text("birth_date")
    first = date.str.extract_groups(r"^(\d{4})[-./ ]?(\d{1,2})?(?:[-./ ]?(\d{1,2}))?(?:[T ].*)?$")
    last = date.str.extract_groups(r"^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})$")

    def part(place: int, mirrored: int, name: str) -> pl.Expr:
        number = pl.coalesce(
            first.struct.field(str(place)), last.struct.field(str(mirrored)), text(name).str.extract(r"^(\d+)(?:\.0)?$")
        )
        return number.cast(pl.Int32, strict=False)

    parts = frame.select(
        said=pl.coalesce(date, text("birth_year")),
        year=part(1, 3, "birth_year"),
        month=part(2, 2, "birth_month").fill_null(0),
        day=part(3, 1, "birth_day").fill_null(0),
    )
    longest = pl.col("month").replace_strict(dict(enumerate(DAYS, start=1)), default=0, return_dtype=pl.Int32)
    leap = (pl.col("year") % 4 == 0) & ((pl.col("year") % 100 != 0) | (pl.col("year") % 400 == 0))
    longest = longest - ((pl.col("month") == 2) & ~leap).cast(pl.Int32)
    sound = pl.col("year").is_between(EARLIEST, LATEST) & pl.col("month").is_between(0, 12) & pl.col("day").ge(0)
    sound = (
        sound & ((pl.col("month") == 0) | (pl.col("day") <= longest)) & ((pl.col("month") > 0) | (pl.col("day") == 0))
    )
    joined = (pl.col("year") * 10000 + pl.col("month") * 100 + pl.col("day")).cast(pl.String)
    answer = parts.select(
        birth=pl.when(sound).then(joined), impossible=pl.col("said").is_not_null() & ~sound.fill_null(False)
    )
    return answer["birth"], answer["impossible"]
