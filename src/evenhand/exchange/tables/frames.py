"""Dataframes of any make, lists of dicts and dicts of lists, as sheets.

Called by `open_source` for what is neither a path nor a Polars dataframe. A column that its own library cannot hand
over whole (numbers and words mixed) is taken value by value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw
import polars as pl

from evenhand.exchange.tables.keys import text_of
from evenhand.exchange.tables.sheet import Findings, Sheet
from evenhand.supply.columns import Table

CANNOT_HAND_OVER = (TypeError, ValueError, OverflowError, NotImplementedError, ImportError, pl.exceptions.PolarsError)
"""What pandas, PyArrow and Polars raise for a column of mixed values, or where PyArrow would be needed and is absent."""

WHAT_IS_READ = "give a path, a dataframe, a list of dicts or a dict of lists"


def open_frame(source: Any, table: Table, findings: Findings) -> Sheet | None:
    """Return a dataframe, list of dicts or dict of lists as a sheet, or None where it is none of them."""
    if isinstance(source, Mapping):
        return _from_columns(source, table, findings)
    if isinstance(source, list | tuple):
        return _from_rows(source, table, findings)
    source = _with_named_index(source, table)
    labels = _labels_of_rows_in_memory(source)
    if labels is not None and len(set(labels)) < len(labels):
        # No library hands over two columns of one name; numbered ones pass, and `headings` sees the names.
        source = _renamed(source, [f"column_{place}" for place in range(len(labels))])
    try:
        frame = nw.from_native(source)
    except TypeError:
        findings.add(table.name, 0, "", f"{_kind(source)} is no table; {WHAT_IS_READ}")
        return None
    if isinstance(frame, nw.LazyFrame):
        try:
            frame = frame.collect(backend="polars")
        except (OSError, *CANNOT_HAND_OVER) as error:
            reason = str(error).strip().partition("\n")[0]
            findings.add(table.name, 0, "", f"the lazy dataframe cannot be computed: {reason}")
            return None
    columns = tuple(_from_series(frame.get_column(name)) for name in frame.columns)
    headings = [str(label) for label in frame.columns] if labels is None else labels
    return Sheet(table, tuple(_printable(heading) for heading in headings), columns)


def _labels_of_rows_in_memory(source: Any) -> list[str] | None:
    """Return the column names of pandas and PyArrow tables, which may hold one twice, else None."""
    module = type(source).__module__.partition(".")[0]
    if module == "pandas" and hasattr(source, "columns"):
        return [str(label) for label in source.columns]
    if module == "pyarrow" and hasattr(source, "column_names"):
        return [str(label) for label in source.column_names]
    return None


def _with_named_index(source: Any, table: Table) -> Any:
    """Return a pandas dataframe with a declared column that serves as its index as a column again."""
    names = [str(name) for name in getattr(getattr(source, "index", None), "names", None) or () if name is not None]
    if any(table.column(name) for name in names) and not set(names) & {str(label) for label in source.columns}:
        return source.reset_index()
    return source


def _renamed(source: Any, names: list[str]) -> Any:
    if hasattr(source, "rename_columns"):
        return source.rename_columns(names)
    renamed = source.copy(deep=False)
    renamed.columns = names
    return renamed


def _from_series(series: nw.Series[Any]) -> pl.Series:
    try:
        column = series.to_polars()
    except CANNOT_HAND_OVER:
        column = _from_values(series.to_list())
    if column.dtype.is_float() and nw.dependencies.is_pandas_series(series.to_native()):
        # In pandas NaN is how a missing number is written; elsewhere it is a number gone wrong.
        column = column.fill_nan(None)
    return column


def _from_columns(source: Mapping[Any, Any], table: Table, findings: Findings) -> Sheet | None:
    columns: list[pl.Series] = []
    for label, values in source.items():
        if isinstance(values, str | bytes) or not isinstance(values, Iterable):
            findings.add(table.name, 0, str(label), f"{_kind(values)} is no column; give a list")
            return None
        columns.append(values if isinstance(values, pl.Series) else _from_values(list(values)))
    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        shown = ", ".join(f"{label} {len(column)}" for label, column in zip(source, columns, strict=True))
        findings.add(table.name, 0, "", f"the columns have different lengths ({shown}); make them equal")
        return None
    return Sheet(table, tuple(_printable(str(label)) for label in source), tuple(columns))


def _from_rows(source: list[Any] | tuple[Any, ...], table: Table, findings: Findings) -> Sheet | None:
    labels: dict[Any, None] = {}
    for place, row in enumerate(source):
        if not isinstance(row, Mapping):
            findings.add(table.name, place + 2, "", f"{_kind(row)} is no row; give dicts")
            return None
        labels.update(dict.fromkeys(row))
    columns = tuple(_from_values([row.get(label) for row in source]) for label in labels)
    return Sheet(table, tuple(_printable(str(label)) for label in labels), columns)


def _from_values(values: list[Any]) -> pl.Series:
    try:
        column = pl.Series(values, strict=True)
    except CANNOT_HAND_OVER:
        return pl.Series([text_of(value) for value in values], dtype=pl.String)
    if column.dtype == pl.Object:
        return pl.Series([text_of(value) for value in values], dtype=pl.String)
    return column


def _kind(value: object) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"


def _printable(heading: str) -> str:
    return heading.encode("utf-8", "backslashreplace").decode("utf-8")
