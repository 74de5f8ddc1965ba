"""Tables out: the canonical CSV of an input table, so that the same table always gives the same bytes.

Called by `evenhand.plan` for `inputs/` of a plan folder and by whoever wants to hand a sound table on. Changes nothing
about the rows: sorting is done on reading.
"""

from __future__ import annotations

import polars as pl

from evenhand.supply.columns import Table


def write_csv_bytes(frame: pl.DataFrame, table: Table) -> bytes:
    r"""Return a sound table as canonical CSV: UTF-8, "\n", quoted only where needed, amounts without trailing zeros.

    Parameters
    ----------
    frame
        A table of `supply.tables.Tables`, in its order of rows.
    table
        Its declaration; known columns come first, in declared order, then the unknown ones as they stand.

    Returns
    -------
    bytes
        Heading and rows; a missing value is an empty cell; dates are ISO.

    Examples
    --------
    >>> import polars as pl
    >>> from evenhand.supply.columns import GROUPS
    >>> write_csv_bytes(pl.DataFrame({"recipient": ["TCD"], "group": ["AMC92"]}), GROUPS)
    b'recipient,group\nTCD,AMC92\n'
    """
    ordered = frame.select(order_columns(frame.columns, table))
    amounts = [name for name, dtype in ordered.schema.items() if dtype.is_decimal()]
    plain = pl.col(amounts).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    data = ordered.with_columns(plain) if amounts else ordered
    return data.write_csv(quote_style="necessary", line_terminator="\n").encode("utf-8")


def order_columns(names: list[str], table: Table) -> list[str]:
    """Return known columns in declared order (numbered ones by number), then the unknown ones as they stand."""
    declared = [column.name for column in table.columns]

    def place(name: str) -> tuple[int, int]:
        column = table.column(name)
        if column is None:
            return len(declared), 0
        return declared.index(column.name), int(name[len(column.name) :]) if column.numbered else 0

    return sorted(names, key=place)
